"""Kafka's jars: brought by Maven once per user, and trusted only when each has the digest that is locked here."""

import hashlib
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from loa.runtime.errors import SetupError
from loa.runtime.shell import run

HERE = Path(__file__).parent
POM, LOCK = HERE / "pom.xml", HERE / "jars.lock"
DOWNLOAD_SECONDS = 300
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def version() -> str:
    match = re.search(r"<version>([\d.]+)</version>", POM.read_text())
    return match[1] if match else "?"


def folder(cache: Path) -> Path:
    return cache / f"kafka-{version()}"


def locked() -> dict[str, str]:
    """File name to SHA-256, as locked."""
    pairs = (line.split() for line in LOCK.read_text().splitlines() if line and not line.startswith("#"))
    return {name: digest for digest, name in pairs}


def are_here(cache: Path) -> bool:
    """Whether an earlier download is complete and unchanged."""
    return folder(cache).is_dir() and digests(folder(cache)) == locked()


def digests(jars: Path) -> dict[str, str]:
    return {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in sorted(jars.glob("*.jar"))}


def bring(cache: Path) -> Path:
    """The folder of the jars, downloaded if need be. Raises SetupError when Maven or its repository fails us."""
    if are_here(cache):
        return folder(cache)
    cache.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=cache, prefix=".kafka-"))
    try:
        download(fresh)
        if digests(fresh) != locked():
            raise SetupError("Maven brought other jars than those locked.", f"Compare with {LOCK} or use BROKER=tansu.")
        shutil.rmtree(folder(cache), ignore_errors=True)
        with suppress(OSError):  # A second start was quicker; both hold the same locked jars.
            fresh.rename(folder(cache))
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder(cache)


def download(target: Path) -> None:
    """Let Maven copy every jar into `target`. Raises SetupError."""
    goal = ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={target}"]
    try:
        result = run(goal, DOWNLOAD_SECONDS)
    except FileNotFoundError:
        raise SetupError("Maven (mvn) is not installed.", "apt-get install maven, or use BROKER=tansu.") from None
    if result.returncode:
        reason = next((line for line in result.stdout.splitlines() if "[ERROR]" in line), result.stdout[-300:])
        what = f"Maven could not bring Kafka's jars: {COLOURS.sub('', reason).removeprefix('[ERROR] ').strip()[:300]}"
        raise SetupError(what, "Check the network and Maven's settings (~/.m2/settings.xml), or use BROKER=tansu.")


def lock() -> None:
    """Write the digests of what pom.xml names now. Run by hand, read in review."""
    with tempfile.TemporaryDirectory() as fresh:
        download(Path(fresh))
        lines = [f"{digest}  {name}" for name, digest in digests(Path(fresh)).items()]
    head = "# SHA-256 of every jar that pom.xml leads to. Written by `make lock-kafka`."
    LOCK.write_text("\n".join([head, *lines, ""]))


if __name__ == "__main__":
    lock()
