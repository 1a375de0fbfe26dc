"""Authorise Loa for every OA of the sandbox. `loa up` does this by itself; it may be repeated."""

import os

from loa.runtime import seed
from loa.runtime.settings import Settings


def command() -> None:
    seed.seed_demo(Settings.current(os.environ), print)
