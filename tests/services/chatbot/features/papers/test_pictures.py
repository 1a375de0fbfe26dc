"""What a stranger's picture unpacks to costs a process of its own, and never the service."""

import asyncio
import sys

import psutil
import pytest

from services.chatbot.features.papers.pictures import PictureShrinker
from services.chatbot.features.papers.shrink import IMAGE_BYTES
from tests.peak_memory import peak_memory
from tests.services.chatbot.features.papers.paper_files import picture, png
from tests.waiting import until

pytestmark = pytest.mark.slow

MEGABYTE = 1 << 20
BOMB = png(8_900, noise=150)  # The one that took 690 MB of the service that unpacked it.
LARGEST = png(3_464, noise=300)  # Twelve million pixels, more than Zalo takes: the dearest that is unpacked.
SLEEPER = (sys.executable, "-I", "-c", "import sys, time; sys.stdin.buffer.read(); time.sleep(600)")


def children() -> list[psutil.Process]:
    living = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child in living if child.cmdline()[-1:] == [SLEEPER[-1]]]


async def test_bombs_at_once_leave_the_services_memory_flat_and_are_no_pictures() -> None:
    assert IMAGE_BYTES < len(BOMB) < 2 * MEGABYTE
    shrinker = PictureShrinker()
    with peak_memory() as grown:
        assert await asyncio.gather(*(shrinker.small_enough(BOMB) for _ in range(2))) == [None] * 2
    assert grown[0] < 30 * MEGABYTE


async def test_the_largest_picture_that_is_taken_leaves_it_flat_too() -> None:
    with peak_memory() as grown:
        small = await PictureShrinker().small_enough(LARGEST)
    assert small is not None
    assert len(small) <= IMAGE_BYTES < len(LARGEST)
    assert grown[0] < 30 * MEGABYTE


async def test_a_small_picture_is_kept_as_it_is_and_costs_no_process() -> None:
    assert await PictureShrinker(command=("/no/such/program",)).small_enough(picture()) == picture()


@pytest.mark.parametrize("code", ["raise SystemExit(1)", "print('x' * 2_000_000)", "pass"])
async def test_a_process_that_fails_or_says_too_much_or_nothing_gives_no_picture(code: str) -> None:
    shrinker = PictureShrinker(command=(sys.executable, "-I", "-c", code))
    assert await shrinker.small_enough(LARGEST) is None


async def test_a_process_that_takes_too_long_is_ended() -> None:
    assert await PictureShrinker(SLEEPER, seconds=0.5).small_enough(LARGEST) is None
    assert children() == []


async def test_one_picture_at_a_time_and_whoever_stops_waiting_leaves_no_process() -> None:
    shrinker = PictureShrinker(SLEEPER, seconds=600)
    waiting = [asyncio.create_task(shrinker.small_enough(LARGEST)) for _ in range(3)]
    await until(lambda: len(children()) == 1, seconds=30)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert children() == []
