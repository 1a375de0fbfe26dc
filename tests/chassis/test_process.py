"""A service as a real process: it stops when told, within its bound, and says why when it fails."""

import gc
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from chassis.process import freeze_gc
from loa.runtime.program import Program
from loa.testkit.process import Running, wait_until

pytestmark = pytest.mark.slow

HEAD = """
import asyncio, sys, threading, time
from chassis.errors import MisconfiguredError, OwnFaultError, TransientError
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
    raise TransientError("the broker stays away: look at it")"""


def started(tmp_path: Path, body: str) -> Running:
    script = tmp_path / "service.py"
    script.write_text(HEAD + body + '\nrun("chatbot", SETTINGS, main)\n')
    return Running(Program("service", (sys.executable, str(script)), {"PYTHONPATH": "."}), tmp_path / "log").start()


def lines(service: Running) -> list[dict[str, Any]]:
    return [json.loads(line) for line in service.output().splitlines()]


def signal_and_wait(service: Running, signal_number: int) -> tuple[int, float]:
    wait_until(lambda: "started" in service.output(), 20, service.output())
    since = time.monotonic()
    service.signal(signal_number)
    return service.wait(10), time.monotonic() - since


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_in_order(tmp_path: Path, signal_number: int) -> None:
    service = started(tmp_path, OBEYS)
    code, seconds = signal_and_wait(service, signal_number)
    assert code == 0
    assert seconds < 1.5
    assert [line["event"] for line in lines(service)] == ["started", "stopped"]


def test_what_is_in_hand_may_be_finished_within_the_bound(tmp_path: Path) -> None:
    service = started(tmp_path, SLOW_GOODBYE)
    assert signal_and_wait(service, signal.SIGTERM)[0] == 0
    assert [line["event"] for line in lines(service)] == ["started", "goodbye", "stopped"]


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_that_hangs_is_made_hard_within_the_bound(tmp_path: Path, signal_number: int) -> None:
    code, seconds = signal_and_wait(started(tmp_path, HANGS), signal_number)
    assert code == 1
    assert 1.5 < seconds < 4


def test_a_thread_that_hangs_does_not_keep_a_failed_service_from_ending(tmp_path: Path) -> None:
    service = started(tmp_path, THREAD)
    assert service.wait(10) == 1
    assert lines(service)[-1]["why"] == "the broker stays away: look at it"


@pytest.mark.parametrize("fault", ["TransientError", "OwnFaultError", "MisconfiguredError"])
def test_our_own_sentences_are_told_with_exit_code_1(tmp_path: Path, fault: str) -> None:
    service = started(tmp_path, f"async def main(): raise {fault}('look at the broker')")
    assert service.wait(20) == 1
    failed = lines(service)[-1]
    assert (failed["event"], failed["why"], failed["fault"]) == ("failed", "look at the broker", fault)


@pytest.mark.parametrize(
    "fault",
    ["ValueError('PLANTED')", "KeyError('PLANTED')", "OSError(2, 'No such file', 'PLANTED')", "Exception('PLANTED')"],
)
def test_other_people_s_sentences_are_not(tmp_path: Path, fault: str) -> None:
    service = started(tmp_path, GROUP + f"async def bad(): raise {fault}")
    assert service.wait(20) == 1
    failed = lines(service)[-1]
    assert failed["fault"] == fault.partition("(")[0].replace("OSError", "FileNotFoundError")
    assert "PLANTED" not in service.output()


def test_what_a_service_has_loaded_is_not_searched_for_cycles_again() -> None:
    before = gc.get_freeze_count()
    loaded = [{"nth": index} for index in range(1_000)]
    freeze_gc()
    try:
        assert gc.get_freeze_count() >= before + len(loaded)
        assert not any(tracked is loaded for tracked in gc.get_objects())
    finally:
        gc.unfreeze()
