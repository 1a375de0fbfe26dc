"""A job's rounds: the world and our own bugs end nothing, a full page is followed at once, a job that hangs is not alive."""

import asyncio
from collections.abc import Sequence

import pytest
from prometheus_client import REGISTRY

from chassis.errors import TransientError
from chassis.job_runner import MAX_PARKED, JobRunner
from chassis.jobs import periodic
from chassis.outcomes import RunOutcome
from chassis.retry import RetryPolicy
from chassis.wake_up import WakeUp
from tests.chassis.job_work import Work, metric, worker
from tests.doubles import NOON
from tests.parked import MemoryParked
from tests.waiting import until


@pytest.mark.parametrize("fault", [ValueError("planted"), TransientError("away")])
@pytest.mark.expects_errors("job_failed")
async def test_a_world_that_is_away_and_a_bug_in_a_claim_end_nothing(fault: Exception) -> None:
    rounds = 0

    async def claim(_: frozenset[str]) -> Sequence[str]:
        nonlocal rounds
        rounds += 1
        if rounds < 4:
            raise fault
        return []

    running = worker(Work().job(claim=claim))
    running.jitter = lambda: -0.499  # Hardly any pause.
    task = asyncio.ensure_future(running.run())
    await until(lambda: rounds >= 6)
    assert not task.done()
    task.cancel()


async def test_a_full_page_is_followed_by_the_next_at_once() -> None:
    work = Work(*"abcde", page=2)
    running = worker(work.job(every_seconds=60))
    task = asyncio.ensure_future(running.run())
    await until(lambda: not work.due)
    task.cancel()
    assert work.calls == [["a", "b"], ["c", "d"], ["e"]]


async def test_it_is_woken_before_its_time() -> None:
    work, wake = Work(), WakeUp()
    task = asyncio.ensure_future(worker(work.job(every_seconds=60, wake=wake)).run())
    await asyncio.sleep(0.01)
    work.due.append("a")
    wake.wake()
    await until(lambda: not work.due)
    task.cancel()


@pytest.mark.expects_errors("job_paused")
async def test_a_job_with_too_many_parked_items_pauses_and_says_so() -> None:
    work, parked = Work("a"), MemoryParked()
    for number in range(MAX_PARKED):
        await parked.park("test_work", str(number), "ValueError", NOON)
    before = metric("loa_job_runs_total", outcome="paused")
    assert (await worker(work.job(), parked).run_once()).outcome is RunOutcome.PAUSED
    assert metric("loa_job_runs_total", outcome="paused") - before == 1
    assert work.due == ["a"]


@pytest.mark.expects_errors("job_failed")
async def test_a_periodic_job_that_fails_is_counted_and_parks_nothing() -> None:
    parked, fails = MemoryParked(), True

    async def refresh() -> None:
        if fails:
            raise ValueError("planted")

    running = worker(periodic("test_work", 0.001, refresh), parked)
    assert (await running.run_once()).outcome is RunOutcome.FAILED
    assert await parked.list(None, 10) == []
    fails = False
    done = await running.run_once()
    assert (done.outcome, done.full) == (RunOutcome.DONE, False)


async def test_a_job_that_hangs_is_not_alive_and_one_that_waits_for_the_world_is() -> None:
    work, clock = Work("a"), [0.0]
    hangs = asyncio.Event()

    async def hang(_: Sequence[str]) -> None:
        clock[0] += 100
        await hangs.wait()

    runner = JobRunner([work.job(handle=hang, call_seconds=0.01, every_seconds=3_600)], MemoryParked())
    (running,) = runner._workers
    running.retry_policy = RetryPolicy((0.0, 0.0), attempt_seconds=0.01)
    running.heartbeat.now, running.heartbeat._last = lambda: clock[0], 0.0
    assert (await running.run_once()).outcome is RunOutcome.WAITING  # Cut off, and tried again, in vain.
    assert not runner.alive()
    assert runner.hanging() == {"test_work"}

    work.outages, clock[0] = 1_000, 0.0
    running.job = work.job()
    running.heartbeat.beat()
    for _ in range(3):
        clock[0] += 20
        await running.run_once()
        assert runner.alive()


async def test_a_long_pause_is_no_hanging() -> None:
    runner = JobRunner([Work().job(every_seconds=3_600)], MemoryParked())
    task = asyncio.ensure_future(runner.run())
    await asyncio.sleep(0.02)
    (running,) = runner._workers
    running.heartbeat.now = lambda: asyncio.get_running_loop().time() + 1_500
    assert runner.alive()
    running.heartbeat.now = lambda: asyncio.get_running_loop().time() + 9_000
    assert not runner.alive()
    task.cancel()


def test_every_series_of_a_job_is_there_before_its_first_round() -> None:
    JobRunner([periodic("test_unborn", 1, _nothing)], MemoryParked())
    for outcome in RunOutcome:
        assert REGISTRY.get_sample_value("loa_job_runs_total", {"job": "test_unborn", "outcome": outcome}) == 0
    assert REGISTRY.get_sample_value("loa_job_parked_items", {"job": "test_unborn"}) == 0
    assert (REGISTRY.get_sample_value("loa_job_last_success_seconds", {"job": "test_unborn"}) or 0) > 1.7e9


def test_two_jobs_do_not_share_a_name() -> None:
    with pytest.raises(ValueError, match="same name"):
        JobRunner([Work().job(), Work().job()], MemoryParked())


async def _nothing() -> None:
    """A round without work."""
