"""What the suite needs besides the wheels: installed where we may, named where we may not. `python -m tests.servers.needs`."""

import ctypes
import shutil
import sys
from collections.abc import Callable, Mapping

from loa.runtime import debian
from loa.runtime.errors import SetupError
from loa.runtime.kafka.server import LEAST_JAVA, java_version

NEEDS: Mapping[str, tuple[Callable[[], bool], str]] = {
    "chromium": (lambda: shutil.which("chromium") is not None, "The browser tests drive Chromium"),
    "libatomic1": (lambda: _loads("libatomic.so.1"), "Playwright's driver needs libatomic.so.1"),
    "openjdk-17-jre-headless": (
        lambda: (java_version() or 0) >= LEAST_JAVA,
        f"The tests of durability run Apache Kafka, which needs Java {LEAST_JAVA}",
    ),
    "maven": (lambda: shutil.which("mvn") is not None, "Maven brings Kafka's jars"),
}


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def main() -> None:
    missing = {package: why for package, (present, why) in NEEDS.items() if not present()}
    try:
        debian.require(missing)
    except SetupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
