"""Group commit: who waits is answered when, and only when, what they brought is durable."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid5

import pytest

from chassis.records import OutgoingRecord
from services.gateway.decide import Outcome
from services.gateway.group_commit import GroupCommit, RecentIds

SPACE = UUID(int=1)


def identified_record(name: str) -> tuple[UUID, OutgoingRecord]:
    return uuid5(SPACE, name), OutgoingRecord("t", b"k", name.encode(), {})


class Sink:
    """Makes durable when told to."""

    def __init__(self, outcome: Outcome = Outcome.ACCEPTED) -> None:
        self.batches: list[list[bytes]] = []
        self.outcome, self.released = outcome, asyncio.Event()
        self.fault: Exception | None = None
        self.released.set()

    async def __call__(self, records: Sequence[OutgoingRecord], announcements: Sequence[OutgoingRecord]) -> Outcome:
        self.batches.append([record.value for record in (*announcements, *records)])
        await self.released.wait()
        if self.fault is not None:
            raise self.fault
        return self.outcome


async def let_tasks_run() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
def sink() -> Sink:
    return Sink()


async def running(sink: Sink, limit: int = 100) -> tuple[GroupCommit, "asyncio.Task[None]"]:
    group_commit = GroupCommit(sink, limit)
    return group_commit, asyncio.create_task(group_commit.run())


async def test_one_alone_waits_for_nobody(sink: Sink) -> None:
    group_commit, task = await running(sink)
    assert await asyncio.wait_for(group_commit.submit(*identified_record("a")), 1) is Outcome.ACCEPTED
    task.cancel()


async def test_nobody_is_answered_before_it_is_durable(sink: Sink) -> None:
    group_commit, task = await running(sink)
    sink.released.clear()
    submitted = asyncio.create_task(group_commit.submit(*identified_record("a")))
    await let_tasks_run()
    assert not submitted.done()
    sink.released.set()
    assert await submitted is Outcome.ACCEPTED
    task.cancel()


async def test_what_comes_meanwhile_goes_together_in_its_order(sink: Sink) -> None:
    group_commit, task = await running(sink)
    sink.released.clear()
    submitted = [asyncio.create_task(group_commit.submit(*identified_record("first")))]
    await let_tasks_run()
    submitted += [asyncio.create_task(group_commit.submit(*identified_record(f"{n}"))) for n in range(9)]
    await let_tasks_run()
    sink.released.set()
    assert set(await asyncio.gather(*submitted)) == {Outcome.ACCEPTED}
    assert sink.batches == [[b"first"], [str(n).encode() for n in range(9)]]
    task.cancel()


async def test_the_same_event_twice_at_once_is_published_once_and_both_are_answered(sink: Sink) -> None:
    group_commit, task = await running(sink)
    sink.released.clear()
    submitted = [asyncio.create_task(group_commit.submit(*identified_record("a"))) for _ in range(3)]
    await let_tasks_run()
    submitted.append(asyncio.create_task(group_commit.submit(*identified_record("a"))))  # While it is on its way.
    await let_tasks_run()
    sink.released.set()
    assert sorted(await asyncio.gather(*submitted)) == [
        Outcome.ACCEPTED,
        Outcome.REPEAT,
        Outcome.REPEAT,
        Outcome.REPEAT,
    ]
    assert await group_commit.submit(*identified_record("a")) is Outcome.REPEAT  # And hours later.
    assert sink.batches == [[b"a"]]
    task.cancel()


async def test_what_could_not_be_kept_is_no_repeat_when_it_comes_again(sink: Sink) -> None:
    group_commit, task = await running(sink)
    sink.outcome = Outcome.UNAVAILABLE
    assert await group_commit.submit(*identified_record("a")) is Outcome.UNAVAILABLE
    sink.outcome = Outcome.SPOOLED
    assert await group_commit.submit(*identified_record("a")) is Outcome.SPOOLED
    task.cancel()


async def test_a_double_of_what_could_not_be_kept_is_not_acknowledged_either(sink: Sink) -> None:
    group_commit, task = await running(sink)
    sink.outcome = Outcome.UNAVAILABLE
    sink.released.clear()
    submitted = [asyncio.create_task(group_commit.submit(*identified_record("a"))) for _ in range(2)]
    await let_tasks_run()
    sink.released.set()
    assert await asyncio.gather(*submitted) == [Outcome.UNAVAILABLE, Outcome.UNAVAILABLE]
    task.cancel()


@pytest.mark.expects_errors("batch_not_published")
async def test_a_fault_of_our_own_costs_one_batch_a_retry_and_not_the_gateway(sink: Sink) -> None:
    group_commit, task = await running(sink)
    sink.fault = ValueError("a bug, says the test")
    assert await group_commit.submit(*identified_record("a")) is Outcome.UNAVAILABLE
    sink.fault = None
    assert await group_commit.submit(*identified_record("a")) is Outcome.ACCEPTED
    task.cancel()


async def test_what_is_spooled_is_acknowledged_later_and_holds_up_nobody(sink: Sink) -> None:
    group_commit = GroupCommit(sink, 100, settle_seconds=3_600)
    task = asyncio.create_task(group_commit.run())
    sink.outcome = Outcome.SPOOLED
    spooled = asyncio.create_task(group_commit.submit(*identified_record("a")))
    await let_tasks_run()
    sink.outcome = Outcome.ACCEPTED
    assert await asyncio.wait_for(group_commit.submit(*identified_record("b")), 30) is Outcome.ACCEPTED
    assert not spooled.done()
    assert sink.batches == [[b"a"], [b"b"]]
    spooled.cancel()
    task.cancel()


async def test_too_many_who_wait_are_shed_and_the_next_are_served_again(sink: Sink) -> None:
    group_commit, task = await running(sink, limit=3)
    sink.released.clear()
    submitted = [asyncio.create_task(group_commit.submit(*identified_record("flying")))]
    await let_tasks_run()
    submitted += [asyncio.create_task(group_commit.submit(*identified_record(f"{n}"))) for n in range(5)]
    await let_tasks_run()
    assert [submission.result() for submission in submitted if submission.done()] == [Outcome.SHED, Outcome.SHED]
    sink.released.set()
    assert [await submission for submission in submitted].count(Outcome.ACCEPTED) == 4
    assert await group_commit.submit(*identified_record("later")) is Outcome.ACCEPTED
    task.cancel()


def test_the_recent_ids_are_bounded_and_the_oldest_go_first() -> None:
    recent = RecentIds(most=3)
    for number in range(10):
        recent.add([number])
        assert all(event_id in recent for event_id in range(max(0, number - 2), number + 1))
    assert 0 not in recent
    assert sum(event_id in recent for event_id in range(10)) <= 7
