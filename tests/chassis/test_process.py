"""A house as a real process: it stops when told, within its bound, and says why when it fails."""

import gc
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from chassis.process import settle
from loa.runtime.program import Program
from tests.servers.process import Running, wait_until

HEAD = """
import asyncio, sys, threading, time
from chassis.blame import Misconfigured, TooManyBuried, Transient
from chassis.process import run
from chassis.settings import Settings
SETTINGS = Settings(stop_seconds=2)
"""
OBEYS = "async def main(): await asyncio.sleep(60)"
HANGS = """
async def main():
    while True:
        try: await asyncio.sleep(60)
        except asyncio.CancelledError: pass"""
SLOW_GOODBYE = """
async def main():
    try: await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0.3)
        print('{"event": "goodbye"}', flush=True)"""
GROUP = """
async def main():
    async with asyncio.TaskGroup() as group: group.create_task(bad())
"""
THREAD = """
async def main():
    asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)
    await asyncio.sleep(0.2)
    raise Transient("the broker stays away: look at it")"""


def started(tmp_path: Path, body: str) -> Running:
    script = tmp_path / "house.py"
    script.write_text(HEAD + body + '\nrun("chatbot", SETTINGS, main)\n')
    return Running(Program("house", (sys.executable, str(script)), {"PYTHONPATH": "."}), tmp_path / "log").start()


def lines(house: Running) -> list[dict[str, Any]]:
    return [json.loads(line) for line in house.said().splitlines()]


def told_to_stop(house: Running, sign: int) -> tuple[int, float]:
    wait_until(lambda: "started" in house.said(), 20, house.said())
    since = time.monotonic()
    house.signal(sign)
    return house.wait(10), time.monotonic() - since


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_in_order(tmp_path: Path, sign: int) -> None:
    house = started(tmp_path, OBEYS)
    code, seconds = told_to_stop(house, sign)
    assert code == 0
    assert seconds < 1.5
    assert [line["event"] for line in lines(house)] == ["started", "stopped"]


def test_what_is_in_hand_may_be_finished_within_the_bound(tmp_path: Path) -> None:
    house = started(tmp_path, SLOW_GOODBYE)
    assert told_to_stop(house, signal.SIGTERM)[0] == 0
    assert [line["event"] for line in lines(house)] == ["started", "goodbye", "stopped"]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_that_hangs_is_made_hard_within_the_bound(tmp_path: Path, sign: int) -> None:
    code, seconds = told_to_stop(started(tmp_path, HANGS), sign)
    assert code == 1
    assert 1.5 < seconds < 4


def test_a_thread_that_hangs_does_not_keep_a_failed_house_from_ending(tmp_path: Path) -> None:
    house = started(tmp_path, THREAD)
    assert house.wait(10) == 1
    assert lines(house)[-1]["why"] == "the broker stays away: look at it"


@pytest.mark.parametrize("fault", ["Transient", "TooManyBuried", "Misconfigured"])
def test_our_own_sentences_are_told_with_exit_code_1(tmp_path: Path, fault: str) -> None:
    house = started(tmp_path, f"async def main(): raise {fault}('look at the broker')")
    assert house.wait(20) == 1
    failed = lines(house)[-1]
    assert (failed["event"], failed["why"], failed["fault"]) == ("failed", "look at the broker", fault)


@pytest.mark.parametrize(
    "fault",
    ["ValueError('PLANTED')", "KeyError('PLANTED')", "OSError(2, 'No such file', 'PLANTED')", "Exception('PLANTED')"],
)
def test_other_people_s_sentences_are_not(tmp_path: Path, fault: str) -> None:
    house = started(tmp_path, GROUP + f"async def bad(): raise {fault}")
    assert house.wait(20) == 1
    failed = lines(house)[-1]
    assert failed["fault"] == fault.partition("(")[0].replace("OSError", "FileNotFoundError")
    assert "PLANTED" not in house.said()


def test_what_a_house_has_loaded_is_not_searched_for_cycles_again() -> None:
    before = gc.get_freeze_count()
    loaded = [{"nth": nth} for nth in range(1_000)]
    settle()
    try:
        assert gc.get_freeze_count() >= before + len(loaded)
        assert not any(one is loaded for one in gc.get_objects())
    finally:
        gc.unfreeze()
