"""The checkout as the rules see it: what is ours, and what of it is Python."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("contracts", "chassis", "services", "sandbox", "loa", "bench", "tests")
APART = {".git", ".venv", ".loa", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """All that git keeps or would keep; without git (an archive), all that is not made by running."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - the words above.
        paths = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not APART & set(path.relative_to(ROOT).parts)]
    return tuple(path for path in paths if path.is_file())


def python_files() -> list[Path]:
    return [path for path in files() if path.suffix == ".py"]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
