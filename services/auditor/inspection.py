"""Walking the chain: from the first entry to the last, with every signature, to the first thing that is not as it was. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nacl.signing import VerifyKey

from services.auditor.chain import GENESIS, Tip, digest
from services.auditor.signing import is_signed

Document = Mapping[str, Any]
UNSIGNED_FOR = timedelta(minutes=10)  # Longer than any two checkpoints lie apart while the auditor runs.


@dataclass(frozen=True, slots=True)
class Report:
    """`broken` names the first break, or is empty."""

    entries: int
    checkpoints: int
    unsigned: int  # Entries after the newest checkpoint.
    broken: str = ""


class BrokenChainError(Exception):
    """Its text names the first break."""


class Inspection:
    """One walk: `begin`, `step` with each entry in order, `finish`. Each raises BrokenChainError at the first break."""

    def __init__(self) -> None:
        self._tip, self._unsigned, self._oldest_unsigned = Tip(), 0, ""
        self._signed: dict[int, Document] = {}

    def begin(
        self, checkpoints: Sequence[Document], anchors: Sequence[Document], keys: Mapping[str, VerifyKey]
    ) -> None:
        """`anchors` are checkpoints as they were kept outside of the database."""
        self._signed = _signed(checkpoints, keys)
        for anchor in anchors:
            if self._signed.get(anchor["_id"]) != anchor:
                raise BrokenChainError(
                    f"checkpoint {anchor['_id']}, kept outside of the database, is missing there or another one"
                )

    def step(self, entry: Document) -> None:
        number, before = self._tip.seq + 1, self._tip
        if entry.get("_id") != number:
            raise BrokenChainError(f"entry {number} is missing or out of order: entry {entry.get('_id')} stands there")
        if entry.get("hash") != digest(entry):
            raise BrokenChainError(f"entry {number} was changed")
        if entry.get("previous") != before.hash:
            raise BrokenChainError(f"entry {number} does not continue entry {before.seq}: inserted, or replaced")
        self._tip = Tip(number, entry["hash"])
        self._compare(entry, self._signed.get(number))

    def _compare(self, entry: Document, checkpoint: Document | None) -> None:
        if checkpoint is None:
            self._unsigned += 1
            self._oldest_unsigned = self._oldest_unsigned or entry["event"]["occurred_at"]
        elif checkpoint["entry"] != self._tip.hash:
            raise BrokenChainError(f"entry {self._tip.seq} is not the one that its checkpoint signed")
        else:
            self._unsigned, self._oldest_unsigned = 0, ""

    def finish(self, now: datetime) -> None:
        newest = max(self._signed, default=0)
        if newest > self._tip.seq:
            raise BrokenChainError(f"entries {self._tip.seq + 1} to {newest} are missing: the signed end was cut off")
        if self._oldest_unsigned and now - datetime.fromisoformat(self._oldest_unsigned) > UNSIGNED_FOR:
            raise BrokenChainError(
                f"the checkpoint after entry {newest} is missing: what follows is too old to be unsigned"
            )

    def report(self, broken: str = "") -> Report:
        return Report(self._tip.seq, len(self._signed), self._unsigned, broken)


def _signed(checkpoints: Sequence[Document], keys: Mapping[str, VerifyKey]) -> dict[int, Document]:
    """Returns the checkpoints by entry. Raises BrokenChainError for one that is forged, changed or gone."""
    previous = GENESIS
    for document in checkpoints:
        number = document.get("_id")
        if not is_signed(document, keys):
            raise BrokenChainError(f"checkpoint {number} is not signed by a key of the auditor: changed or forged")
        if document["previous"] != previous:
            raise BrokenChainError(f"the checkpoint before checkpoint {number} is missing, or they are out of order")
        previous = digest(document)
    return {document["_id"]: document for document in checkpoints}
