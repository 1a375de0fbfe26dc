"""One process of notify within the test's own: its parts, its jobs running, and its log in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from chassis.auth import Auth
from chassis.job_runner import JobRunner, JobWorker, Round
from chassis.mongo import Database
from chassis.publisher import Publisher
from chassis.retry import RetryPolicy
from chassis.service import Resources, Service, prepare
from services.notify.app import Parts, build_service, open_parts
from services.notify.handle import NotifyHandler
from services.notify.keys import Keys
from services.notify.pipeline import DeliveryPipeline
from services.notify.settings import NotifySettings
from tests.console import UsedInMemory
from tests.doubles import MemoryLog
from tests.parked import MemoryParked


@dataclass(frozen=True, slots=True)
class Replica:
    """One process's parts, and the service made of them."""

    parts: Parts
    service: Service

    @property
    def handler(self) -> NotifyHandler:
        return self.parts.handler

    @property
    def pipeline(self) -> DeliveryPipeline:
        return self.parts.pipeline

    async def run_job(self, name: str) -> Round:
        """One round more, beside those that run by themselves."""
        (job,) = [job for job in self.service.jobs if job.name == name]
        return await JobWorker(job, MemoryParked(), RetryPolicy(())).run_once()


@asynccontextmanager
async def running_replica(settings: NotifySettings, db: Database, log: MemoryLog) -> AsyncIterator[Replica]:
    publisher = Publisher("notify", "", log.producer())
    resources = Resources(
        settings, db, cast("Any", None), publisher, Auth("notify", settings.secrets_dir, UsedInMemory())
    )
    async with open_parts(resources, Keys.load(settings.secrets_dir)) as parts:
        replica = Replica(parts, build_service(resources, parts))
        await prepare(replica.service.stores)
        runner = JobRunner(replica.service.jobs, MemoryParked())
        tasks = [asyncio.ensure_future(task()) for task in (runner.run, *replica.service.queues)]
        try:
            yield replica
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
