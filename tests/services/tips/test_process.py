"""The house as a process on a real broker and a real MongoDB: killed in the middle, nothing is lost and nothing doubled."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid5

import httpx
import pytest

from chassis.headers import utter
from chassis.kafka import KafkaMouth
from chassis.mongo import Database
from contracts.catalogue import read
from contracts.event import Event
from contracts.message import Attachment, Kind
from contracts.tips import EVENTS, TipClosed, TipReplyChosen
from loa.runtime import secrets
from tests.chassis.worlds import OnKafka
from tests.doubles import NOON, RING_FILES, heard, opened_speech
from tests.servers.live import LiveBroker
from tests.servers.process import House
from tests.services.tips.media.cdn import PNG, cdn
from tests.services.tips.room import DESK, Room

pytestmark = pytest.mark.live

CITIZENS = 30
SECONDS = 60


@dataclass(slots=True)
class Stage:
    world: OnKafka
    house: House
    db: Database
    token: str
    file_url: str

    async def replies(self) -> list[TipReplyChosen]:
        return [one for one in await self._facts() if isinstance(one, TipReplyChosen)]

    async def closed(self) -> list[TipClosed]:
        return [one for one in await self._facts() if isinstance(one, TipClosed)]

    async def _facts(self) -> list[Event]:
        return [read(EVENTS, record.value) for record in await self.world.records(EVENTS)]

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Asks again and again: from outside, a process is only seen by what it did."""
        async with asyncio.timeout(SECONDS):
            while not await holds():
                assert self.house.alive(), self.house.said()[-3_000:]
                await asyncio.sleep(0.2)

    def ask(self, path: str, token: str = "") -> bytes:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = httpx.get(self.house.url + path, headers=headers, timeout=5)
        answer.raise_for_status()
        return answer.content


def secrets_folder(folder: Path) -> Path:
    readers = folder / "tips-recipients"
    readers.mkdir(parents=True)
    (readers / "desk.pub").write_text(b64encode(bytes(DESK.public_key)).decode())
    for name, text in RING_FILES.items():
        (folder / name).write_text(text)
    secrets.generate(folder)
    return folder


@asynccontextmanager
async def running(house: House) -> AsyncIterator[House]:
    try:
        house.start()
        yield await asyncio.to_thread(house.await_ready)
    finally:
        if house.alive():
            house.kill()


@pytest.fixture
async def stage(broker: LiveBroker, mongo_url: str, db: Database, tmp_path: Path) -> AsyncIterator[Stage]:
    folder = secrets_folder(tmp_path / "secrets")
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(cdn())
        world = await OnKafka(broker.servers).prepare()
        world._putting = KafkaMouth(broker.servers, idempotent=broker.durable)
        stack.push_async_callback(world.close)
        environment = {
            "KAFKA_SERVERS": broker.servers,
            "KAFKA_SESSION_MS": "6000",
            "KAFKA_IDEMPOTENCE": str(broker.durable).lower(),
            "TOPIC_PREFIX": world.prefix,
            "MONGO_URL": mongo_url,
            "MONGO_DATABASE": db.name,
            "SECRETS_DIR": str(folder),
            "MEDIA_HOSTS": server.host,
        }
        house = await stack.enter_async_context(running(House("services.tips", environment, tmp_path)))
        yield Stage(world, house, db, (folder / "tips-api-token").read_text().strip(), server.url("/photo.png"))


def story(user: str, url: str) -> list[Event]:
    told = [
        ("#tinbao", Kind.TEXT),
        (f"có đánh bạc, {user} kể", Kind.TEXT),
        ("", Kind.IMAGE),
        ("ở chợ", Kind.TEXT),
        ("#xong", Kind.TEXT),
    ]
    photo = Attachment(kind=Kind.IMAGE, url=url)
    return [
        heard(
            text,
            user=user,
            kind=kind,
            msg_id=f"{user}-{nth}",
            at=NOON + timedelta(seconds=nth),
            attachments=[photo] if kind is Kind.IMAGE else [],
        )
        for nth, (text, kind) in enumerate(told)
    ]


def reply_ids(events: list[Event]) -> list[UUID]:
    """What each reporter must be told, whoever crashes: the greeting, two thanks, the farewell."""
    return [uuid5(events[nth].id, "tip.reply.chosen.v1#0") for nth in (0, 1, 2, 4)]


@pytest.mark.timeout(180)
async def test_killed_in_the_middle_every_reporter_is_answered_once_and_every_word_is_kept(stage: Stage) -> None:
    stories = {user: story(user, stage.file_url) for user in (f"90000000000000003{nth:02}" for nth in range(CITIZENS))}
    expected = {one for events in stories.values() for one in reply_ids(events)}
    for turn in range(5):
        said = [utter(events[turn], "gateway", prefix=stage.world.prefix) for events in stories.values()]
        await stage.world.put(said[: CITIZENS // 2])
        if turn in (1, 3):
            stage.house.kill()
            stage.house.start()
        await stage.world.put(said[CITIZENS // 2 :])

    async def all_is_said() -> bool:
        told = {one.case_id for one in await stage.closed()}
        return len(told) == CITIZENS and {one.id for one in await stage.replies()} >= expected

    await stage.until(all_is_said)
    replies, closed = await stage.replies(), await stage.closed()
    assert {one.id for one in replies} == expected
    assert len({one.case_id for one in closed}) == CITIZENS
    assert {(one.ending, one.pieces) for one in closed} == {("done", 3)}
    for events in stories.values():
        heard_ids = [one.id for one in replies if one.conversation == events[0].conversation]
        assert list(dict.fromkeys(heard_ids)) == reply_ids(events)
    room = Room(stage.db)
    read_by_officers = [[one.text for one in await room.officer_reads(case)] for case in await room.cases()]
    assert sorted(read_by_officers) == sorted([f"có đánh bạc, {user} kể", "", "ở chợ"] for user in stories)


async def test_a_process_takes_a_tip_with_its_photo_and_tells_of_it_in_counts_alone(stage: Stage) -> None:
    events = story("9000000000000004444", stage.file_url)
    await stage.world.put([utter(event, "gateway", prefix=stage.world.prefix) for event in events])

    async def all_is_kept() -> bool:
        return bool(await stage.closed()) and bool(await stage.db["media"].count_documents({"state": "kept"}))

    await stage.until(all_is_kept)
    room = Room(stage.db)
    case = await room.case()
    assert (await room.officer_opens_file(case))[1] == PNG
    told = json.loads(await asyncio.to_thread(stage.ask, f"/api/cases/{case['_id']}", stage.token))
    assert (told["state"], told["pieces"], told["media"]) == ("closed", {"text": 2, "image": 1}, {"kept": 1})
    metrics = (await asyncio.to_thread(stage.ask, "/metrics")).decode()
    assert 'loa_tips_received_total{kind="image"} 1.0' in metrics
    assert "loa_tip_durable_seconds_count 3.0" in metrics
    assert 'loa_tip_media_total{outcome="kept"} 1.0' in metrics
    greeting = opened_speech((await stage.replies())[0]).parts[0].text
    code = greeting.split("Mã biên nhận: ")[1].split("\n")[0]
    log = stage.house.said()
    assert '"event": "media"' in log
    for secret in ("đánh bạc", "9000000000000004444", "photo.png", code, stage.token):
        assert secret not in log
        assert secret not in metrics
    assert await asyncio.to_thread(stage.house.stop) == 0
