"""Makes `.venv` exactly as requirements.lock says. Runs before anything is installed: the standard library alone."""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV, LOCK = ROOT / ".venv", ROOT / "requirements.lock"
STAMP = VENV / ".installed"
LEAST = (3, 11)
PYTHON = VENV / "bin" / "python"


def obstacle(version: tuple[int, ...], system: str, machine: str) -> str | None:
    """Returns what keeps Loa from running on such a machine, with the remedy; None when nothing does."""
    if version[:2] < LEAST:
        have = ".".join(map(str, version[:2]))
        return f"Python {have} is here and Loa needs 3.11 or newer. Remedy: `make PYTHON=/path/to/python3.11 …`."
    if (system, machine) != ("Linux", "x86_64"):
        return (
            f"{system} on {machine} is not supported: MongoDB's and Tansu's wheels are for Linux on x86_64."
            " Remedy: a Linux machine or virtual machine, or `docker compose up` (docs/running.md)."
        )
    return None


def uv_alone(lock: str) -> str:
    """The locked lines of uv, digests included: what plain pip installs first."""
    match = re.search(r"^uv==(?:[^\n]*\\\n)*[^\n]*\n", lock, re.MULTILINE)
    if match is None:
        raise SystemExit("requirements.lock names no uv. Remedy: `make lock` on a machine that has it.")
    return match[0]


def digest() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def make_venv() -> None:
    """`--clear` only for what does not run: a folder that was moved, or a Python that is gone."""
    works = PYTHON.exists() and subprocess.run([PYTHON, "-c", "pass"], check=False).returncode == 0  # noqa: S603 - our own.
    if works and shutil.which("pip", path=str(PYTHON.parent)):
        return
    result = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False)  # noqa: S603 - our own.
    if result.returncode:
        raise SystemExit("python3 -m venv failed. Remedy: apt-get install python3-venv (Debian keeps it apart).")


def install() -> None:
    """Uv is ten times quicker; pip reads the mirrors of a pip.conf, so it steps in where uv cannot reach an index."""
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r"]
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "uv.lock"
        first.write_text(uv_alone(LOCK.read_text()))
        _must([*pip, str(first)])
    uv = [str(VENV / "bin" / "uv"), "pip", "sync", "-q", "--require-hashes", "--python", str(PYTHON), str(LOCK)]
    if subprocess.run(uv, check=False).returncode:  # noqa: S603 - our own.
        print("uv could not install from the index it knows; trying pip with its own configuration.", flush=True)
        _must([*pip, str(LOCK)])


def write_command() -> None:
    """`.venv/bin/loa`, which works from any folder."""
    command = VENV / "bin" / "loa"
    lines = [
        f"#!{PYTHON}",
        "import sys",
        f"sys.path.insert(0, {str(ROOT)!r})",
        "from loa.__main__ import main",
        "main()",
        "",
    ]
    command.write_text("\n".join(lines))
    command.chmod(0o755)


def main() -> None:
    wrong = obstacle(sys.version_info[:3], platform.system(), platform.machine())
    if wrong:
        raise SystemExit(wrong)
    if STAMP.exists() and STAMP.read_text() == digest():
        STAMP.touch()  # For make, which goes by time.
        return
    print("Making .venv from requirements.lock …", flush=True)
    make_venv()
    install()
    write_command()
    STAMP.write_text(digest())


def _must(words: list[str]) -> None:
    if subprocess.run(words, env=os.environ, check=False).returncode:  # noqa: S603 - our own.
        raise SystemExit("The packages could not be installed. Remedy: see above; is the package index reachable?")


if __name__ == "__main__":
    main()
