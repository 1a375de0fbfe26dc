"""What is in a service's image is enough to run it, and no more than that."""

import ast
import importlib.metadata
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.compose import SERVICES, copied
from tests.rules.tree import ROOT, python_files

BIN = Path(sys.executable).parent
SHARED = ("contracts", "chassis")


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
def test_the_folders_of_the_image_are_all_that_the_service_imports(service: str, tmp_path: Path) -> None:
    for source, target in copied(service):
        destination = tmp_path / target
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, destination, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            destination.parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / source, destination)
    assert {path.name for path in (tmp_path / "services").iterdir()} == {"__init__.py", service}
    entry = f"import pkgutil, importlib, services.{service} as service\n"
    entry += (
        "[importlib.import_module(m.name) for m in pkgutil.walk_packages(service.__path__, service.__name__ + '.')]"
    )
    completed = subprocess.run([sys.executable, "-c", entry], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 - the words above.
    assert completed.returncode == 0, completed.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_the_packages_of_the_image_are_those_that_the_service_imports(service: str) -> None:
    named = required_packages(service)
    remedy = f"correct deploy/requirements/{service}.in (or common.in), then `make lock-images`"
    # Uvicorn and aiokafka take them by name, without an import.
    assert named ^ imported_packages(service) <= {"httptools", "cramjam"}, remedy


@pytest.mark.parametrize("service", SERVICES)
def test_the_image_runs_the_versions_that_the_tests_ran(service: str) -> None:
    image, tree = pinned(ROOT / "deploy" / "requirements" / f"{service}.lock"), pinned(ROOT / "requirements.lock")
    assert image
    assert {name: tree.get(name) for name in image} == image
    assert required_packages(service) <= image.keys()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed: apt-get install prometheus")
def test_prometheus_takes_its_configuration() -> None:
    config = ROOT / "deploy" / "prometheus" / "prometheus.yml"
    completed = subprocess.run(["promtool", "check", "config", config], capture_output=True, text=True, check=False)  # noqa: S603, S607 - promtool, of the path.
    assert completed.returncode == 0, completed.stderr


def test_the_dockerfile_holds_to_the_rules_of_its_trade() -> None:
    command = [str(BIN / "hadolint"), str(ROOT / "deploy" / "Dockerfile")]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own wheel's.
    assert completed.returncode == 0, completed.stdout


def test_compose_has_only_keys_that_compose_knows() -> None:
    command = [
        str(BIN / "check-jsonschema"),
        "--builtin-schema",
        "vendor.compose-spec",
        str(ROOT / "docker-compose.yml"),
    ]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own wheel's.
    assert completed.returncode == 0, completed.stdout


def test_no_secret_and_no_state_reaches_the_builder() -> None:
    """.dockerignore lets in by name; whatever it does not name stays out."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert "*" in lines
    assert let_in == {"contracts", "chassis", "services", "content", "deploy"}
    assert not any(path.suffix in {".keys", ".key"} for path in (ROOT / "deploy").rglob("*"))


def required_packages(service: str) -> set[str]:
    """The packages named for a service, with those common to all."""
    folder = ROOT / "deploy" / "requirements"
    lines = [*(folder / "common.in").read_text().splitlines(), *(folder / f"{service}.in").read_text().splitlines()]
    return {line.strip() for line in lines if re.match(r"[a-z]", line)}


def pinned(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text(), re.MULTILINE))


def imported_packages(service: str) -> set[str]:
    """The packages that the image's code imports, by the names they are installed under."""
    folders = [ROOT / name for name in (*SHARED, f"services/{service}")]
    modules = {
        module.split(".")[0]
        for path in python_files()
        if any(path.is_relative_to(folder) for folder in folders)
        for node in ast.walk(ast.parse(path.read_text()))
        for module in _modules(node)
    }
    ours = {"contracts", "chassis", "services"}
    installed = importlib.metadata.packages_distributions()
    names = {installed[module][0] for module in modules - ours - sys.stdlib_module_names}
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names} - {"pydantic-core"}


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
