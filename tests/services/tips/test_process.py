"""The service as a process on a real broker and a real MongoDB: killed in the middle, nothing is lost and nothing doubled."""

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

from chassis.kafka import KafkaProducer
from chassis.mongo import Database
from contracts.catalogue import read
from contracts.event import Event
from contracts.message import Attachment, Kind
from contracts.tips import EVENTS, TipReplyChosen
from loa.runtime import secrets
from loa.testkit.process import ServiceProcess
from loa.testkit.servers import LiveBroker
from tests.chassis.brokers import KafkaBroker
from tests.doubles import NOON, RING_FILES, SIGNING_FILES, message_received, opened_outbound, to_tips
from tests.events import encoded
from tests.services.tips.media.cdn import PNG, cdn
from tests.services.tips.tips_app import DESK, TipsApp

pytestmark = pytest.mark.live

CITIZENS, SECONDS = 30, 60


@dataclass(slots=True)
class TipsProcess:
    kafka: KafkaBroker
    service: ServiceProcess
    db: Database
    token: str
    file_url: str

    async def replies(self) -> list[TipReplyChosen]:
        events = [read(EVENTS, record.value) for record in await self.kafka.records(EVENTS)]
        return [event for event in events if isinstance(event, TipReplyChosen)]

    async def endings(self) -> list[tuple[str, int]]:
        return await TipsApp(self.db).endings()

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Asks again and again: from outside, a process is only seen by what it did."""
        async with asyncio.timeout(SECONDS):
            while not await holds():
                assert self.service.alive(), self.service.output()[-3_000:]
                await asyncio.sleep(0.2)

    def get(self, path: str, token: str = "") -> bytes:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = httpx.get(self.service.url + path, headers=headers, timeout=5)
        answer.raise_for_status()
        return answer.content


def secrets_folder(folder: Path) -> Path:
    readers = folder / "tips-recipients"
    readers.mkdir(parents=True)
    (readers / "desk.pub").write_text(b64encode(bytes(DESK.public_key)).decode())
    for name, text in {**RING_FILES, **SIGNING_FILES}.items():
        (folder / name).write_text(text)
    secrets.generate(folder)
    return folder


@asynccontextmanager
async def running(service: ServiceProcess) -> AsyncIterator[ServiceProcess]:
    try:
        service.start()
        yield await asyncio.to_thread(service.await_ready)
    finally:
        if service.alive():
            service.kill()


@pytest.fixture
async def tips_process(broker: LiveBroker, mongo_url: str, db: Database, tmp_path: Path) -> AsyncIterator[TipsProcess]:
    folder = secrets_folder(tmp_path / "secrets")
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(cdn())
        kafka = await KafkaBroker(broker.servers).prepare()
        kafka._producer = KafkaProducer(broker.servers, idempotent=broker.durable)
        stack.push_async_callback(kafka.close)
        environment = {
            "KAFKA_SERVERS": broker.servers,
            "KAFKA_SESSION_MS": "6000",
            "KAFKA_IDEMPOTENCE": str(broker.durable).lower(),
            "TOPIC_PREFIX": kafka.prefix,
            "MONGO_URL": mongo_url,
            "MONGO_DATABASE": db.name,
            "SECRETS_DIR": str(folder),
            "MEDIA_HOSTS": server.host,
        }
        service = await stack.enter_async_context(running(ServiceProcess("services.tips", environment, tmp_path)))
        yield TipsProcess(kafka, service, db, (folder / "tips-api-token").read_text().strip(), server.url("/photo.png"))


def story(user: str, url: str) -> list[Event]:
    messages = [
        ("#tinbao", Kind.TEXT),
        (f"có đánh bạc, {user} kể", Kind.TEXT),
        ("", Kind.IMAGE),
        ("ở chợ", Kind.TEXT),
        ("#xong", Kind.TEXT),
    ]
    photo = Attachment(kind=Kind.IMAGE, url=url)
    return [
        to_tips(
            message_received(
                text,
                user=user,
                kind=kind,
                msg_id=f"{user}-{index}",
                at=NOON + timedelta(seconds=index),
                attachments=[photo] if kind is Kind.IMAGE else [],
            )
        )
        for index, (text, kind) in enumerate(messages)
    ]


def reply_ids(events: list[Event]) -> list[UUID]:
    """What each reporter must be told, whoever crashes: the greeting, two thanks, the farewell."""
    return [uuid5(events[index].id, "tip.reply.chosen.v1#0") for index in (0, 1, 2, 4)]


@pytest.mark.timeout(180)
async def test_killed_in_the_middle_every_reporter_is_answered_once_and_every_word_is_kept(
    tips_process: TipsProcess,
) -> None:
    stories = {
        user: story(user, tips_process.file_url)
        for user in (f"90000000000000003{number:02}" for number in range(CITIZENS))
    }
    expected = {reply_id for events in stories.values() for reply_id in reply_ids(events)}
    for step in range(5):
        records = [encoded(events[step], "gateway", prefix=tips_process.kafka.prefix) for events in stories.values()]
        await tips_process.kafka.put(records[: CITIZENS // 2])
        if step in (1, 3):
            tips_process.service.kill()
            tips_process.service.start()
        await tips_process.kafka.put(records[CITIZENS // 2 :])

    async def all_is_published() -> bool:
        return (
            len(await tips_process.endings()) == CITIZENS
            and {reply.id for reply in await tips_process.replies()} >= expected
        )

    await tips_process.until(all_is_published)
    replies = await tips_process.replies()
    assert {reply.id for reply in replies} == expected
    assert set(await tips_process.endings()) == {("done", 3)}
    for events in stories.values():
        received_ids = [reply.id for reply in replies if reply.conversation == events[0].conversation]
        assert list(dict.fromkeys(received_ids)) == reply_ids(events)
    tips_app = TipsApp(tips_process.db)
    read_by_officers = [
        [message.text for message in await tips_app.officer_reads(case)] for case in await tips_app.cases()
    ]
    assert sorted(read_by_officers) == sorted([f"có đánh bạc, {user} kể", "", "ở chợ"] for user in stories)


async def test_a_process_takes_a_tip_with_its_photo_and_reports_it_in_counts_alone(tips_process: TipsProcess) -> None:
    events = story("9000000000000004444", tips_process.file_url)
    await tips_process.kafka.put([encoded(event, "gateway", prefix=tips_process.kafka.prefix) for event in events])

    async def all_is_kept() -> bool:
        return bool(await tips_process.endings()) and bool(
            await tips_process.db["media"].count_documents({"state": "kept"})
        )

    await tips_process.until(all_is_kept)
    tips_app = TipsApp(tips_process.db)
    case = await tips_app.case()
    assert (await tips_app.officer_opens_file(case))[1] == PNG
    report = json.loads(await asyncio.to_thread(tips_process.get, f"/api/cases/{case['_id']}", tips_process.token))
    assert (report["state"], report["pieces"], report["media"]) == ("closed", {"text": 2, "image": 1}, {"kept": 1})
    metrics = (await asyncio.to_thread(tips_process.get, "/metrics")).decode()
    assert 'loa_tips_received_total{kind="image"} 1.0' in metrics
    assert "loa_tip_durable_seconds_count 3.0" in metrics
    assert 'loa_tip_media_total{outcome="kept"} 1.0' in metrics
    greeting = opened_outbound((await tips_process.replies())[0]).parts[0].text
    code = greeting.split("Mã biên nhận: ")[1].split("\n")[0]
    log = tips_process.service.output()
    assert '"event": "media"' in log
    for secret in ("đánh bạc", "9000000000000004444", "photo.png", code, tips_process.token):
        assert secret not in log
        assert secret not in metrics
    assert await asyncio.to_thread(tips_process.service.stop) == 0
