"""How records, rounds of jobs and their items end: the closed sets that metrics count by."""

from enum import StrEnum


class Outcome(StrEnum):
    DONE = "done"
    DEAD_LETTERED = "buried"  # Alert on any.
    IGNORED = "not_ours"


class RunOutcome(StrEnum):
    DONE = "done"
    WAITING = "waiting"  # A dependency is away; tried again.
    FAILED = "failed"  # Our own fault. Alert on any.
    PAUSED = "paused"  # Too many parked items. Alert on any.


class ItemOutcome(StrEnum):
    DONE = "done"
    PARKED = "parked"  # Alert on any.
