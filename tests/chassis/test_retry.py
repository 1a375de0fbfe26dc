"""How long an unavailable dependency is waited for. No test here really waits."""

import asyncio

import pytest

from chassis.errors import InvalidRecordError, TransientError
from chassis.heartbeat import Heartbeat
from chassis.retry import RetryPolicy
from tests.doubles import FakeSleep


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
    fake_sleep = FakeSleep()
    assert await fake_sleep.retry_policy().retry(Attempts()) == "done"
    assert fake_sleep.seconds == []


async def test_an_unavailable_dependency_is_tried_again_with_growing_waits() -> None:
    fake_sleep, attempts = FakeSleep(), Attempts(TransientError("a"), TransientError("b"))
    assert await fake_sleep.retry_policy((1, 2, 4)).retry(attempts) == "done"
    assert (attempts.made, fake_sleep.seconds) == (3, [1, 2])


async def test_when_the_retries_end_the_last_failure_is_raised() -> None:
    fake_sleep, attempts = FakeSleep(), Attempts(*(TransientError(str(n)) for n in range(9)))
    with pytest.raises(TransientError, match="2"):
        await fake_sleep.retry_policy((1, 2)).retry(attempts)
    assert attempts.made == 3


@pytest.mark.parametrize("fault", [InvalidRecordError("the record"), ValueError("us"), asyncio.CancelledError()])
async def test_only_an_unavailable_dependency_is_waited_for(fault: BaseException) -> None:
    fake_sleep, attempts = FakeSleep(), Attempts(fault)
    with pytest.raises(type(fault)):
        await fake_sleep.retry_policy().retry(attempts)
    assert (attempts.made, fake_sleep.seconds) == (1, [])


async def test_an_attempt_that_never_ends_counts_as_an_unavailable_dependency() -> None:
    policy = RetryPolicy(waits_seconds=(), attempt_seconds=0.01)
    with pytest.raises(TransientError, match="not done within"):
        await policy.retry(lambda: asyncio.sleep(60))


async def test_replicas_do_not_march_in_step() -> None:
    fake_sleep, draws = FakeSleep(), iter([0.0, 0.999])
    policy = RetryPolicy(waits_seconds=(4, 4), jitter=lambda: next(draws), sleep=fake_sleep.sleep)
    await policy.retry(Attempts(TransientError("away"), TransientError("away")))
    assert fake_sleep.seconds == [2, pytest.approx(6, abs=0.01)]


def test_by_default_a_dependency_is_waited_for_a_minute_and_tried_every_few_seconds() -> None:
    waits = RetryPolicy().waits_seconds
    assert 50 <= sum(waits) <= 70
    assert max(waits) <= 5


def test_a_heartbeat_is_alive_as_long_as_it_beats() -> None:
    now = 0.0
    heartbeat = Heartbeat(limit_seconds=10, now=lambda: now)
    heartbeat.beat()
    now = 9.9
    assert heartbeat.alive()
    now = 10.1
    assert not heartbeat.alive()
    heartbeat.beat()
    assert heartbeat.alive()


def test_one_attempt_with_its_wait_is_shorter_than_a_heartbeat() -> None:
    """Or an outage would look like a hang, and a service be killed for the database's fault."""
    policy = RetryPolicy()
    assert policy.attempt_seconds + 1.5 * max(policy.waits_seconds) < Heartbeat().limit_seconds
