"""Waits until every service is ready, or one plainly never will be."""

import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress

from loa.runtime.errors import SetupError
from loa.runtime.services import Service
from loa.runtime.supervisor import Supervisor

STARTS = 3  # A service that was started this often without ever being ready will not be.


def answers(service: Service) -> bool:
    with suppress(OSError), urllib.request.urlopen(service.url + service.ready, timeout=3) as answer:  # noqa: S310 - http, to ourselves.
        return bool(answer.status == 200)  # noqa: PLR2004 - the one status that means ready.
    return False


def wait(supervisor: Supervisor, services: Sequence[Service], seconds: float, on_ready: Callable[[str], None]) -> None:
    """Calls `done` for each service that is ready. Raises SetupError naming one that is not, with the last lines of its log."""
    deadline = time.monotonic() + seconds
    starts: defaultdict[str, set[int]] = defaultdict(set)
    waiting = list(services)
    while True:
        for service in [service for service in waiting if answers(service)]:
            waiting.remove(service)
            on_ready(f"{service.name} is ready")
        if not waiting:
            return
        states = supervisor.states()
        for service in waiting:
            state = states.get(service.name)
            starts[service.name].add(state.started if state else 0)
            hopeless = state is None or state.word == "FATAL" or len(starts[service.name]) > STARTS
            if hopeless or time.monotonic() > deadline:
                raise _not_ready(
                    supervisor, service, "does not stay up" if hopeless else f"is not ready after {seconds:g} s"
                )
        time.sleep(0.1)


def _not_ready(supervisor: Supervisor, service: Service, how: str) -> SetupError:
    log = supervisor.log_of(service.name)
    last = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
    last_words = "\n    ".join(["Its last words:", *last]) if last else "It said nothing."
    return SetupError(
        f"{service.name} {how}. {last_words}", f"Read {log}; {service.url}{service.ready} says what it waits for."
    )
