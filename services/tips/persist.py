"""What was decided for a batch, made durable. Every step may be repeated: a crash anywhere is followed by the same batch.

The keys come first and the conversation's state last, so that what the reporter reads is always true.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.gateway import MessageReceived, ReporterWithdrew, TipReceived
from contracts.message import Kind
from services.tips.case_key import CaseKey
from services.tips.decide import AddMessage, Close, Command, Erase, Identify, Open
from services.tips.identifiers import Identifiers
from services.tips.metrics import ENDED, RECEIVED, SEAL
from services.tips.state import TipMessage
from services.tips.store.cases import Cases, Closing, Opening
from services.tips.store.files import MediaRequest
from services.tips.store.media import Media
from services.tips.store.pieces import Pieces, SealedPiece
from services.tips.store.reporters import Link, Reporters

FETCHED = frozenset({Kind.IMAGE, Kind.GIF, Kind.AUDIO, Kind.VIDEO, Kind.FILE})

Cause = TipReceived | MessageReceived | ReporterWithdrew


@dataclass(frozen=True, slots=True)
class CausedCommand:
    """Something to be done because of a message."""

    command: Command
    cause: Cause


@dataclass(frozen=True, slots=True)
class CaseWriter:
    identifiers: Identifiers
    cases: Cases
    pieces: Pieces
    media: Media
    reporters: Reporters

    async def execute(self, commands: Sequence[CausedCommand]) -> None:
        """Raises TransientError (do it all again), DecryptionError or InvalidRecordError (one of the messages is at fault)."""
        await self._open([(caused.command, caused.cause) for caused in commands if isinstance(caused.command, Open)])
        await self._add_messages(
            [(caused.command, caused.cause) for caused in commands if isinstance(caused.command, AddMessage)]
        )
        for caused in commands:
            if isinstance(caused.command, Identify):
                details = caused.command.message.spoken.model_dump_json().encode()
                await self.reporters.add_details(
                    caused.command.case_id, caused.cause.oa_id, caused.command.message.piece_id, details
                )
        await self.close([_closing(caused.command) for caused in commands if isinstance(caused.command, Close | Erase)])

    async def forget(self, conversations: Sequence[str]) -> None:
        """Erase the link from people to their cases. The cases stay: sealed, for the unit."""
        await self.reporters.forget([self.identifiers.person(conversation) for conversation in conversations])

    async def _open(self, commands: Sequence[tuple[Open, Cause]]) -> None:
        if not commands:
            return
        receipt_index = self.identifiers.receipt
        await self.cases.open(
            [
                Opening(command.case_id, cause.oa_id, receipt_index(command.code), command.at)
                for command, cause in commands
            ]
        )
        person = self.identifiers.person
        await self.reporters.link(
            [
                Link(command.case_id, cause.oa_id, person(cause.conversation), cause.conversation, cause.address)
                for command, cause in commands
            ]
        )

    async def _add_messages(self, commands: Sequence[tuple[AddMessage, Cause]]) -> None:
        if not commands:
            return
        existing = await self.pieces.existing_ids([command.message.piece_id for command, _ in commands])
        fresh = [(command, cause) for command, cause in commands if command.message.piece_id not in existing]
        keys = await self.cases.keys({command.case_id for command, _ in fresh})
        sealed = [self._seal(command.message, keys[command.case_id]) for command, _ in fresh if command.case_id in keys]
        requests = [
            file for command, cause in fresh if command.case_id in keys for file in self._files(command, cause.oa_id)
        ]
        await self.media.enqueue(requests)
        await self.pieces.add(sealed)
        for piece in sealed:
            RECEIVED.labels(piece.kind).inc()

    def _seal(self, message: TipMessage, key: CaseKey) -> SealedPiece:
        with SEAL.time():
            body = key.seal(message.model_dump_json().encode(), f"piece {message.piece_id}")
        return SealedPiece(message.piece_id, key.case_id, key.number, message.kind, body)

    def _files(self, command: AddMessage, oa_id: str) -> list[MediaRequest]:
        """Returns links to Zalo's files. Any other link a reporter sent is text only."""
        message = command.message
        return [
            MediaRequest(
                self.identifiers.media(message.piece_id, index),
                command.case_id,
                oa_id,
                message.piece_id,
                part.kind,
                part.url,
            )
            for index, part in enumerate(message.spoken.attachments)
            if part.kind in FETCHED and part.url
        ]

    async def close(self, closings: Sequence[Closing]) -> None:
        if not closings:
            return
        counts = await self.pieces.count([closing.case_id for closing in closings])
        changed = set(await self.cases.close(closings, counts))
        for closing in closings:
            if closing.case_id in changed:
                ENDED.labels(closing.ending).inc()
        if cancelled := [closing.case_id for closing in closings if closing.ending == "cancelled"]:
            await self.pieces.erase(cancelled)
            await self.media.erase(cancelled)
            await self.reporters.erase(cancelled)


def _closing(command: Close | Erase) -> Closing:
    return Closing(command.case_id, "cancelled" if isinstance(command, Erase) else command.ending, command.at)
