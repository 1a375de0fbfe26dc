"""Wrong content and hostile citizens while the whole runs: the service goes on, and nobody's data comes out."""

import asyncio
import json
import time
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest

from chassis.kafka import KafkaProducer, read_whole
from chassis.records import OutgoingRecord, Record
from contracts import gateway
from loa.clients.dead_letters import DeadLetterBox
from loa.testkit.system import PORTAL, FullSystem
from tests.journeys.chat_script import StartChat

pytestmark = pytest.mark.live

WATCHED_SECONDS = 40.0  # Every two, a change has to stand still for one look, and is learnt from first.
HOSTILE = {
    "ten thousand characters": "làm căn cước " * 769,
    "a long row of numbers sign": "#" * 9_999,
    "control characters": "menu\x00\x01\x02\x07\x1b[31m\x7f căn cước",
    "right to left": "\u202eửig ôt\u202c \u2066cước\u2069 \u200f#menu",
    "zalgo": "".join(letter + "\u0336\u0301\u0323\u0489" * 20 for letter in "can cuoc"),
    "json": json.dumps({"$where": "sleep(9999)", "_id": {"$ne": None}, "role": "admin"}),
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a template": "{oa.__class__.__init__.__globals__} {{7*7}} ${7*7} %s%n",
    "a command of ours with rubbish": "#lam f_ho_so ../../../../etc/passwd",
    "a command nobody has": "#quantri xoa_het",
    "another's dossier": "#lam f_ho_so H99.13-260921-0005 lich_su",
    "another's form version": "#mau ../../demo/dossiers",
    "shell": "; cat /etc/passwd | nc 127.0.0.1 1; `id` $(id)",
    "surrogates and plane 15": "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U000f0000 \ufffe làm căn cước",
    "a number in a circle": "①",
    "more digits than can be converted": "9" * 4_300,
    "an old button": "#lam f_dat_lich doi a b c",
    "only spaces and joiners": "\u200b \u00a0 \u2060 \ufeff x",
    "decomposed": unicodedata.normalize("NFD", "làm căn cước cần giấy tờ gì"),
}
QUESTION = """
    citizen: đăng ký kết hôn ở đâu
    bot: kết hôn … Nguồn:
"""
SECRETS = ("passwd:", "root:", "Traceback", "Lê Thử Số", "alert(", "<script", "globals", "mongodb://", "49}}")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_whatever_a_citizen_types_is_answered_politely_and_leaks_nothing(
    start_chat: StartChat, text: str
) -> None:
    chat = await start_chat(PORTAL)
    await chat._says(text)
    await chat.receives_something()
    assert not [secret for secret in SECRETS if secret in chat.last], chat.last
    assert "ông/bà" in chat.last.casefold() or "Nguồn:" in chat.last, "polite, or a proper answer"
    assert all(len(message["text"]) <= 2_000 for message in chat.messages)
    await chat.play("""
        citizen: huỷ
        bot: việc
        citizen: đăng ký khai sinh cần giấy tờ gì
        bot: khai sinh … Nguồn:
    """)


async def test_the_whole_of_it_at_once_stops_nobody(start_chat: StartChat) -> None:
    chats = [await start_chat(PORTAL) for _ in HOSTILE]
    await asyncio.gather(*(chat._says(text) for chat, text in zip(chats, HOSTILE.values(), strict=True)))
    await asyncio.gather(*(chat.receives_something() for chat in chats))
    calm = await start_chat(PORTAL)
    await calm.play(QUESTION)


async def test_thirty_conversations_in_a_row_that_cannot_be_handled_stop_nobody(
    start_chat: StartChat, system: FullSystem
) -> None:
    pids = {name: service.pid for name, service in system.services.items()}
    calm = await start_chat(PORTAL)
    await calm.play(QUESTION)
    topic = system.prefix + gateway.MESSAGES
    records = await read_whole(system.broker.servers, topic)
    sample = next(record for record in records if record.headers["ce_type"] == b"message.received.v1")
    producer = KafkaProducer(system.broker.servers, idempotent=system.broker.durable)
    await producer.send([_spoilt(sample, number) for number in range(30)])
    await producer.close()
    await calm.play(QUESTION)
    box = DeadLetterBox(system.broker.servers, "chatbot", system.prefix)
    async with asyncio.timeout(60):
        while len(await box.waiting()) < 30:  # noqa: ASYNC110 - a log tells nobody.
            await asyncio.sleep(0.5)
    assert all(service.alive() for service in system.services.values())
    assert {name: service.pid for name, service in system.services.items()} == pids
    await calm.play(QUESTION)


