"""Bring the data of an earlier release up to this one: check, drain, copy, migrate, report. Safe to run again at any time."""

import os

from loa.runtime import upgrade
from loa.runtime.settings import Settings


def command() -> None:
    upgrade.run(Settings.current(os.environ), print)
