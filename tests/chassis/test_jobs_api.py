"""What operators see of jobs, and the command that tries parked items again."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from chassis.auth import Auth
from chassis.http import create_app
from chassis.job_runner import JobRunner
from chassis.jobs_api import jobs_api
from contracts.scopes import Scope
from tests.chassis.job_work import Work
from tests.console import UsedInMemory, allow
from tests.doubles import NOON
from tests.parked import MemoryParked

TOKEN = {"Authorization": "Bearer a-long-random-token"}


@pytest.fixture
def parked() -> MemoryParked:
    return MemoryParked()


@pytest.fixture
async def client(parked: MemoryParked, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    allow(tmp_path, "a-long-random-token", Scope.JOBS_MANAGE)
    runner = JobRunner([Work().job(every_seconds=5)], parked)
    app = create_app("tips", runner.alive, {}, [jobs_api(runner, Auth("tips", tmp_path, UsedInMemory()))])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://tips") as http:
        yield http


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", "/parked"), ("POST", "/parked/redrive")])
async def test_only_who_holds_the_token_gets_in(client: httpx.AsyncClient, method: str, path: str) -> None:
    assert (await client.request(method, f"/api/jobs{path}", json={"job": "test_work"})).status_code == 401


async def test_every_job_is_listed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/jobs", headers=TOKEN)
    assert answer.json() == [{"name": "test_work", "every_seconds": 5, "alive": True}]


async def test_parked_items_are_listed_and_redriven(client: httpx.AsyncClient, parked: MemoryParked) -> None:
    await parked.park("test_work", "a", "ValueError", NOON)
    answer = await client.get("/api/jobs/parked", params={"job": "test_work"}, headers=TOKEN)
    assert answer.json() == [
        {"job": "test_work", "key": "a", "reason": "ValueError", "at": "2026-03-02T05:00:00Z", "times": 1}
    ]
    answer = await client.post("/api/jobs/parked/redrive", json={"job": "test_work"}, headers=TOKEN)
    assert answer.json() == {"items": 1}
    assert (await client.get("/api/jobs/parked", headers=TOKEN)).json() == []


async def test_a_job_that_is_not_there_is_named_with_those_that_are(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/jobs/parked/redrive", json={"job": "nonsense"}, headers=TOKEN)
    assert answer.status_code == 404
    assert "test_work" in answer.json()["detail"]


async def test_a_database_that_is_away_is_told_with_its_remedy(client: httpx.AsyncClient, parked: MemoryParked) -> None:
    parked.outages = 1
    answer = await client.get("/api/jobs/parked", headers=TOKEN)
    assert (answer.status_code, answer.json()["detail"]) == (503, "the database is away, says the test")
