"""Signed checkpoints, in the database and in a file outside of it: what an attacker of the database cannot take back."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from chassis.errors import MisconfiguredError
from chassis.mongo import Document
from services.auditor.chain import GENESIS, Tip, checkpoint, digest
from services.auditor.metrics import CHECKPOINT_ENTRY, CHECKPOINT_TIME, ENTRIES
from services.auditor.signing import Signer
from services.auditor.store import ChainStore


@dataclass(slots=True)
class Checkpoints:
    store: ChainStore
    signer: Signer
    file: Path
    now: Callable[[], datetime]

    async def prepare(self) -> None:
        """Brings the file up to the database. Raises MisconfiguredError when the chain is not what was signed last."""
        ENTRIES.set((await self.store.tip()).seq)
        cut_torn_line(self.file)
        kept = read_file(self.file)
        newest = kept[-1]["_id"] if kept else 0
        for document in await self.store.checkpoints_after(newest):
            self._keep(document)
            kept.append(document)
        if kept:
            entry = await self.store.entry(kept[-1]["_id"])
            if entry is None or entry["hash"] != kept[-1]["entry"]:
                why = f"the chain does not hold entry {kept[-1]['_id']} as it was signed: `loa audit verify` says where it broke"
                raise MisconfiguredError(f"{why}; nothing is added to a broken chain")
            _measure(kept[-1])

    async def sign(self) -> None:
        """Signs where the chain stands, unless that is signed. Raises TransientError."""
        tip, newest = await self.store.tip(), await self.store.newest_checkpoint()
        if tip == Tip() or (newest is not None and newest["_id"] >= tip.seq):
            return
        previous = digest(newest) if newest else GENESIS
        document = self.signer.sign(checkpoint(tip, self.now().isoformat(), self.signer.id, previous))
        if await self.store.add_checkpoint(document):
            self._keep(document)
            _measure(document)

    def _keep(self, document: Document) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(document, sort_keys=True) + "\n")
            file.flush()
            os.fsync(file.fileno())


def cut_torn_line(path: Path) -> None:
    """Removes what a crash left of a line: the checkpoint is in the database and is kept again."""
    if path.exists() and not (content := path.read_bytes()).endswith(b"\n"):
        os.truncate(path, content.rfind(b"\n") + 1)


def read_file(path: Path) -> list[dict[str, Any]]:
    """Returns the checkpoints that were kept; none without the file. Raises MisconfiguredError naming a line that is none."""
    lines = path.read_text("utf-8").splitlines(keepends=True) if path.exists() else []
    documents = []
    for number, line in enumerate(lines, start=1):
        if line.endswith("\n"):  # The last line may be on its way.
            try:
                documents.append(_document(line))
            except (ValueError, TypeError):
                raise MisconfiguredError(f"{path}: line {number} is no checkpoint") from None
    return documents


def _document(line: str) -> dict[str, Any]:
    document = json.loads(line)
    if not isinstance(document, dict) or not isinstance(document.get("_id"), int):
        raise TypeError
    return document


def _measure(document: Document) -> None:
    CHECKPOINT_ENTRY.set(document["_id"])
    CHECKPOINT_TIME.set(datetime.fromisoformat(document["at"]).timestamp())
