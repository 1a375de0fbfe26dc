"""How long the world is waited for. No test here really waits."""

import asyncio

import pytest

from chassis.blame import Poison, Transient
from chassis.patience import Patience
from chassis.pulse import Pulse
from tests.doubles import Naps


class Attempts:
    def __init__(self, *endings: BaseException | None) -> None:
        self.endings, self.made = list(endings), 0

    async def __call__(self) -> str:
        self.made += 1
        ending = self.endings.pop(0) if self.endings else None
        if ending:
            raise ending
        return "done"


async def test_a_first_success_waits_for_nothing() -> None:
    naps = Naps()
    assert await naps.patience().retry(Attempts()) == "done"
    assert naps.seconds == []


async def test_the_world_is_tried_again_with_growing_waits() -> None:
    naps, attempts = Naps(), Attempts(Transient("a"), Transient("b"))
    assert await naps.patience((1, 2, 4)).retry(attempts) == "done"
    assert (attempts.made, naps.seconds) == (3, [1, 2])


async def test_when_patience_ends_the_last_failure_is_raised() -> None:
    naps, attempts = Naps(), Attempts(*(Transient(str(n)) for n in range(9)))
    with pytest.raises(Transient, match="2"):
        await naps.patience((1, 2)).retry(attempts)
    assert attempts.made == 3


@pytest.mark.parametrize("fault", [Poison("the record"), ValueError("us"), asyncio.CancelledError()])
async def test_only_the_world_is_waited_for(fault: BaseException) -> None:
    naps, attempts = Naps(), Attempts(fault)
    with pytest.raises(type(fault)):
        await naps.patience().retry(attempts)
    assert (attempts.made, naps.seconds) == (1, [])


async def test_an_attempt_that_never_ends_is_the_world_s_fault() -> None:
    patience = Patience(waits_seconds=(), turn_seconds=0.01)
    with pytest.raises(Transient, match="not settled"):
        await patience.retry(lambda: asyncio.sleep(60))


async def test_replicas_do_not_march_in_step() -> None:
    naps, draws = Naps(), iter([0.0, 0.999])
    patience = Patience(waits_seconds=(4, 4), jitter=lambda: next(draws), sleep=naps.sleep)
    await patience.retry(Attempts(Transient("away"), Transient("away")))
    assert naps.seconds == [2, pytest.approx(6, abs=0.01)]


def test_by_default_the_world_is_waited_for_a_minute_and_looked_at_every_few_seconds() -> None:
    waits = Patience().waits_seconds
    assert 50 <= sum(waits) <= 70
    assert max(waits) <= 5


def test_a_pulse_is_alive_as_long_as_it_beats() -> None:
    now = 0.0
    pulse = Pulse(limit_seconds=10, now=lambda: now)
    pulse.beat()
    now = 9.9
    assert pulse.alive()
    now = 10.1
    assert not pulse.alive()
    pulse.beat()
    assert pulse.alive()


def test_one_attempt_with_its_wait_is_shorter_than_a_pulse() -> None:
    """Or an outage would look like a hang, and a house be killed for the database's fault."""
    patience = Patience()
    assert patience.turn_seconds + 1.5 * max(patience.waits_seconds) < Pulse().limit_seconds
