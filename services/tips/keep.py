"""What was decided for a batch, made durable. Every step may be repeated: a crash anywhere is followed by the same batch.

The keys come first and the memory of the conversation last, so what the reporter was told is always true.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.gateway import MessageReceived
from contracts.message import Kind
from services.tips.casekey import CaseKey
from services.tips.decide import Close, Deed, Erase, Identify, Keep, Open
from services.tips.metrics import ENDED, RECEIVED, SEAL
from services.tips.names import Names
from services.tips.state import Piece
from services.tips.store import (
    Cases,
    Closing,
    Link,
    Media,
    Opening,
    Pieces,
    Reporters,
    SealedPiece,
    Wanted,
)

FETCHED = frozenset({Kind.IMAGE, Kind.GIF, Kind.AUDIO, Kind.VIDEO, Kind.FILE})


@dataclass(frozen=True, slots=True)
class Order:
    """Something to be done because of a message."""

    deed: Deed
    cause: MessageReceived


@dataclass(frozen=True, slots=True)
class Keeper:
    names: Names
    cases: Cases
    pieces: Pieces
    media: Media
    reporters: Reporters

    async def carry_out(self, orders: Sequence[Order]) -> None:
        """Raises Transient (do it all again), NotOurs or Poison (one of the messages is at fault)."""
        await self._open([(one.deed, one.cause) for one in orders if isinstance(one.deed, Open)])
        await self._keep([(one.deed, one.cause) for one in orders if isinstance(one.deed, Keep)])
        for one in orders:
            if isinstance(one.deed, Identify):
                about = one.deed.piece.spoken.model_dump_json().encode()
                await self.reporters.told(one.deed.case_id, one.cause.oa_id, one.deed.piece.piece_id, about)
        await self.close([_closing(one.deed) for one in orders if isinstance(one.deed, Close | Erase)])

    async def forget(self, conversations: Sequence[str]) -> None:
        """The link from people to their cases is gone. The cases stay: sealed, for the unit."""
        await self.reporters.forget([self.names.person(one) for one in conversations])

    async def _open(self, opens: Sequence[tuple[Open, MessageReceived]]) -> None:
        if not opens:
            return
        receipts = self.names.receipt
        await self.cases.open([Opening(one.case_id, why.oa_id, receipts(one.code), one.at) for one, why in opens])
        person = self.names.person
        await self.reporters.link(
            [Link(one.case_id, why.oa_id, person(why.conversation), why.address) for one, why in opens]
        )

    async def _keep(self, keeps: Sequence[tuple[Keep, MessageReceived]]) -> None:
        if not keeps:
            return
        known = await self.pieces.known([one.piece.piece_id for one, _ in keeps])
        fresh = [(one, why) for one, why in keeps if one.piece.piece_id not in known]
        latest = {one.case_id: max(k.piece.at for k, _ in fresh if k.case_id == one.case_id) for one, _ in fresh}
        keys = await self.cases.keys(latest)
        sealed = [self._seal(one.piece, keys[one.case_id]) for one, _ in fresh if one.case_id in keys]
        wanted = [file for one, why in fresh if one.case_id in keys for file in self._files(one, why.oa_id)]
        await self.media.want(wanted)
        await self.pieces.add(sealed)
        for piece in sealed:
            RECEIVED.labels(piece.kind).inc()

    def _seal(self, piece: Piece, key: CaseKey) -> SealedPiece:
        with SEAL.time():
            body = key.seal(piece.spoken.model_dump_json().encode(), f"piece {piece.piece_id}")
        return SealedPiece(piece.piece_id, key.case_id, key.number, piece.kind, piece.at, body)

    def _files(self, one: Keep, oa_id: str) -> list[Wanted]:
        """Links to files of Zalo's. Any other link a reporter sent stays what it is: words."""
        piece = one.piece
        return [
            Wanted(self.names.media(piece.piece_id, nth), one.case_id, oa_id, piece.piece_id, part.kind, part.url)
            for nth, part in enumerate(piece.spoken.attachments)
            if part.kind in FETCHED and part.url
        ]

    async def close(self, closings: Sequence[Closing]) -> None:
        if not closings:
            return
        counts = await self.pieces.count([one.case_id for one in closings])
        changed = set(await self.cases.close(closings, counts))
        for one in closings:
            if one.case_id in changed:
                ENDED.labels(one.ending).inc()
        if gone := [one.case_id for one in closings if one.ending == "cancelled"]:
            await self.pieces.erase(gone)
            await self.media.erase(gone)
            await self.reporters.erase(gone)


def _closing(deed: Close | Erase) -> Closing:
    return Closing(deed.case_id, "cancelled" if isinstance(deed, Erase) else deed.ending, deed.at)
