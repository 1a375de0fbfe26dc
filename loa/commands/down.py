"""Stop everything that `loa up` started from this folder, and only that."""

import os

from loa.runtime import launch
from loa.runtime.settings import Settings


def command() -> None:
    count = launch.stop(Settings.read(os.environ))
    print(f"Stopped {count} processes." if count else "Nothing of ours was running.")
