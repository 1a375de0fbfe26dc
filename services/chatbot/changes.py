"""A dossier's status changed: entered into its history, and told to who asked to be told. Harmless to repeat at any point.

Two ways lead here: another provincial system pushes a change, or a new import differs from what was known before.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

import structlog

from chassis.blame import Transient
from services.chatbot.bells import SetBell
from services.chatbot.content.shelf import Shelf
from services.chatbot.dossiers import STAGES, Entry
from services.chatbot.speech import parts, tap
from services.chatbot.store.bells import Bells
from services.chatbot.store.datasets import Datasets
from services.chatbot.store.dossiers import KIND, Dossiers
from services.chatbot.store.history import History
from services.chatbot.store.watchers import Watcher, Watchers

log = structlog.get_logger()

EVERY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Change:
    """`id` is the pushing system's own, so that its repeats are known."""

    id: str
    code: str = field(repr=False)
    stage: str
    at: datetime
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Changes:
    shelf: Shelf
    datasets: Datasets
    dossiers: Dossiers
    history: History
    watchers: Watchers
    bells: Bells

    async def push(self, one: Change) -> bool:
        """Whether it moved the dossier; a late or repeated one only stands in the history. The status is remembered last."""
        key, event = self.history.key(one.code), uuid5(NAMESPACE_OID, f"push|{one.id}")
        told = (("stage", one.stage), ("note", one.note))
        await self.history.append([(key, Entry(event, one.at, "status", "system", told))])
        known = (await self.history.stages([key])).get(key)
        if known is not None and (known[0] == one.stage or known[1] > one.at):
            return False
        await self._moved({key: (event, one.stage)}, one.at)
        return True

    async def _moved(self, moved: Mapping[str, tuple[UUID, str]], at: datetime) -> None:
        """`{pseudonym: (event, stage)}`: told, then remembered; a crash in between tells the same again under the same ids."""
        if not moved:
            return
        bells = [self._bell(one, *moved[one.key], at) for one in await self.watchers.of(list(moved))]
        if bells:
            await self.bells.answer(bells)
        await self.history.release(list(moved))
        await self.history.move({key: stage for key, (_, stage) in moved.items()}, at)

    def _bell(self, one: Watcher, event: UUID, stage: str, at: datetime) -> SetBell:
        content = self.shelf.current
        oa = content.oas.get(one.oa_id)
        texts = content.texts_of(oa.pack) if oa else content.texts
        words = texts.say("dossier.changed", code=one.code, status=STAGES[stage])
        buttons = [tap(texts.say("button.whole"), f"#lam f_ho_so {one.code}")]
        bell = uuid5(event, one.conversation)
        return SetBell(bell, one.conversation, one.oa_id, one.address, at, parts(words, buttons))

    async def sweep(self) -> int:
        """Compare a new import with what was known: how many dossiers it moved. Nothing to do is one read."""
        current = await self.datasets.current(KIND)
        if current is None or await self.history.swept() == current.version:
            return 0
        count = 0
        async for page in self.dossiers.pages(current.version):
            count += await self._compare(page, current.version, current.as_of)
        await self.history.sweep_done(current.version)
        return count

    async def _compare(self, page: Mapping[str, str], version: str, as_of: datetime) -> int:
        known = await self.history.stages(list(page))
        moved = {
            key: (uuid5(NAMESPACE_OID, f"import|{version}|{key}"), stage)
            for key, stage in page.items()
            if key in known and known[key][0] != stage and known[key][1] <= as_of
        }
        await self.history.append(_entries(moved, as_of))
        await self._moved(moved, as_of)
        await self.history.move({key: stage for key, stage in page.items() if key not in known}, as_of)
        return len(moved)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.sweep()
            except Transient as away:
                log.warning("changes_wait", why=str(away))  # The next look compares again.


def _entries(moved: Mapping[str, tuple[UUID, str]], at: datetime) -> Sequence[tuple[str, Entry]]:
    return [
        (key, Entry(event, at, "status", "system", (("stage", stage), ("note", ""))))
        for key, (event, stage) in moved.items()
    ]
