"""A service as a process: what it is made of, and the one way to run it.

Each service has `app.build(resources)`, an async context manager that joins its parts into a `Service`, and a `__main__` that
hands it to `run`. Started: the version of the stored data is looked at, then the HTTP port opens, with or without the database
(`/alive` answers, `/ready` not yet), then the stores' indexes, tried until the database is there, then the consumer loop and the
jobs. Stopped: the HTTP port first, with the requests in hand, then the rest.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

import structlog
from fastapi import APIRouter, FastAPI

from chassis import metrics, process
from chassis.attempts import AttemptStore
from chassis.auth import Auth, is_public
from chassis.consumer_loop import ConsumerLoop, no_apology
from chassis.dead_letters import DeadLetters
from chassis.errors import TransientError
from chassis.heartbeat import watch_event_loop
from chassis.http import Check, create_app, create_public_app, serve
from chassis.job_runner import JobRunner
from chassis.jobs import Job
from chassis.jobs_api import jobs_api
from chassis.kafka import KafkaProducer, ensure_dead_topic, open_consumer, open_producer
from chassis.migrations import VersionGuard, migrations_of
from chassis.mongo import Database, database, ping
from chassis.parked import ParkedStore
from chassis.publisher import Publisher
from chassis.records import Apologise, BatchHandler, Clock, EventConsumer, KnownGood
from chassis.retry import RetryPolicy
from chassis.settings import PublicSettings, Settings
from chassis.used_tokens import MongoUsedTokens
from contracts.catalogue import READERS

log = structlog.get_logger()

S = TypeVar("S", bound=Settings)

_VERSION_SECONDS = 1.0  # How long the HTTP port waits for the database to report the version of its data.


class Store(Protocol):
    async def prepare(self) -> None:
        """Create the indexes. Idempotent; raises TransientError."""


@dataclass(frozen=True, slots=True)
class Resources(Generic[S]):
    """What reaches the outside, opened by `run` and by tests alike."""

    settings: S
    db: Database
    producer: KafkaProducer
    publisher: Publisher
    auth: Auth
    clock: Clock = lambda: datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Service:
    """What a service is made of. One without `handle` consumes nothing."""

    routers: Sequence[APIRouter] = ()
    handle: BatchHandler | None = None
    consumes: frozenset[str] = frozenset()  # Event types; others on its topics are skipped unread.
    known_good: KnownGood = tuple  # Demanded of every service that consumes.
    apologise: Apologise = no_apology
    jobs: Sequence[Job[Any]] = ()
    stores: Sequence[Store] = ()
    queues: Sequence[Callable[[], Awaitable[None]]] = ()  # Run until the service stops; in memory, so no jobs.
    checks: Mapping[str, Check] | None = None  # Of `/ready`: that MongoDB answers, unless the service knows better.
    alive: Callable[[], bool] = lambda: True  # Asked by `/alive`, beside the loop and the jobs.
    wrap: Callable[[FastAPI], Any] = lambda app: app  # What is served beside the public routes.


Build = Callable[[Resources[S]], AbstractAsyncContextManager[Service]]


def run(name: str, settings_class: type[S], build: Build[S]) -> None:
    """Read the settings from the environment and run until a signal. Never returns."""
    settings = settings_class.read(os.environ)
    process.run(name, settings, lambda: _main(name, settings, build))


async def _main(name: str, settings: S, build: Build[S]) -> None:
    metrics.prepare(READERS.get(name, ()))
    async with (
        database(settings.mongo_url.get_secret_value(), settings.mongo_database or name) as db,
        open_producer(settings) as producer,
    ):
        publisher = Publisher(name, settings.topic_prefix, producer)
        used_tokens = MongoUsedTokens(db)
        auth = Auth(name, settings.secrets_dir, used_tokens)
        resources = Resources(settings, db, producer, publisher, auth)
        async with build(resources) as service:
            await run_service(name, replace(service, stores=[used_tokens, *service.stores]), resources)


async def run_service(name: str, service: Service, resources: Resources[S]) -> None:
    """Run until cancelled. Raises what the consumer loop raises, MisconfiguredError when the port is taken."""
    await _Running(name, service, resources).run()


@dataclass(slots=True)
class _Running(Generic[S]):
    name: str
    service: Service
    resources: Resources[S]
    runner: JobRunner = field(init=False)
    _loop: ConsumerLoop | None = None
    _prepared: bool = False
    _version_known: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        settings, service = self.resources.settings, self.service
        parked = ParkedStore(self.resources.db)
        self.runner = JobRunner(service.jobs, parked)
        checks = service.checks if service.checks is not None else {"mongo": lambda: ping(self.resources.db)}
        internal = [each for each in service.routers if not is_public(each)]
        routers = [*internal, jobs_api(self.runner, self.resources.auth)]
        app = create_app(self.name, self._alive, {**checks, "indexes": self._ready}, routers)
        process.freeze_gc()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._work([parked, *service.stores]))
            group.create_task(watch_event_loop())
            with suppress(TimeoutError):
                async with asyncio.timeout(_VERSION_SECONDS):
                    await self._version_known.wait()
            async with asyncio.TaskGroup() as servers:  # Not beside the others: on a stop these are cancelled first.
                servers.create_task(serve(app, settings.http_host, settings.http_port))
                if isinstance(settings, PublicSettings):
                    public = create_public_app(self.name, [each for each in service.routers if is_public(each)])
                    servers.create_task(serve(service.wrap(public), settings.http_host, settings.public_port))

    async def _work(self, stores: Sequence[Store]) -> None:
        await prepare([VersionGuard(self.resources.db, migrations_of(self.name))])
        self._version_known.set()
        await prepare(stores)
        service, settings = self.service, self.resources.settings
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
            if service.handle is not None:
                consumer = await stack.enter_async_context(open_consumer(settings, self.name, READERS[self.name]))
                self._loop = self._consumer_loop(consumer, service.handle)
                group.create_task(self._loop.run())
            for queue in service.queues:
                group.create_task(_forever(queue))
            group.create_task(self.runner.run())
            self._prepared = True

    def _consumer_loop(self, consumer: EventConsumer, handle: BatchHandler) -> ConsumerLoop:
        service, publisher, attempts = self.service, self.resources.publisher, AttemptStore(self.resources.db)
        dead = DeadLetters(publisher, partial(ensure_dead_topic, self.resources.settings, self.name))
        return ConsumerLoop(
            consumer, publisher, handle, service.consumes, service.known_good, attempts, dead, service.apologise
        )

    def _alive(self) -> bool:
        """True until the indexes exist: nothing runs yet, and waiting for the database is no reason for a restart."""
        if not self._prepared:
            return True
        return self.service.alive() and self.runner.alive() and (self._loop is None or self._loop.heartbeat.alive())

    async def _ready(self) -> None:
        if not self._prepared:
            raise TransientError("the indexes are not there yet")


async def prepare(stores: Sequence[Store], retry_policy: RetryPolicy | None = None) -> None:
    """Create every store's indexes, trying until the database is there."""
    policy = retry_policy or RetryPolicy()

    async def attempt() -> None:
        await asyncio.gather(*(store.prepare() for store in stores))

    while True:
        try:
            return await policy.retry(attempt)
        except TransientError as fault:
            log.warning("indexes_wait", why=str(fault))


async def _forever(queue: Callable[[], Awaitable[None]]) -> None:
    await queue()
    raise RuntimeError("a queue that runs for ever has ended")
