"""Waking a job: at once, after its time, and never in the way of a stop."""

import asyncio

import pytest

from chassis.wake_up import WakeUp


async def test_it_returns_at_the_next_wake_and_that_counts_once() -> None:
    wake = WakeUp()
    wake.wake()
    async with asyncio.timeout(5):
        await wake.wait(3_600)
    started = asyncio.get_running_loop().time()
    await wake.wait(0.01)
    assert asyncio.get_running_loop().time() - started >= 0.01


async def test_a_stop_in_the_very_moment_of_a_wake_is_not_lost() -> None:
    wake = WakeUp()
    waiting = asyncio.ensure_future(wake.wait(3_600))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    wake.wake()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
