"""What a log line never tells, from whichever side the words come. Each case is a real process with its own log."""

import json
import subprocess
import sys
from typing import Any

import pytest

from loa.runtime.settings import ROOT

PLANTED = "toi-ten-la-bi-mat"  # Stands for a citizen's words.

HEAD = """
import asyncio, logging, sys, threading, warnings
import structlog
from chassis.log import configure
configure("chatbot")
log = structlog.get_logger()
def fail():
    raise ValueError("PLANTED")
"""

CASES = {
    "our own line about a fault": "try: fail()\nexcept ValueError as fault: log.error('failed', exc_info=fault)",
    "the current fault": "try: fail()\nexcept ValueError: log.exception('failed')",
    "a chain of faults": """
try:
    try: fail()
    except ValueError as inner: raise RuntimeError("PLANTED too") from inner
except RuntimeError: log.exception('failed')""",
    "a library's line": "logging.getLogger('lib').error('could not parse %s', 'PLANTED')",
    "a library's fault": "try: fail()\nexcept ValueError: logging.getLogger('lib').exception('PLANTED')",
    "a library's stack": "logging.getLogger('lib').error('PLANTED', stack_info=True)",
    "a task nobody awaited": """
async def main():
    async def bad(): fail()
    task = asyncio.ensure_future(bad()); await asyncio.sleep(0); del task
    import gc; gc.collect(); await asyncio.sleep(0)
asyncio.run(main())""",
    "a thread": "thread = threading.Thread(target=fail); thread.start(); thread.join()",
    "a destructor": "class A:\n    def __del__(self): fail()\na = A(); del a",
    "what nobody catches": "fail()",
}


def lines_of(case: str) -> tuple[str, list[dict[str, Any]]]:
    script = (HEAD + case).replace("PLANTED", PLANTED)
    completed = subprocess.run(  # noqa: S603 — the script above.
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )
    return completed.stdout + completed.stderr, [json.loads(line) for line in completed.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_words_of_a_fault_never_appear_but_its_kind_does(name: str) -> None:
    everything, lines = lines_of(CASES[name])
    assert PLANTED not in everything
    assert len(lines) == 1, everything
    (line,) = lines
    assert line["service"] == "chatbot"
    if "line" not in name and "stack" not in name:
        assert line["fault"] in {"ValueError", "RuntimeError"}
        assert line["at"][-1].split(":")[1].isdigit()


def test_a_line_is_json_with_its_time_and_level() -> None:
    _, (line,) = lines_of("log.warning('turn', records=3)")
    assert line["event"] == "turn"
    assert (line["level"], line["records"]) == ("warning", 3)
    assert line["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_not_said() -> None:
    assert lines_of("log.debug('x')")[1] == []
