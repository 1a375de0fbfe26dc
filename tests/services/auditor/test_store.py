"""The chain in a real MongoDB: every record once, one order whoever writes, and what an administrator changes there shows."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.errors import MisconfiguredError, TransientError
from chassis.mongo import Database, database
from chassis.records import ReceivedEvent
from services.auditor.checkpoints import Checkpoints, read_file
from services.auditor.handle import AuditorHandler, known_good
from services.auditor.settings import AuditorSettings
from services.auditor.signing import KEY_FILE, Signer
from services.auditor.store import ChainStore
from services.auditor.verify import sentence, verify
from tests.doubles import as_received
from tests.services.auditor.chains import NOW, record


@dataclass
class Auditor:
    db: Database
    settings: AuditorSettings

    @property
    def store(self) -> ChainStore:
        return ChainStore(self.db)

    @property
    def checkpoints(self) -> Checkpoints:
        signer = Signer.load(self.settings.secrets_dir / KEY_FILE)
        return Checkpoints(self.store, signer, self.settings.checkpoints_path, lambda: NOW)

    @property
    def handler(self) -> AuditorHandler:
        return AuditorHandler(self.store, self.checkpoints)

    async def receive(self, *numbers: int) -> None:
        await self.handler.handle(batch(*numbers))

    async def verdict(self) -> str:
        return sentence(await verify(self.db, self.settings, NOW))


def batch(*numbers: int) -> list[ReceivedEvent]:
    return [as_received(record(number), "chatbot") for number in numbers]


@pytest.fixture
async def auditor(mongo_url: str, secrets_dir: Path, tmp_path: Path) -> AsyncIterator[Auditor]:
    async with database(mongo_url, f"auditor_{uuid4().hex[:12]}") as db:
        settings = AuditorSettings(secrets_dir=secrets_dir, checkpoints_path=tmp_path / "audit" / "checkpoints.jsonl")
        auditor = Auditor(db, settings)
        await auditor.store.prepare()
        yield auditor
        await db.client.drop_database(db.name)


async def test_records_are_chained_in_order_signed_and_found_whole(auditor: Auditor) -> None:
    await auditor.receive(1, 2, 3)
    await auditor.checkpoints.sign()
    await auditor.receive(4)
    assert await auditor.verdict() == (
        "Whole: 4 entries, 3 of them signed by 1 checkpoints; the last 1 wait for the next checkpoint."
    )


async def test_a_batch_that_comes_again_after_a_crash_is_chained_once(auditor: Auditor) -> None:
    await auditor.receive(1, 2)
    await auditor.receive(1, 2, 3)
    assert (await auditor.store.tip()).seq == 3


async def test_two_auditors_at_once_make_one_chain(auditor: Auditor) -> None:
    async def until_chained(numbers: range) -> None:
        for number in numbers:
            while True:
                try:
                    await auditor.receive(number)
                    break
                except TransientError:  # The other was quicker: the loop tries again.
                    continue

    await asyncio.gather(until_chained(range(1, 15)), until_chained(range(8, 22)))
    assert (await auditor.store.tip()).seq == 21
    assert (await auditor.verdict()).startswith("Whole: 21 entries")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"$set": {"event.actor_id": "officer-2"}}, "entry 2 was changed"),
        ({"$set": {"note": ""}}, "entry 2 was changed"),
        ({"$unset": {"event.reason": ""}}, "entry 2 was changed"),
        (None, "entry 2 is missing"),
    ],
)
async def test_what_is_changed_in_the_database_is_named(
    auditor: Auditor, change: dict[str, dict[str, str]] | None, named: str
) -> None:
    await auditor.receive(1, 2, 3)
    if change is None:
        await auditor.db["entries"].delete_one({"_id": 2})
    else:
        await auditor.db["entries"].update_one({"_id": 2}, change)
    assert f"BROKEN: {named}" in await auditor.verdict()


async def test_an_end_that_was_cut_off_is_named_and_nothing_is_added_to_it(auditor: Auditor) -> None:
    await auditor.receive(1, 2, 3)
    await auditor.checkpoints.sign()
    await auditor.db["entries"].delete_one({"_id": 3})
    assert "entries 3 to 3 are missing" in await auditor.verdict()
    await auditor.db["checkpoints"].delete_many({})
    assert "kept outside of the database" in await auditor.verdict()
    with pytest.raises(MisconfiguredError, match="does not hold entry 3"):
        await auditor.checkpoints.prepare()


async def test_a_checkpoint_that_a_crash_kept_from_the_file_is_there_after_the_next_start(auditor: Auditor) -> None:
    await auditor.receive(1)
    await auditor.checkpoints.sign()
    with auditor.settings.checkpoints_path.open("a") as file:
        file.write('{"_id": 2, "entr')  # A crash in the middle of a line.
    await auditor.receive(2)
    await auditor.store.add_checkpoint({"_id": 2, "entry": (await auditor.store.tip()).hash, "at": NOW.isoformat()})
    await auditor.checkpoints.prepare()
    assert [line["_id"] for line in read_file(auditor.settings.checkpoints_path)] == [1, 2]


async def test_the_same_end_is_signed_once(auditor: Auditor) -> None:
    await auditor.receive(1)
    await asyncio.gather(*(auditor.checkpoints.sign() for _ in range(3)))
    await auditor.checkpoints.sign()
    assert len(read_file(auditor.settings.checkpoints_path)) == 1


async def test_nothing_is_signed_of_an_empty_chain(auditor: Auditor) -> None:
    await auditor.checkpoints.sign()
    assert (await auditor.verdict()).startswith("Whole: 0 entries")


async def test_the_self_test_continues_the_chain(auditor: Auditor) -> None:
    await auditor.receive(1)
    await auditor.handler.handle([as_received(event, "auditor") for event in known_good()])
    assert (await auditor.store.tip()).seq == 2
