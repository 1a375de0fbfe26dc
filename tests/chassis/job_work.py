"""Work for a job under test: what is due, what fails, and a worker over parked items in memory."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from prometheus_client import REGISTRY

from chassis.errors import TransientError
from chassis.job_runner import JobRunner, JobWorker
from chassis.jobs import Job
from tests.doubles import NOON, FakeSleep
from tests.parked import MemoryParked


class Work:
    """What is due, and what happens to it."""

    def __init__(self, *due: str, page: int = 200) -> None:
        self.due, self.page = list(due), page
        self.bad: set[str] = set()
        self.outages = 0  # So many calls of `handle` find the world away.
        self.calls: list[list[str]] = []

    async def claim(self, parked: frozenset[str]) -> Sequence[str]:
        return [item for item in self.due if item not in parked][: self.page]

    async def handle(self, items: Sequence[str]) -> None:
        self.calls.append(list(items))
        if self.outages:
            self.outages -= 1
            raise TransientError("away, says the test")
        if bad := self.bad.intersection(items):
            raise ValueError(f"planted words of a citizen: {bad}")
        for item in items:
            self.due.remove(item)

    async def handle_item(self, item: str) -> None:
        await self.handle([item])

    def job(self, **fields: Any) -> Job[str]:
        job: Job[str] = Job("test_work", 0.001, self.claim, self.handle, key=str, page=self.page)
        return replace(job, **fields)


def worker(job: Job[Any], parked: MemoryParked | None = None) -> JobWorker[Any]:
    JobRunner([job], MemoryParked())  # The metrics, as a service shows them.
    return JobWorker(job, parked or MemoryParked(), FakeSleep().retry_policy((0.2,)), now=lambda: NOON)


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, {"job": "test_work", **labels}) or 0.0
