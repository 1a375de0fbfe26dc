"""Waiting until every door says that it can work, or until one plainly never will."""

import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress

from loa.runtime.houses import House
from loa.runtime.supervisor import Supervisor
from loa.runtime.trouble import SetupError

STARTS = 3  # A house that was started this often without ever being ready will not be.


def answers(house: House) -> bool:
    with suppress(OSError), urllib.request.urlopen(house.url + house.ready, timeout=3) as answer:  # noqa: S310 - http, to ourselves.
        return bool(answer.status == 200)  # noqa: PLR2004 - the one status that means ready.
    return False


def wait(supervisor: Supervisor, houses: Sequence[House], seconds: float, done: Callable[[str], None]) -> None:
    """`done` hears of each that is ready. Raises SetupError naming who is not, with the last words of its log."""
    deadline = time.monotonic() + seconds
    starts: defaultdict[str, set[int]] = defaultdict(set)
    waiting = list(houses)
    while True:
        for house in [house for house in waiting if answers(house)]:
            waiting.remove(house)
            done(f"{house.name} is ready")
        if not waiting:
            return
        states = supervisor.states()
        for house in waiting:
            state = states.get(house.name)
            starts[house.name].add(state.started if state else 0)
            hopeless = state is None or state.word == "FATAL" or len(starts[house.name]) > STARTS
            if hopeless or time.monotonic() > deadline:
                raise _not_ready(
                    supervisor, house, "does not stay up" if hopeless else f"is not ready after {seconds:g} s"
                )
        time.sleep(0.1)


def _not_ready(supervisor: Supervisor, house: House, how: str) -> SetupError:
    log = supervisor.log_of(house.name)
    last = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
    said = "\n    ".join(["Its last words:", *last]) if last else "It said nothing."
    return SetupError(f"{house.name} {how}. {said}", f"Read {log}; {house.url}{house.ready} says what it waits for.")
