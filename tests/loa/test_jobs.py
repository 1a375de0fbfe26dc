"""`loa jobs`: what a running service's jobs set aside is listed and tried again from the command line."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from chassis.auth import Auth
from chassis.jobs import Job, each
from chassis.kafka import KafkaProducer
from chassis.mongo import Database, database
from chassis.publisher import Publisher
from chassis.service import Resources, Service, run_service
from chassis.settings import Settings
from loa.commands.jobs import app
from loa.runtime import secrets
from loa.runtime.errors import SetupError
from loa.runtime.ports import free_port
from loa.testkit.servers import LiveMongo
from tests.console import UsedInMemory

pytestmark = pytest.mark.live


class Letters:
    """Work of a job: `b` is bad until it is mended."""

    def __init__(self) -> None:
        self.due, self.mended = ["a", "b"], False

    def job(self) -> Job[str]:
        return Job("letters", 0.01, self.claim, each(self.handle), key=str)

    async def claim(self, parked: frozenset[str]) -> Sequence[str]:
        return [letter for letter in self.due if letter not in parked]

    async def handle(self, letter: str) -> None:
        if letter == "b" and not self.mended:
            raise ValueError
        self.due.remove(letter)


@pytest.fixture
async def db(mongo: LiveMongo) -> AsyncIterator[Database]:
    async with database(mongo.url, f"jobs_{uuid4().hex[:8]}") as mongo_db:
        yield mongo_db
        await mongo_db.client.drop_database(mongo_db.name)


@pytest.fixture
async def port(db: Database, tmp_path: Path, letters: Letters) -> AsyncIterator[int]:
    """Of tips, as far as its jobs go."""
    folder = tmp_path / "secrets"
    secrets.generate(folder)
    settings, producer = Settings(http_port=free_port(), secrets_dir=folder), KafkaProducer("127.0.0.1:1")
    auth = Auth("tips", folder, UsedInMemory())
    resources = Resources(settings, db, producer, Publisher("tips", "", producer), auth)
    task = asyncio.ensure_future(run_service("tips", Service(jobs=[letters.job()]), resources))
    async with asyncio.timeout(20):
        while letters.due != ["b"]:  # noqa: ASYNC110 — the job tells nobody.
            await asyncio.sleep(0.01)
    yield settings.http_port
    task.cancel()
    await asyncio.wait({task})


@pytest.fixture
def letters() -> Letters:
    return Letters()


async def typed(tmp_path: Path, port: int, *words: str) -> Result:
    environment = {"LOA_STATE": str(tmp_path), "TIPS_PORT": str(port)}
    return await asyncio.to_thread(CliRunner(env=environment).invoke, app, list(words))


@pytest.mark.expects_errors("item_parked")
async def test_what_is_parked_is_listed_and_redriven(tmp_path: Path, port: int, letters: Letters) -> None:
    assert "letters" in (await typed(tmp_path, port, "list", "tips")).output
    async with asyncio.timeout(20):
        while "ValueError" not in (listed := await typed(tmp_path, port, "parked", "tips")).output:
            assert listed.exit_code == 0, listed.output
    letters.mended = True
    redriven = await typed(tmp_path, port, "redrive", "tips", "letters")
    assert redriven.output == "1 will be tried again within seconds.\n"
    async with asyncio.timeout(20):
        while letters.due:  # noqa: ASYNC110 — the job tells nobody.
            await asyncio.sleep(0.01)
    assert "Nothing is parked" in (await typed(tmp_path, port, "parked", "tips")).output


@pytest.mark.expects_errors("item_parked")
async def test_a_job_or_a_service_that_is_not_there_is_named_with_those_that_are(tmp_path: Path, port: int) -> None:
    unknown_job = await typed(tmp_path, port, "redrive", "tips", "nonsense")
    assert isinstance(unknown_job.exception, SetupError)
    assert "letters" in str(unknown_job.exception)
    unknown_service = await typed(tmp_path, port, "parked", "nonsense")
    assert isinstance(unknown_service.exception, SetupError)
    assert "gateway, chatbot" in f"{unknown_service.exception} {unknown_service.exception.__dict__}"
