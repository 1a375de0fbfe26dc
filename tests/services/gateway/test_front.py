"""Group commit: who waits is answered when, and only when, what they brought is durable."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid5

import pytest

from chassis.types import Utterance
from services.gateway.front import Front, Recent
from services.gateway.judge import Outcome

SPACE = UUID(int=1)


def word(name: str) -> tuple[UUID, Utterance]:
    return uuid5(SPACE, name), Utterance("t", b"k", name.encode(), {})


class Sink:
    """Makes durable when told to."""

    def __init__(self, outcome: Outcome = Outcome.ACCEPTED) -> None:
        self.batches: list[list[bytes]] = []
        self.outcome, self.gate = outcome, asyncio.Event()
        self.gate.set()

    async def __call__(self, words: Sequence[Utterance]) -> Outcome:
        self.batches.append([one.value for one in words])
        await self.gate.wait()
        return self.outcome


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
def sink() -> Sink:
    return Sink()


async def running(sink: Sink, limit: int = 100) -> tuple[Front, "asyncio.Task[None]"]:
    front = Front(sink, limit)
    return front, asyncio.create_task(front.run())


async def test_one_alone_waits_for_nobody(sink: Sink) -> None:
    front, task = await running(sink)
    assert await asyncio.wait_for(front.offer(*word("a")), 1) is Outcome.ACCEPTED
    task.cancel()


async def test_nobody_is_answered_before_it_is_durable(sink: Sink) -> None:
    front, task = await running(sink)
    sink.gate.clear()
    asked = asyncio.create_task(front.offer(*word("a")))
    await settle()
    assert not asked.done()
    sink.gate.set()
    assert await asked is Outcome.ACCEPTED
    task.cancel()


async def test_what_comes_meanwhile_goes_together_in_its_order(sink: Sink) -> None:
    front, task = await running(sink)
    sink.gate.clear()
    asked = [asyncio.create_task(front.offer(*word("first")))]
    await settle()
    asked += [asyncio.create_task(front.offer(*word(f"{n}"))) for n in range(9)]
    await settle()
    sink.gate.set()
    assert set(await asyncio.gather(*asked)) == {Outcome.ACCEPTED}
    assert sink.batches == [[b"first"], [str(n).encode() for n in range(9)]]
    task.cancel()


async def test_the_same_event_twice_at_once_is_said_once_and_both_are_answered(sink: Sink) -> None:
    front, task = await running(sink)
    sink.gate.clear()
    asked = [asyncio.create_task(front.offer(*word("a"))) for _ in range(3)]
    await settle()
    asked.append(asyncio.create_task(front.offer(*word("a"))))  # While it is on its way.
    await settle()
    sink.gate.set()
    assert sorted(await asyncio.gather(*asked)) == [Outcome.ACCEPTED, Outcome.REPEAT, Outcome.REPEAT, Outcome.REPEAT]
    assert await front.offer(*word("a")) is Outcome.REPEAT  # And hours later.
    assert sink.batches == [[b"a"]]
    task.cancel()


async def test_what_could_not_be_kept_is_no_repeat_when_it_comes_again(sink: Sink) -> None:
    front, task = await running(sink)
    sink.outcome = Outcome.UNAVAILABLE
    assert await front.offer(*word("a")) is Outcome.UNAVAILABLE
    sink.outcome = Outcome.SPOOLED
    assert await front.offer(*word("a")) is Outcome.SPOOLED
    task.cancel()


async def test_a_double_of_what_could_not_be_kept_is_not_acknowledged_either(sink: Sink) -> None:
    front, task = await running(sink)
    sink.outcome = Outcome.UNAVAILABLE
    sink.gate.clear()
    asked = [asyncio.create_task(front.offer(*word("a"))) for _ in range(2)]
    await settle()
    sink.gate.set()
    assert await asyncio.gather(*asked) == [Outcome.UNAVAILABLE, Outcome.UNAVAILABLE]
    task.cancel()


async def test_too_many_who_wait_are_shed_and_the_next_are_served_again(sink: Sink) -> None:
    front, task = await running(sink, limit=3)
    sink.gate.clear()
    asked = [asyncio.create_task(front.offer(*word("flying")))]
    await settle()
    asked += [asyncio.create_task(front.offer(*word(f"{n}"))) for n in range(5)]
    await settle()
    assert [one.result() for one in asked if one.done()] == [Outcome.SHED, Outcome.SHED]
    sink.gate.set()
    assert [await one for one in asked].count(Outcome.ACCEPTED) == 4
    assert await front.offer(*word("later")) is Outcome.ACCEPTED
    task.cancel()


def test_the_recent_ids_are_bounded_and_the_oldest_go_first() -> None:
    recent = Recent(most=3)
    for number in range(10):
        recent.add([number])
        assert all(one in recent for one in range(max(0, number - 2), number + 1))
    assert 0 not in recent
    assert sum(one in recent for one in range(10)) <= 7
