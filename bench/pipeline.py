"""The chatbot's pipeline: taps on the log in, answers on the log out, journaled majority writes in between.

Against it, in the same run and on the same servers, a conventional handler as FastStream's documentation writes it: one
message, one find, one update, one publish, with the same durability (acks=all, idempotent, w=majority and journaled).
"""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from bench.environment import Environment
from bench.processes import service_process
from bench.rows import Row, at_least, at_most_u
from chassis.crypto import KeyRing, Pepper, Place
from chassis.kafka import KafkaConsumer, KafkaProducer
from chassis.publisher import EventEncoder
from chassis.settings import Settings
from contracts import chatbot
from contracts.gateway import MessageReceived
from contracts.message import Address, InboundMessage, Kind

OA = "4100000000000000012"
TAPS = ("#hoi cc_doi papers", "#hoi ho_chieu fee", "#menu", "#hoi tam_tru whole", "#hoi khai_sinh time")
QUESTIONS = (
    "làm căn cước cần giấy tờ gì", "doi bang lai xe het bao nhieu tien", "đăng ký tạm trú ở đâu vậy ạ",
    "e muốn làm hộ chiếu online dc ko", "thủ tục khai sinh cho bé mới sinh",
)  # fmt: skip
CITIZENS = 5_000
NAMESPACE = uuid5(NAMESPACE_URL, "loa bench")
TIMES_BASELINE = 25


def messages(environment: Environment, count: int, texts: Sequence[str], run_name: str) -> list[MessageReceived]:
    """`count` messages of CITIZENS citizens, sealed as the gateway seals them."""
    folder = environment.home / "service-secrets"
    bodies, addresses = KeyRing.load(folder / "bodies.keys"), KeyRing.load(folder / "addresses.keys")
    pepper = Pepper.load(folder / "pepper")
    now = datetime.now(UTC)
    events = []
    for number in range(count):
        user = f"90000000000{number % CITIZENS:08d}"
        spoken = InboundMessage(text=texts[number % len(texts)], msg_id=f"{run_name}-{number}")
        address = Address(oa_id=OA, user_id=user).model_dump_json().encode()
        event_id, conversation = uuid5(NAMESPACE, f"{run_name}-{number}"), pepper.pseudonym(OA, user)
        events.append(
            MessageReceived(
                id=event_id,
                occurred_at=now,
                conversation=conversation,
                oa_id=OA,
                kind=Kind.TEXT,
                body=bodies.seal(spoken.model_dump_json().encode(), Place.body(OA, conversation, event_id)),
                address=addresses.seal(address, Place.address(OA, conversation)),
            )
        )
    return events


async def measure(environment: Environment, count: int = 30_000) -> list[Row]:
    taps = await _run(environment, "taps", count, TAPS)
    free = await _run(environment, "questions", count // 5, QUESTIONS)
    baseline = await _baseline(environment, 1_500)
    cores = TIMES_BASELINE * baseline * (taps[1] + taps[2]) / 1e3
    needed = (
        f"{TIMES_BASELINE * baseline:,.0f}/s would take {cores:.1f} of {os.cpu_count()} cores, the generator left out"
    )
    return [
        at_least(
            "chatbot pipeline, taps", taps[0], "messages/s", 3_000, f"{count} taps of {CITIZENS} citizens, one process"
        ),
        at_most_u(
            "chatbot pipeline, taps: CPU",
            taps[1],
            "ms/message",
            1.0,
            u=environment.u,
            note="the chatbot's process alone",
        ),
        Row("chatbot pipeline, taps: CPU of MongoDB and broker", taps[2], "ms/message", note="on the same two cores"),
        at_least("chatbot pipeline, free text", free[0], "messages/s", 600, f"{count // 5} questions, one process"),
        at_most_u("chatbot pipeline, free text: CPU", free[1], "ms/message", 1.5, u=environment.u),
        Row("chatbot pipeline, free text: CPU of MongoDB and broker", free[2], "ms/message"),
        Row(
            "FastStream baseline, taps",
            baseline,
            "messages/s",
            note="one message at a time, same durability, same servers",
        ),
        at_least("chatbot pipeline against the baseline", taps[0] / baseline, "×", TIMES_BASELINE, needed),
    ]


async def _run(environment: Environment, name: str, count: int, texts: Sequence[str]) -> tuple[float, float, float]:
    """Returns (messages/s, CPU-ms per message of the chatbot, of the servers). The log is filled first; then the clock runs."""
    env = environment.service_env(MONGO_DATABASE=f"bench_{name}", CONTENT_DIR="content")
    settings = Settings.read({**env, "KAFKA_FETCH_WAIT_MS": "100"})
    async with service_process("chatbot", env) as service:
        await _answered(
            settings,
            f"warm-{name}",
            await _send(environment, settings, messages(environment, 500, texts, f"warm-{name}")),
        )
        events = messages(environment, count, texts, name)
        with service.frozen():  # Otherwise a part of the messages is handled before the clock runs.
            ids = await _send(environment, settings, events)
            service.mark()
        served, started = environment.servers_cpu(), time.perf_counter()
        await _answered(settings, f"watch-{name}", ids)
        seconds = time.perf_counter() - started
        per_message = 1e3 / count
        return count / seconds, service.cpu_since_mark * per_message, (environment.servers_cpu() - served) * per_message


async def _send(environment: Environment, settings: Settings, events: Sequence[MessageReceived]) -> set[str]:
    producer = KafkaProducer(settings.kafka_servers, timeout_seconds=60)
    try:
        encoder = EventEncoder("bench", environment.prefix)
        await producer.send([encoder.encode(event) for event in events])
    finally:
        await producer.close()
    return {str(event.id) for event in events}


async def _answered(settings: Settings, group: str, ids: set[str]) -> None:
    """Until every cause in `ids` has its answer on the log."""
    consumer = KafkaConsumer(settings, f"bench-{group}", [chatbot.EVENTS])
    waiting = set(ids)
    try:
        while waiting:
            for record in await consumer.poll():
                start = record.value.find(b'"caused_by":"')
                waiting.discard(record.value[start + 13 : start + 49].decode())
            await consumer.commit([])
    finally:
        await consumer.close()


async def _baseline(environment: Environment, count: int) -> float:
    """Returns messages/s of the conventional handler (bench/baseline.py) as a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.baseline",
        str(count),
        env={**os.environ, **environment.service_env()},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the baseline failed")
    return float(out)
