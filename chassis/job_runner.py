"""Runs jobs with the consumer loop's discipline.

A dependency is away (TransientError): retried, then the job waits and goes on. An item's fault: it is parked alone, the others go
on. Our own fault (a claim that breaks, a thousand parked items): counted, logged, tried again later. Nothing ends the process.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import structlog

from chassis.errors import TransientError
from chassis.heartbeat import Heartbeat
from chassis.jobs import Each, Item, Job
from chassis.metrics import JOB_ITEMS, JOB_LAST_SUCCESS, JOB_PARKED, JOB_RUNS, JOB_SECONDS
from chassis.outcomes import ItemOutcome, RunOutcome
from chassis.parked import ParkedItems
from chassis.records import Clock
from chassis.retry import RetryPolicy

log = structlog.get_logger()

T = TypeVar("T")

MAX_PARKED = (
    1_000  # Of one job. Items do not all go bad by themselves: beyond this our code is at fault, and the job pauses.
)
_RETRY_SECONDS = (0.2, 0.5, 1.0)  # Within a round. Longer outages are waited for between rounds, which claim anew.
_SLACK_SECONDS = 30.0  # A job is given up for dead this long after two calls that do not end.
_FIRST_PAUSE, _LONGEST_WAIT, _LONGEST_AFTER_FAILURE = 0.5, 5.0, 60.0


@dataclass(frozen=True, slots=True)
class Round:
    outcome: RunOutcome
    items: int = 0  # Claimed, not parked before.
    full: bool = False  # There may be more at once.


@dataclass(slots=True)
class JobWorker(Generic[Item]):
    """One job's rounds, one after the other. `run_once` is what tests call."""

    job: Job[Item]
    parked: ParkedItems
    retry_policy: RetryPolicy
    now: Clock = lambda: datetime.now(UTC)
    jitter: Callable[[], float] = random.random
    heartbeat: Heartbeat = field(init=False)
    _failures: int = 0

    def __post_init__(self) -> None:
        self.heartbeat = Heartbeat(limit_seconds=2 * self.job.call_seconds + _SLACK_SECONDS)

    async def run(self) -> None:
        while True:
            done = await self.run_once()
            if not done.full:
                await self._pause(done.outcome)

    async def run_once(self) -> Round:
        """One round, whatever it comes to. Raises nothing but its own cancellation."""
        name = self.job.name
        try:
            done = await self._round()
        except TransientError as fault:
            log.warning("job_waiting", job=name, why=str(fault))
            done = Round(RunOutcome.WAITING)
        except Exception as fault:  # A job that ended for its own bug would take the service with it.
            log.exception("job_failed", job=name, exc_info=fault)
            done = Round(RunOutcome.FAILED)
        JOB_RUNS.labels(name, done.outcome).inc()
        if done.outcome is RunOutcome.DONE:
            JOB_LAST_SUCCESS.labels(name).set_to_current_time()
            self._failures = 0
        else:
            self._failures += 1
        return done

    async def _round(self) -> Round:
        name = self.job.name
        parked = await self._attempt(lambda: self.parked.keys(name)) if self.job.key else frozenset[str]()
        JOB_PARKED.labels(name).set(len(parked))
        if len(parked) >= MAX_PARKED:
            log.error("job_paused", job=name, parked=len(parked), remedy="mend the fault, then `loa jobs redrive`")
            return Round(RunOutcome.PAUSED)
        claimed = await self._attempt(lambda: self.job.claim(parked))
        items = [item for item in claimed if not self.job.key or self.job.key(item) not in parked]
        size = 1 if isinstance(self.job.handle, Each) else max(1, len(items))
        started = time.perf_counter()
        for at in range(0, len(items), size):
            await self._handle(items[at : at + size])
        if items:
            JOB_SECONDS.labels(name).observe(time.perf_counter() - started)
        return Round(RunOutcome.DONE, len(items), full=bool(items) and len(claimed) >= self.job.page)

    async def _handle(self, items: Sequence[Item]) -> None:
        """A page that fails is halved until the bad item is alone, and parked."""
        try:
            await self._attempt(lambda: self.job.handle(items))
        except TransientError:
            raise
        except Exception as fault:
            if self.job.key is None:
                raise
            if len(items) == 1:
                await self._park(self.job.key(items[0]), fault)
                return
        else:
            JOB_ITEMS.labels(self.job.name, ItemOutcome.DONE).inc(len(items))
            return
        middle = len(items) // 2
        await self._handle(items[:middle])
        await self._handle(items[middle:])

    async def _park(self, key: str, fault: Exception) -> None:
        name, reason = self.job.name, type(fault).__name__
        await self._attempt(lambda: self.parked.park(name, key, reason, self.now()))
        log.warning("item_parked", job=name, key=key, exc_info=fault)
        JOB_ITEMS.labels(name, ItemOutcome.PARKED).inc()
        JOB_PARKED.labels(name).inc()

    async def _attempt(self, call: Callable[[], Awaitable[T]]) -> T:
        """With retries. A heartbeat is what ends by itself: a call that had to be cut off is a sign of hanging."""

        async def watched() -> T:
            try:
                return await call()
            finally:
                task = asyncio.current_task()
                if task is not None and not task.cancelling():
                    self.heartbeat.beat()

        return await self.retry_policy.retry(watched)

    async def _pause(self, outcome: RunOutcome) -> None:
        seconds = self.job.every_seconds * (0.5 + self.jitter())
        if outcome is not RunOutcome.DONE:
            longest = _LONGEST_WAIT if outcome is RunOutcome.WAITING else _LONGEST_AFTER_FAILURE
            seconds = min(longest, _FIRST_PAUSE * 2 ** min(self._failures, 10)) * (0.5 + self.jitter())
        self.heartbeat.beat(pause_seconds=seconds)
        if self.job.wake is not None and outcome is RunOutcome.DONE:
            await self.job.wake.wait(seconds)
        else:
            await asyncio.sleep(seconds)
        self.heartbeat.beat()


class JobRunner:
    """All jobs of a service. Raises ValueError where two have one name."""

    def __init__(self, jobs: Sequence[Job[Any]], parked: ParkedItems) -> None:
        self.jobs, self.parked = {job.name: job for job in jobs}, parked
        if len(self.jobs) < len(jobs):
            raise ValueError("two jobs have the same name")
        self._workers = [JobWorker(job, parked, job_retry_policy(job)) for job in jobs for _ in range(job.concurrency)]
        for name in self.jobs:
            _prepare_metrics(name)

    async def run(self) -> None:
        for worker in self._workers:
            worker.heartbeat.beat()
        async with asyncio.TaskGroup() as group:
            for worker in self._workers:
                group.create_task(worker.run())

    def alive(self) -> bool:
        """Returns whether every job still makes progress."""
        return not self.hanging()

    def hanging(self) -> frozenset[str]:
        return frozenset(worker.job.name for worker in self._workers if not worker.heartbeat.alive())


def job_retry_policy(job: Job[Any]) -> RetryPolicy:
    return RetryPolicy(_RETRY_SECONDS, attempt_seconds=job.call_seconds)


def _prepare_metrics(name: str) -> None:
    """Show a job's series from the first scrape: at zero, and its last success as of now."""
    for run in RunOutcome:
        JOB_RUNS.labels(name, run)
    for item in ItemOutcome:
        JOB_ITEMS.labels(name, item)
    JOB_SECONDS.labels(name)
    JOB_PARKED.labels(name)
    JOB_LAST_SUCCESS.labels(name).set_to_current_time()
