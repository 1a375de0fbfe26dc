"""What a measurement was made of and on."""

import os
import platform
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {platform.system()}"


def commit() -> str:
    """Returns the short id of this checkout's commit; empty where there is no git."""
    return _git("rev-parse", "--short=12", "HEAD")


def uncommitted() -> bool:
    return bool(_git("status", "--porcelain", "--untracked-files=no"))


def commits_since(ref: str) -> int | None:
    """Returns None when `ref` is not in this history."""
    count = _git("rev-list", "--count", f"{ref}..HEAD")
    return int(count) if count else None


def _git(*words: str) -> str:
    ended = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False)  # noqa: S603, S607 - git, of the path.
    return ended.stdout.strip()
