"""A copy of the stopped data directories of MongoDB and the broker: what `loa upgrade` makes before it changes anything.

It is as private as the state folder it lies in, and as readable: what was sealed stays sealed under the keys in `secrets`, which
no upgrade changes and which are not copied.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from loa.runtime.errors import SetupError
from loa.runtime.state import DATA, FILE

FOLDER = "backups"
HEADROOM = 1.1  # Of the data's own size must be free, so that the copy does not fill the disk.


def make(state: Path) -> Path:
    """Returns the folder of the copy, whole or not there at all. Nothing may run meanwhile. Raises SetupError."""
    for abandoned in (state / FOLDER).glob(".*"):  # A copy that was not made to its end.
        shutil.rmtree(abandoned)
    sources = [state / name for name in (*DATA, FILE, "sandbox.json") if (state / name).exists()]
    _require_space(state, sources)
    target = state / FOLDER / datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    half = target.with_name(f".{target.name}")
    half.mkdir(mode=0o700, parents=True)
    for source in sources:
        if source.is_dir():
            shutil.copytree(source, half / source.name)
        else:
            shutil.copy2(source, half / source.name)
    half.rename(target)
    return target


def _require_space(state: Path, sources: list[Path]) -> None:
    needed = int(HEADROOM * sum(_bytes(source) for source in sources))
    free = shutil.disk_usage(state).free
    if free < needed:
        raise SetupError(
            f"The copy of the data needs {needed >> 20} MB and {free >> 20} MB are free on the disk of {state}.",
            f"Make room, for instance by moving older copies out of {state / FOLDER}.",
        )


def _bytes(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
