"""What a process is before it runs: a value that both the process manager and the tests know how to start."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from loa.runtime.settings import ROOT

MARK = "LOA_STARTED_FOR"  # In the environment of everything we start: how we know our own, and only our own.


@dataclass(frozen=True, slots=True)
class Program:
    """`environment` is added to the starter's own. `stop_seconds` is how long it may take to end in order."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: str = str(ROOT)
    stop_seconds: int = 20
    respawn: bool = True
