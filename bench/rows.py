"""A measured figure, beside the bar it is held against."""

from dataclasses import asdict, dataclass
from typing import Any

# Units of time, in seconds: what can be expressed in u (bench/yardstick.py).
TIMES = {"µs/webhook": 1e-6, "ms/message": 1e-3, "ms/citizen": 1e-3, "ms": 1e-3}


@dataclass(frozen=True, slots=True)
class Row:
    """`passed` is None where there is no bar. `note` says how it was measured, or what limits it."""

    name: str
    value: float
    unit: str
    bar: str = ""
    passed: bool | None = None
    note: str = ""

    def in_u(self, u: float) -> float | None:
        """Returns the value in u (`u` in seconds), None when it is not a time."""
        return self.value * TIMES[self.unit] / u if self.unit in TIMES else None

    def text(self, u: float) -> str:
        """Returns the value with its unit, and in u where it is a time."""
        in_u = self.in_u(u)
        return f"{self.value:,.2f} {self.unit}" + ("" if in_u is None else f" = {in_u:,.2f} u")

    def json(self, u: float) -> dict[str, Any]:
        return asdict(self) | {"u": self.in_u(u)}


def at_most(name: str, value: float, unit: str, bar: float, note: str = "") -> Row:
    return Row(name, value, unit, f"≤ {bar:g}", value <= bar, note)


def at_least(name: str, value: float, unit: str, bar: float, note: str = "") -> Row:
    return Row(name, value, unit, f"≥ {bar:g}", value >= bar, note)


def at_most_u(name: str, value: float, unit: str, bar: float, *, u: float, note: str = "") -> Row:
    """A time with its bar in u; `u` in seconds."""
    return Row(name, value, unit, f"≤ {bar:g} u", value * TIMES[unit] / u <= bar, note)