def _spoilt(sample: Record, number: int) -> OutgoingRecord:
    """The message in a conversation of its own, with a body that does not open there."""
    conversation = f"spoilt-{number}"
    fields = json.loads(sample.value)
    fields |= {"id": str(uuid4()), "conversation": conversation, "body": fields["body"][:-12] + "AAAAAAAAAAAA"}
    return OutgoingRecord(sample.topic, conversation.encode(), json.dumps(fields).encode(), sample.headers)


@pytest.fixture
async def content(system: FullSystem, http: aiohttp.ClientSession) -> AsyncIterator[Path]:
    """The folder that an editor writes in. Afterwards everything is as it was."""
    folder = Path(system.services["chatbot"].program.environment["CONTENT_DIR"])
    originals, version = saved(folder), await current(system, http)
    yield folder
    for path, body in originals.items():
        if path.read_bytes() != body:
            path.write_bytes(body)
    await content_restored(system, http, version)


def saved(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*.yaml")}


async def metric(system: FullSystem, http: aiohttp.ClientSession, name: str) -> list[str]:
    async with http.get(f"{system.chatbot}/metrics") as answer:
        return [line for line in (await answer.text()).splitlines() if line.startswith(name)]


async def current(system: FullSystem, http: aiohttp.ClientSession) -> str:
    return "".join(await metric(system, http, "loa_bot_content_info"))


async def content_restored(system: FullSystem, http: aiohttp.ClientSession, version: str) -> None:
    deadline = time.monotonic() + WATCHED_SECONDS
    while await current(system, http) != version:
        assert time.monotonic() < deadline, "the old content did not come back"
        await asyncio.sleep(0.2)


async def test_broken_content_is_refused_while_the_old_edition_answers_and_a_good_change_goes_live(
    start_chat: StartChat, system: FullSystem, http: aiohttp.ClientSession, content: Path, tmp_path: Path
) -> None:
    owned = tmp_path / "owned"
    before, texts = await current(system, http), (content / "texts.yaml").read_text()
    bombs = {
        "texts.yaml": "welcome: [a, b\n  c: : :\n\t- x",
        "procedures/cc_doi.yaml": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        "utterances/cc_doi.yaml": "key: cc_doi\nkind: nothing\nsays: 7\n",
        "language/teencode.yaml": "words: {ko: [không]}\n",
        "menus/police_ward.yaml": f"!!python/object/apply:os.system ['touch {owned}']\n",
    }
    for name, body in bombs.items():
        path = content / name
        good, refused = path.read_text(), await metric(system, http, "loa_bot_content_refused_total")
        path.write_text(body)
        await changed(system, http, "loa_bot_content_refused_total", refused)
        chat = await start_chat(PORTAL)
        await chat.play("""
            citizen: đăng ký khai sinh cần giấy tờ gì
            bot: khai sinh … Nguồn:
        """)
        assert await current(system, http) == before
        path.write_text(good)
    (content / "texts.yaml").write_text(texts.replace("Xin lỗi, tôi chưa hiểu câu này.", "Thưa, tôi chưa rõ câu này."))
    await changed(system, http, "loa_bot_content_info", [before])
    chat = await start_chat(PORTAL)
    await chat.play("""
        citizen: nấu phở bò thế nào cho ngon
        bot: Thưa, tôi chưa rõ câu này
    """)
    assert not owned.exists(), "content is data: no tag in it runs anything"


async def changed(system: FullSystem, http: aiohttp.ClientSession, name: str, before: list[str]) -> None:
    deadline = time.monotonic() + WATCHED_SECONDS
    while await metric(system, http, name) == before:
        assert time.monotonic() < deadline, f"{name} stayed at {before}"
        await asyncio.sleep(0.2)
