"""What is wrong with the content, said so that an editor can find the line and mend it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chassis.errors import MisconfiguredError


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend. `line` counts from 1; `reason` is one line of Vietnamese."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class ContentErrors(MisconfiguredError):  # noqa: N818  # It carries many; the name says so.
    """The content cannot be published. Carries every fault found, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(slots=True)
class Faults:
    """A list that grows while reading, so that an editor sees everything at once and not one thing per try."""

    items: list[Fault] = field(default_factory=list)

    def add(self, file: str, line: int, reason: str) -> None:
        one_line = " ".join(reason.split())
        self.items.append(Fault(file, max(line, 1), one_line))

    def raise_if_any(self) -> None:
        """Raise ContentErrors with all of them."""
        if self.items:
            raise ContentErrors(self.items)
