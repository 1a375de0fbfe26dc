"""Who may know whom, and that the rules bite."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.tree import ROOT, name, python_files

CHECKED = ("contracts", "chassis", "services", "sandbox", "loa", "bench")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).parent / "lint-imports"),
        "--no-logo",
        "--no-cache",
        "--config",
        ".importlinter",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - the words above.


def test_everyone_keeps_to_the_import_rules() -> None:
    completed = lint(ROOT)
    assert completed.returncode == 0, completed.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("services/chatbot/planted.py", "import services.notify.decide", "Services never import each other"),
        ("contracts/planted.py", "import chassis.retry", "Contracts know nothing"),
        ("chassis/planted.py", "import services.chatbot", "Contracts know nothing"),
        ("sandbox/planted.py", "import services.gateway", "Contracts know nothing"),
        ("loa/runtime/planted.py", "import services.chatbot", "Contracts know nothing"),
        ("services/chatbot/content/planted.py", "import services.chatbot.metrics", "The chatbot in layers"),
        (
            "services/chatbot/dialogue/planted.py",
            "import services.chatbot.features.survey.flow",
            "The chatbot in layers",
        ),
        ("services/chatbot/features/planted.py", "import services.chatbot.replies.free_text", "The chatbot in layers"),
        ("services/chatbot/planted.py", "import services.chatbot.content", "The chatbot in layers"),
        ("services/chatbot/features/fines/planted.py", "import services.chatbot.features.news.flow", "no other errand"),
        (
            "services/chatbot/nlu/planted.py",
            "import services.chatbot.dialogue.turn",
            "The language model knows content",
        ),
        ("chassis/planted.py", "import bench.rows", "Contracts know nothing"),
        ("bench/planted.py", "import tests.doubles", "Benches stand on what Loa ships"),
        ("loa/commands/planted.py", "import loa.testkit.process", "used by them alone"),
        ("services/planted/decide.py", "import asyncio", "A decision is pure"),
        ("services/planted/decide.py", "import chassis.mongo", "A decision is pure"),
        ("services/chatbot/planted.py", "import aiokafka", "Only chassis.kafka knows"),
        ("services/chatbot/planted.py", "import pymongo", "know the driver"),
        ("sandbox/planted.py", "import motor.motor_asyncio", "know the driver"),
    ],
)
def test_a_planted_import_breaks_its_rule(tmp_path: Path, file: str, line: str, broken: str) -> None:
    for package in CHECKED:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).parent.joinpath("__init__.py").touch()
    (tmp_path / file).write_text(line + "\n")
    completed = lint(tmp_path)
    verdicts = " ".join(completed.stdout.split()).replace("BROKEN", "BROKEN\n").splitlines()
    assert completed.returncode == 1, completed.stdout
    assert any(broken in verdict and verdict.endswith("BROKEN") for verdict in verdicts), completed.stdout


def test_contracts_import_pydantic_and_the_standard_library_alone() -> None:
    allowed = sys.stdlib_module_names | {"pydantic", "pydantic_core", "contracts"}
    strangers = {
        (name(path), imported)
        for path in python_files()
        if path.is_relative_to(ROOT / "contracts")
        for imported in imports(path)
        if imported.split(".")[0] not in allowed
    }
    assert not strangers


def imports(path: Path) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module)
    return modules
