"""Every service has the same skeleton, and whatever is periodic is a job: who knows one service knows all of them."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

from chassis.settings import Settings
from contracts.catalogue import READERS

SERVICES = sorted(path.parent.name for path in Path("services").glob("*/__main__.py"))
MAIN_LINES = 8

# Loops of their own, and why they are no jobs.
LOOPS = {
    "notify/tokens.py": "a pair of tokens exists nowhere else until it is stored; a renewal waits for another process's",
    "notify/dispatch/result_writer.py": "results exist nowhere else until the ledger has them",
}


def sleeping_loops(source: str) -> list[int]:
    """The lines of `while` loops that sleep."""
    loops = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.While)]
    return [loop.lineno for loop in loops if any(_is_sleep(node) for node in ast.walk(loop))]


def _is_sleep(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name == "sleep"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_built_by_app_and_run_by_the_chassis(service: str) -> None:
    build = importlib.import_module(f"services.{service}.app").build
    assert list(inspect.signature(build).parameters) == ["resources"]
    main = Path(f"services/{service}/__main__.py").read_text()
    assert len(main.splitlines()) <= MAIN_LINES
    assert f'run("{service}", ' in main


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_same_rooms_as_the_others(service: str) -> None:
    rooms = {path.name for path in Path(f"services/{service}").iterdir()}
    wanted = {"README.md", "__main__.py", "app.py", "decide.py", "metrics.py", "settings.py"}
    assert wanted <= rooms
    assert "handle.py" in rooms or service not in READERS
    settings = getattr(importlib.import_module(f"services.{service}.settings"), f"{service.title()}Settings")
    assert issubclass(settings, Settings)
    assert callable(importlib.import_module(f"services.{service}.metrics").prepare)


@pytest.mark.parametrize("service", READERS)
def test_a_service_that_consumes_can_tell_its_own_fault_from_a_records(service: str) -> None:
    assert "known_good=" in Path(f"services/{service}/app.py").read_text()


def test_what_is_periodic_is_a_job() -> None:
    found = {
        str(path.relative_to("services")): lines
        for path in Path("services").rglob("*.py")
        if (lines := sleeping_loops(path.read_text()))
    }
    assert set(found) == set(LOOPS), "a loop that sleeps belongs into a chassis.jobs.Job"


@pytest.mark.parametrize("sleep", ["asyncio.sleep(1)", "sleep(1)", "self.sleep(1)"])
def test_a_planted_loop_is_seen(sleep: str) -> None:
    source = f"async def run(self):\n    while True:\n        if self.more():\n            await {sleep}\n"
    assert sleeping_loops(source) == [2]
