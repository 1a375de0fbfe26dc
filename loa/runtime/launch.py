"""From a bare folder to a running Loa, and back. Every step is bounded, and a start that fails leaves nothing running."""

import asyncio
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from chassis.errors import TransientError
from chassis.kafka import Account, ensure_rights, ensure_topics
from loa.runtime import accounts, ports, processes, prometheus, ready, secrets, state
from loa.runtime import broker as brokers
from loa.runtime.broker import Broker
from loa.runtime.errors import SetupError
from loa.runtime.mongod import Mongod
from loa.runtime.services import Service, environment_of
from loa.runtime.settings import Settings
from loa.runtime.supervisor import Supervisor

STOP_SECONDS = 90  # Seconds. The stop times of all parts, one after the other, and some.
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Running:
    """A running Loa. `broker` is needed for watching: Tansu's topics have to be made again when it dies."""

    settings: Settings
    supervisor: Supervisor
    broker: Broker
    services: tuple[Service, ...]


def start(settings: Settings, services: Sequence[Service], report: Progress) -> Running:
    """Start servers, topics and services; returns when all are ready. Raises SetupError, having stopped what it started."""
    supervisor = Supervisor(settings)
    if supervisor.is_up():
        raise SetupError(f"Loa is already up (its state is in {settings.loa_state}).", "`make down`, then start again.")
    state.require_known(settings.loa_state)
    state.require_upgraded(settings.loa_state)
    if processes.end(settings.loa_state):
        report("Ended what an earlier run had left behind.")
    ports.require_free(settings.ports())
    settings.loa_state.mkdir(mode=0o700, parents=True, exist_ok=True)  # Logs and data are for this user alone.
    state.mark(settings.loa_state)
    secrets.generate(settings.secrets)
    secrets.make_demo_reader(settings.secrets)
    broker, sentence = brokers.prepare(settings)
    settings.save_addresses(broker.name)
    report(sentence)
    try:
        return _start(settings, supervisor, broker, tuple(services), report)
    except BaseException:
        stop(settings)
        raise


def _start(
    settings: Settings, supervisor: Supervisor, broker: Broker, services: tuple[Service, ...], report: Progress
) -> Running:
    began = time.monotonic()

    def report_step(what: str) -> None:
        report(f"{what} ({time.monotonic() - began:.1f} s)")

    mongod = Mongod(settings.loa_state / "mongo", settings.mongo_port, settings.secrets)
    servers = [mongod.program(), broker.program()]
    later = [service.program(environment_of(service.name, settings, broker)) for service in services]
    scraper = prometheus.program(settings, services)
    if scraper:
        later.append(scraper)
    supervisor.start(servers, later)
    mongod.await_primary(settings.ready_seconds)
    mongod.make_users()
    report_step("MongoDB takes writes")
    make_topics(broker, settings)
    report_step(f"{broker.name.capitalize()} holds the topics")
    for program in later:
        supervisor.run(program.name)
    ready.wait(supervisor, services, settings.ready_seconds, report_step)
    if scraper is None:
        report("Prometheus is not installed, so nobody scrapes: apt-get install prometheus brings it.")
    return Running(settings, supervisor, broker, services)


def make_topics(broker: Broker, settings: Settings) -> None:
    """The topics, and on Kafka who may use them. Once it listens it may still need a moment. Raises SetupError."""
    seconds, administrator = settings.ready_seconds, accounts.broker_administrator(broker.name, settings.secrets)
    deadline = time.monotonic() + seconds
    ports.await_listening(broker.port, seconds)
    while True:
        try:
            return asyncio.run(_make_topics(broker, administrator))
        except TransientError as silent:
            if time.monotonic() > deadline:
                what = f"{broker.name.capitalize()} did not take the topics within {seconds:g} s."
                raise SetupError(what, "Read the log of broker (`loa status` says where).") from silent
        time.sleep(0.2)


async def _make_topics(broker: Broker, administrator: Account) -> None:
    await ensure_topics(broker.servers, broker.partitions, administrator=administrator)
    if administrator.user:
        await ensure_rights(broker.servers, administrator)


def stop(settings: Settings) -> int:
    """End everything that was started for this state folder, and only that. How many processes there were."""
    supervisor = Supervisor(settings)
    with _undisturbed():
        running = len(processes.of(settings.loa_state))
        if supervisor.is_up():
            supervisor.shut_down()
            deadline = time.monotonic() + STOP_SECONDS
            while supervisor.is_up() and time.monotonic() < deadline:
                time.sleep(0.1)
        processes.end(settings.loa_state)
    return running


@contextmanager
def _undisturbed() -> Iterator[None]:
    """The second Ctrl-C of an impatient hand must not leave half of it running."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, signal.SIG_IGN) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
