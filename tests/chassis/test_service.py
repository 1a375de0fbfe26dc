"""A service as it runs: ready when its indexes are there, alive while its jobs turn, and its port closes first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter

from chassis.auth import Auth
from chassis.errors import TransientError
from chassis.jobs import Job, periodic
from chassis.kafka import KafkaProducer
from chassis.mongo import database
from chassis.publisher import Publisher
from chassis.service import Resources, Service, run_service
from chassis.settings import Settings
from contracts.scopes import Scope
from loa.runtime.ports import free_port
from loa.testkit.servers import LiveMongo
from tests.console import UsedInMemory, allow

pytestmark = pytest.mark.live

KEY = "loa_of-the-test"


class SlowStore:
    """Its database is away at first."""

    def __init__(self) -> None:
        self.there, self.prepared = False, False

    async def prepare(self) -> None:
        if not self.there:
            raise TransientError("away, says the test")
        self.prepared = True


@asynccontextmanager
async def running(mongo: LiveMongo, service: Service) -> AsyncIterator[tuple[httpx.AsyncClient, "asyncio.Task[None]"]]:
    producer = KafkaProducer("127.0.0.1:1")  # Never asked for anything: there is nothing to publish.
    with TemporaryDirectory() as folder:
        allow(Path(folder), KEY, Scope.JOBS_MANAGE)
        settings = Settings(http_port=free_port(), secrets_dir=Path(folder))
        url, auth = f"http://127.0.0.1:{settings.http_port}", Auth("test", settings.secrets_dir, UsedInMemory())
        async with database(mongo.url, f"service_{uuid4().hex[:8]}") as db, client_of(url) as client:
            resources = Resources(settings, db, producer, Publisher("test", "", producer), auth)
            task = asyncio.ensure_future(run_service("test", service, resources))
            try:
                await answers(client, "/alive", 200)
                yield client, task
            finally:
                task.cancel()
                await asyncio.wait({task})
                await db.client.drop_database(db.name)


def client_of(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {KEY}"})


async def answers(client: httpx.AsyncClient, path: str, status: int) -> None:
    """Returns once it does. What is served tells nobody when it begins."""
    async with asyncio.timeout(10):
        while True:
            with suppress(httpx.TransportError):
                if (await client.get(path)).status_code == status:
                    return
            await asyncio.sleep(0.01)


async def test_it_is_alive_at_once_and_ready_when_its_indexes_are_there(mongo: LiveMongo) -> None:
    store, ran = SlowStore(), asyncio.Event()

    async def work() -> None:
        assert store.prepared
        ran.set()

    async with running(mongo, Service(stores=[store], jobs=[periodic("test_after", 0.01, work)])) as (client, _):
        assert (await client.get("/ready")).json() == {"mongo": True, "indexes": False}
        assert not ran.is_set()
        store.there = True
        await answers(client, "/ready", 200)
        await asyncio.wait_for(ran.wait(), 5)


async def test_a_job_that_hangs_is_told_by_alive_though_it_is_cut_off_again_and_again(
    mongo: LiveMongo, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def claim(_: frozenset[str]) -> list[str]:
        return ["a"]

    async def hang(_: Any) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("chassis.job_runner._SLACK_SECONDS", 0.2)
    async with running(mongo, Service(jobs=[Job("test_hangs", 60, claim, hang, key=str, call_seconds=0.1)])) as (
        client,
        _,
    ):
        await answers(client, "/alive", 503)
        assert [job["alive"] for job in (await client.get("/api/jobs")).json()] == [False]


async def test_told_to_stop_it_answers_what_is_in_hand_before_the_jobs_end(mongo: LiveMongo) -> None:
    in_hand, finish, job_ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
    router = APIRouter()

    @router.get("/slow")
    async def slow() -> bool:
        in_hand.set()
        await finish.wait()
        return job_ended.is_set()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            job_ended.set()

    async with running(mongo, Service(routers=[router], jobs=[periodic("test_long", 60, work)])) as (client, task):
        answer = asyncio.ensure_future(client.get("/slow"))
        await in_hand.wait()
        task.cancel()
        await asyncio.sleep(0.05)
        finish.set()
        assert (await answer).json() is False
        with suppress(asyncio.CancelledError):
            await task
        assert job_ended.is_set()


async def test_what_must_not_end_ends_the_service_when_it_does(mongo: LiveMongo) -> None:
    async def ends() -> None:
        """At once."""

    async with running(mongo, Service(queues=[ends])) as (_, task):
        await asyncio.wait({task}, timeout=5)
        assert isinstance(task.exception(), BaseExceptionGroup)
