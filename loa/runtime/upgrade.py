"""From data of an earlier release to data of this one: check, drain, copy, migrate, report.

Killed at any moment, it goes on where it stopped when it is run again: the copy is made once, migrations note how far they are.
"""

import asyncio
import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chassis.errors import TransientError
from chassis.kafka import Account, unfinished
from contracts.catalogue import READERS, SERVICES
from loa.runtime import backup, launch, processes, secrets, state
from loa.runtime.accounts import broker_administrator
from loa.runtime.errors import SetupError
from loa.runtime.launch import Progress
from loa.runtime.mongod import Mongod
from loa.runtime.settings import ROOT, Settings
from loa.runtime.supervisor import Supervisor
from loa.runtime.whole_file import write_whole

DRAIN_SECONDS, DRAIN_POLL_SECONDS = 60.0, 0.5


@dataclass(frozen=True, slots=True)
class DataReport:
    """What `python -m chassis.migrations` reports of a service's data. `stored` is None where no release numbered it."""

    stored: int | None
    latest: int
    done: tuple[str, ...]


def run(settings: Settings, report: Progress) -> None:
    """Bring stopped or running data up to this release and leave everything stopped. Raises SetupError naming the remedy."""
    state.require_known(settings.loa_state)
    if state.stored_layout(settings.loa_state) is None:
        report("There is no data yet: `make up` begins with this release's own version.")
        return
    with _alone(settings.loa_state):
        marker = settings.loa_state / state.UPGRADE
        if not marker.exists() and not _copied(settings, marker, report):
            return
        launch.stop(settings)
        with mongod(settings) as url:
            for service in SERVICES:
                _report_migrated(service, migrate(service, url), report)
        copy = json.loads(marker.read_text())["copy"]
        marker.unlink()
    report(f"The data is of this release's version. `make up` starts it. The copy of what was before: {copy}")


def _copied(settings: Settings, marker: Path, report: Progress) -> bool:
    """Check, drain, copy. Returns False when there is nothing to migrate; then a Loa that runs goes on."""
    running = Supervisor(settings).is_up()
    if running:
        pending = _pending(Mongod(settings.loa_state / "mongo", settings.mongo_port, settings.secrets).url)
    else:
        processes.end(settings.loa_state)
        with mongod(settings) as url:
            pending = _pending(url)
    if not pending:
        report("The data is of this release's version already: nothing to do.")
        return False
    report("To be migrated: " + ", ".join(f"{name} ({count})" for name, count in pending.items()))
    if running:
        _drain(settings, report)
        launch.stop(settings)
        report("Loa is stopped.")
    copy = backup.make(settings.loa_state)
    write_whole(marker, json.dumps({"copy": str(copy)}))
    report(f"Copied the data to {copy}")
    return True


def _pending(url: str) -> dict[str, int]:
    """Returns how many migrations wait, of each service that has some. Raises SetupError on data that cannot be migrated."""
    reports = {service: migrate(service, url, "--tell") for service in SERVICES}
    for service, data in reports.items():
        if data.stored is None or data.stored > data.latest:
            whose = "no release numbered" if data.stored is None else f"a newer release left at version {data.stored}"
            raise SetupError(
                f"The data of {service} is some that {whose}; this release cannot migrate it.",
                "Start the release that made it; or begin anew with another LOA_STATE (docs/upgrading.md).",
            )
    return {name: data.latest - (data.stored or 0) for name, data in reports.items() if data.stored != data.latest}


def migrate(service: str, url: str, *words: str) -> DataReport:
    """Run a service's pending migrations (with `--tell`, only look). Raises SetupError with what it says itself."""
    command = [sys.executable, "-m", "chassis.migrations", service, *words]
    environment = os.environ | {"MONGO_URL": url}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - the words above.
    if ended.returncode:
        last = (ended.stderr.strip() or "it said nothing").splitlines()[-1]
        raise SetupError(f"The migration of {service} stopped: {last}", "Put that right and run `loa upgrade` again.")
    answer = json.loads(ended.stdout)
    return DataReport(answer["stored"], answer["latest"], tuple(answer["done"]))


def _report_migrated(service: str, data: DataReport, report: Progress) -> None:
    if data.done:
        report(f"{service}: version {data.stored} → {data.latest} ({'; '.join(data.done)})")


def _drain(settings: Settings, report: Progress) -> None:
    """Close the gateway, then let the services that run finish what is on the log: they know best what they wrote."""
    Supervisor(settings).end("gateway")
    report("The gateway is closed; Zalo delivers again what it could not deliver now.")
    deadline = time.monotonic() + DRAIN_SECONDS
    administrator = broker_administrator(settings.broker, settings.secrets)
    while left := asyncio.run(_on_the_log(f"127.0.0.1:{settings.kafka_port}", READERS, administrator)):
        if time.monotonic() > deadline:
            report(f"{left} records are still unread after {DRAIN_SECONDS:g} s; the new release will read them.")
            return
        time.sleep(DRAIN_POLL_SECONDS)
    report("Everything on the log is handled.")


async def _on_the_log(servers: str, readers: Mapping[str, tuple[str, ...]], administrator: Account) -> int:
    try:
        return sum([await unfinished(servers, group, topics, administrator) for group, topics in readers.items()])
    except TransientError as fault:
        raise SetupError(
            str(fault), "`make down`, then run `loa upgrade` again: it upgrades stopped data too."
        ) from None


@contextmanager
def mongod(settings: Settings) -> Iterator[str]:
    """MongoDB alone, on the data as it lies; stopped at the end, whatever happens. Yields its address."""
    secrets.generate(settings.secrets)
    server = Mongod(settings.loa_state / "mongo", settings.mongo_port, settings.secrets)
    try:
        Supervisor(settings).start([server.program()], [])
        server.await_primary(settings.ready_seconds)
        yield server.url
    finally:
        launch.stop(settings)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One upgrade at a time; the kernel lets go of the lock when the process dies."""
    with (folder / "upgrade.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SetupError("Another `loa upgrade` is at work on this state folder.", "Wait for it to end.") from None
        yield
