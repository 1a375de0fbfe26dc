"""Faults of the content, worded so that an editor can find the line and correct it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chassis.errors import MisconfiguredError


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault. `line` counts from 1; `reason` is one line of Vietnamese."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class ContentErrors(MisconfiguredError):  # noqa: N818  # It carries many; the name says so.
    """The content cannot be published. `faults` are sorted by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(slots=True)
class Faults:
    """Collects faults, so that an editor sees all of them at once."""

    items: list[Fault] = field(default_factory=list)

    def add(self, file: str, line: int, reason: str) -> None:
        """Adds a fault; `line` counts from 1."""
        one_line = " ".join(reason.split())
        self.items.append(Fault(file, max(line, 1), one_line))

    def raise_if_any(self) -> None:
        """Raises ContentErrors with all faults, if there are any."""
        if self.items:
            raise ContentErrors(self.items)
