"""Two members of one group while partitions change hands in the middle of a batch."""

import asyncio
import time
from collections.abc import Sequence
from importlib import import_module

import pytest

from chassis.records import ReceivedEvent
from contracts import chatbot
from contracts.event import Event
from tests.chassis.brokers import BrokerEnv, events_on, publish
from tests.chassis.loop_harness import LoopHarness, process_until_settled
from tests.doubles import message_received

MESSAGES = 40


class BlockedHandler:
    """Stands before a service's handle: shows that a batch is in hand, and holds it until it is opened."""

    def __init__(self, loop_harness: LoopHarness) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()
        self._handle = loop_harness.handle

    async def handle(self, batch: Sequence[ReceivedEvent]) -> Sequence[Event]:
        self.reached.set()
        await self.opened.wait()
        return await self._handle(batch)


async def in_hand(loop_harness: LoopHarness, broker_env: BrokerEnv) -> tuple[BlockedHandler, "asyncio.Task[None]"]:
    """A loop that holds a batch with all there is."""
    await publish(broker_env, *(message_received(user=f"90{n}") for n in range(MESSAGES)))
    loop, blocked = loop_harness.loop(), BlockedHandler(loop_harness)
    loop.handle = blocked.handle
    running = asyncio.get_running_loop().create_task(loop.run())
    await asyncio.wait_for(blocked.reached.wait(), 20)
    return blocked, running


async def stop(*running: "asyncio.Task[None]") -> None:
    for task in running:
        task.cancel()
    await asyncio.wait(running, timeout=5)


async def await_settled(broker_env: BrokerEnv, records: int, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    for _ in iter(lambda: time.monotonic() < deadline, False):
        if await broker_env.settled() >= records:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"only {await broker_env.settled()} of {records} records are settled")


async def test_the_batch_in_hand_is_settled_before_its_partitions_go(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    blocked, first = await in_hand(loop_harness, broker_env)
    second = asyncio.get_running_loop().create_task(loop_harness.loop().run())
    await asyncio.sleep(0.2)
    blocked.opened.set()
    await await_settled(broker_env, MESSAGES)
    await publish(broker_env, *(message_received(user=f"90{n}") for n in range(MESSAGES)))
    await await_settled(broker_env, 2 * MESSAGES)
    await stop(first, second)
    answers = await events_on(broker_env, chatbot.EVENTS)
    assert len(answers) == len({answer.id for answer in answers}) == 2 * MESSAGES, "nothing was heard twice"


async def test_a_batch_that_takes_too_long_is_repeated_by_the_new_owner_under_the_same_ids(
    broker_env: BrokerEnv, loop_harness: LoopHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("chassis.kafka.consumer"), "_DRAIN_SECONDS", 0.5)
    blocked, first = await in_hand(loop_harness, broker_env)
    await process_until_settled(loop_harness.loop(), broker_env, 1)
    already = await broker_env.settled()
    assert 0 < already < MESSAGES, "the new owner went on with its share while the old one was still busy"
    blocked.opened.set()
    await await_settled(broker_env, MESSAGES)
    await stop(first)
    answers = await events_on(broker_env, chatbot.EVENTS)
    assert len({answer.id for answer in answers}) == MESSAGES
    assert len(loop_harness.decided) == MESSAGES


async def test_who_leaves_hands_over_what_it_had_not_settled(broker_env: BrokerEnv, loop_harness: LoopHarness) -> None:
    consumer = broker_env.consumer()
    loop = loop_harness.loop(consumer)
    blocked = BlockedHandler(loop_harness)
    loop.handle = blocked.handle
    await publish(broker_env, *(message_received(user=f"90{n}") for n in range(MESSAGES)))
    running = asyncio.get_running_loop().create_task(loop.run())
    await asyncio.wait_for(blocked.reached.wait(), 20)
    await stop(running)
    await consumer.close()
    await process_until_settled(loop_harness.loop(), broker_env, MESSAGES)
    assert len(await events_on(broker_env, chatbot.EVENTS)) == MESSAGES
