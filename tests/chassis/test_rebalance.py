"""Two members of one group while partitions change hands in the middle of a batch."""

import asyncio
import time
from collections.abc import Sequence
from importlib import import_module

import pytest

from chassis.types import Heard
from contracts import chatbot
from contracts.event import Event
from tests.chassis.house import House, turn_until_settled
from tests.chassis.worlds import World, facts, tell
from tests.doubles import heard

MESSAGES = 40


class Gate:
    """Stands before a house's handle: shows that a batch is in hand, and holds it until it is opened."""

    def __init__(self, house: House) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()
        self._handle = house.handle

    async def handle(self, batch: Sequence[Heard]) -> Sequence[Event]:
        self.reached.set()
        await self.opened.wait()
        return await self._handle(batch)


async def in_hand(house: House, world: World) -> tuple[Gate, "asyncio.Task[None]"]:
    """A loop that holds a batch with all there is."""
    await tell(world, *(heard(user=f"90{n}") for n in range(MESSAGES)))
    loop, gate = house.loop(), Gate(house)
    loop.handle = gate.handle
    running = asyncio.get_running_loop().create_task(loop.run())
    await asyncio.wait_for(gate.reached.wait(), 20)
    return gate, running


async def stop(*running: "asyncio.Task[None]") -> None:
    for task in running:
        task.cancel()
    await asyncio.wait(running, timeout=5)


async def settle(world: World, records: int, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    for _ in iter(lambda: time.monotonic() < deadline, False):
        if await world.settled() >= records:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"only {await world.settled()} of {records} records are settled")


async def test_the_batch_in_hand_is_settled_before_its_partitions_go(world: World, house: House) -> None:
    gate, first = await in_hand(house, world)
    second = asyncio.get_running_loop().create_task(house.loop().run())
    await asyncio.sleep(0.2)
    gate.opened.set()
    await settle(world, MESSAGES)
    await tell(world, *(heard(user=f"90{n}") for n in range(MESSAGES)))
    await settle(world, 2 * MESSAGES)
    await stop(first, second)
    answers = await facts(world, chatbot.EVENTS)
    assert len(answers) == len({answer.id for answer in answers}) == 2 * MESSAGES, "nothing was heard twice"


async def test_a_batch_that_takes_too_long_is_repeated_by_the_new_owner_under_the_same_ids(
    world: World, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("chassis.kafka.ear"), "_DRAIN_SECONDS", 0.5)
    gate, first = await in_hand(house, world)
    await turn_until_settled(house.loop(), world, 1)
    already = await world.settled()
    assert 0 < already < MESSAGES, "the new owner went on with its share while the old one was still busy"
    gate.opened.set()
    await settle(world, MESSAGES)
    await stop(first)
    answers = await facts(world, chatbot.EVENTS)
    assert len({answer.id for answer in answers}) == MESSAGES
    assert len(house.decided) == MESSAGES


async def test_who_leaves_hands_over_what_it_had_not_settled(world: World, house: House) -> None:
    ear = world.ear()
    loop = house.loop(ear)
    gate = Gate(house)
    loop.handle = gate.handle
    await tell(world, *(heard(user=f"90{n}") for n in range(MESSAGES)))
    running = asyncio.get_running_loop().create_task(loop.run())
    await asyncio.wait_for(gate.reached.wait(), 20)
    await stop(running)
    await ear.close()
    await turn_until_settled(house.loop(), world, MESSAGES)
    assert len(await facts(world, chatbot.EVENTS)) == MESSAGES
