"""The broker gone for a minute under 200 webhooks/s: every one acknowledged in time, none lost, none doubled, in order.

`python -m bench.spool [seconds]`.
"""

import asyncio
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

import aiohttp
import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from bench import citizens
from bench.environment import PARTITIONS, Environment, bench_environment
from bench.processes import ServiceProcess
from bench.rows import Row, at_most
from bench.table import show
from bench.webhook import gateway
from chassis.crypto import KeyRing, Place
from contracts import gateway as contract
from contracts.catalogue import read
from contracts.gateway import MessageReceived
from contracts.message import InboundMessage

PER_SECOND, CITIZENS, OUTAGE_SECONDS = 200, 500, 60.0
BEFORE_SECONDS, AFTER_SECONDS, DRAIN_SECONDS = 3.0, 15.0, 120.0


@dataclass(frozen=True, slots=True)
class LogCheck:
    events: int  # Told apart by their ids.
    repeats: int  # Records under an id that was there already: consumers ignore them.
    out_of_order: int


async def measure(environment: Environment, outage_seconds: float = OUTAGE_SECONDS) -> list[Row]:
    async with gateway(environment) as service, aiohttp.ClientSession() as http:
        traffic = asyncio.create_task(_traffic(http, service, BEFORE_SECONDS + outage_seconds + AFTER_SECONDS))
        await asyncio.sleep(BEFORE_SECONDS)
        await asyncio.to_thread(environment.kafka.kill)
        await asyncio.sleep(outage_seconds)
        environment.kafka.process.start()  # From this thread: it ends with the thread that started it.
        restarted_at = time.perf_counter()
        answers = await traffic
        await _drained(http, service)
        drained = time.perf_counter() - restarted_at
        check = await _check_log(environment)
    return _rows(answers, check, outage_seconds, drained)


def _rows(answers: list[tuple[int, float]], check: LogCheck, outage_seconds: float, drained: float) -> list[Row]:
    slowest = max(seconds for _, seconds in answers)
    refused = len(answers) - Counter(status for status, _ in answers)[200]
    what = f"broker killed for {outage_seconds:.0f} s under {PER_SECOND} webhooks/s"
    return [
        Row("spool: webhooks sent", len(answers), "webhooks", note=what),
        at_most("spool: slowest acknowledgement", slowest * 1e3, "ms", 2_000, what),
        at_most("spool: not acknowledged", refused, "webhooks", 0),
        at_most("spool: lost", len(answers) - check.events, "events", 0),
        at_most("spool: out of order for their citizen", check.out_of_order, "events", 0),
        Row("spool: said twice under one id", check.repeats, "records", note="listeners know them by their id"),
        Row("spool: broker started to spool empty", drained, "s", note="Kafka's own start is most of it"),
    ]


async def _traffic(http: aiohttp.ClientSession, service: ServiceProcess, seconds: float) -> list[tuple[int, float]]:
    """Open loop; a citizen's next message waits for the answer to the one before, as it does in a chat."""
    last: dict[int, asyncio.Task[tuple[int, float]]] = {}
    tasks = []

    async def after(before: "asyncio.Task[tuple[int, float]] | None", number: int) -> tuple[int, float]:
        if before is not None:
            await before
        body = _message(number)
        headers = {"X-ZEvent-Signature": citizens.signature(body)}
        started = time.perf_counter()
        async with http.post(f"{service.public_url}/webhooks/zalo", data=body, headers=headers) as answer:
            return answer.status, time.perf_counter() - started

    started = time.perf_counter()
    for number in range(int(seconds * PER_SECOND)):
        await asyncio.sleep(max(0.0, started + number / PER_SECOND - time.perf_counter()))
        citizen = number % CITIZENS
        last[citizen] = asyncio.create_task(after(last.get(citizen), number))
        tasks.append(last[citizen])
    return list(await asyncio.gather(*tasks))


def _message(number: int) -> bytes:
    return orjson.dumps(
        {
            "event_name": "user_send_text",
            "app_id": citizens.APP,
            "sender": {"id": str(7_100_000_000_000_000_000 + number % CITIZENS)},
            "recipient": {"id": citizens.OA},
            "message": {"text": f"câu {number}", "msg_id": f"spool-{number}"},
            "timestamp": str(time.time_ns() // 1_000_000),
        }
    )


async def _drained(http: aiohttp.ClientSession, service: ServiceProcess) -> None:
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline:
        async with http.get(f"{service.url}/metrics") as answer:
            if "\nloa_webhook_direct 1.0" in await answer.text():
                return
        await asyncio.sleep(0.1)
    raise RuntimeError("the spool was not drained in time")


async def _check_log(environment: Environment) -> LogCheck:
    bodies = KeyRing.load(environment.home / "service-secrets" / "bodies.keys")
    partitions = [TopicPartition(environment.prefix + contract.MESSAGES, number) for number in range(PARTITIONS)]
    numbers_by_conversation: dict[str, list[int]] = defaultdict(list)
    ids: Counter[str] = Counter()
    async with AIOKafkaConsumer(bootstrap_servers=environment.kafka.servers) as reader:
        reader.assign(partitions)
        await reader.seek_to_beginning()
        ends = await reader.end_offsets(partitions)
        while any([await reader.position(partition) < end for partition, end in ends.items()]):
            for batch in (await reader.getmany(timeout_ms=200)).values():
                for message in batch:
                    event = read(contract.MESSAGES, message.value)
                    ids[str(event.id)] += 1
                    if isinstance(event, MessageReceived) and ids[str(event.id)] == 1:
                        spoken = InboundMessage.model_validate_json(bodies.open(event.body, Place.body_of(event)))
                        numbers_by_conversation[event.conversation].append(int(spoken.text.split()[1]))
    wrong = sum(a > b for numbers in numbers_by_conversation.values() for a, b in pairwise(numbers))
    return LogCheck(len(ids), ids.total() - len(ids), wrong)


if __name__ == "__main__":
    with bench_environment() as _environment:
        _seconds = float(sys.argv[1]) if len(sys.argv) > 1 else OUTAGE_SECONDS
        show(asyncio.run(measure(_environment, _seconds)), _environment.u)
