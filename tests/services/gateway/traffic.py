"""Numbered messages of some citizens at a steady rate, and what of them is on the log afterwards."""

import asyncio
import time
from collections import defaultdict

import aiohttp

from chassis.crypto import KeyRing, Place
from contracts import gateway
from contracts.catalogue import read
from contracts.gateway import MessageReceived
from contracts.message import InboundMessage
from loa.testkit.process import ServiceProcess
from tests.services.gateway.gateway_process import (
    Answer,
    GatewayProcesses,
    message,
    metrics,
    send_event,
)

PER_SECOND, CITIZENS = 100, 20


async def traffic(
    session: aiohttp.ClientSession,
    services: list[ServiceProcess],
    name: str,
    seconds: float,
    per_second: int = PER_SECOND,
) -> list[Answer]:
    """An open loop; each citizen's messages are numbered, go to the replicas in turn, and each waits for the one before it."""
    last: dict[int, asyncio.Task[Answer]] = {}
    tasks = []

    async def after(before: "asyncio.Task[Answer] | None", number: int) -> Answer:
        if before is not None:
            await before
        citizen = number % CITIZENS
        body = message(f"{name}-{number}", user=f"70000000000000{citizen:05d}", text=f"{name} {number}")
        return await send_event(session, services[(number // CITIZENS) % len(services)], body)

    started = time.perf_counter()
    for number in range(int(seconds * per_second)):
        await asyncio.sleep(max(0.0, started + number / per_second - time.perf_counter()))
        tasks.append(asyncio.create_task(after(last.get(number % CITIZENS), number)))
        last[number % CITIZENS] = tasks[-1]
    return list(await asyncio.gather(*tasks))


async def received(scene: GatewayProcesses) -> dict[str, list[str]]:
    """What each conversation said, in the log's order, doubles under the same id left out as listeners leave them out."""
    ring = KeyRing.load(scene.secrets / "bodies.keys")
    texts: dict[str, list[str]] = defaultdict(list)
    seen_ids = set()
    for record in await scene.records(gateway.MESSAGES):
        event = read(gateway.MESSAGES, record.value)
        if isinstance(event, MessageReceived) and event.id not in seen_ids:
            seen_ids.add(event.id)
            texts[event.conversation].append(
                InboundMessage.model_validate_json(ring.open(event.body, Place.body_of(event))).text
            )
    return texts


async def drained(session: aiohttp.ClientSession, services: list[ServiceProcess], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if all([(await metrics(session, service))["loa_webhook_direct"] == 1 for service in services]):
            return
        await asyncio.sleep(0.2)
    raise AssertionError("the spool was not drained")


def numbers(texts_of: dict[str, list[str]], name: str) -> dict[str, list[int]]:
    return {who: [int(t.split()[1]) for t in texts if t.startswith(f"{name} ")] for who, texts in texts_of.items()}
