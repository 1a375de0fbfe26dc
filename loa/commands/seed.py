"""Let every OA of the sandbox give Loa its permission. `loa up` does this by itself; again does no harm."""

import os

from loa.runtime import seed
from loa.runtime.settings import Settings


def command() -> None:
    seed.seed_demo(Settings.current(os.environ), print)
