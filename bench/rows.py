"""One measured figure, beside the bar it is held against."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """`passed` is None where there is no bar. `note` says how it was measured, or what holds it back."""

    name: str
    value: float
    unit: str
    bar: str = ""
    passed: bool | None = None
    note: str = ""

    def json(self) -> dict[str, Any]:
        return asdict(self)


def at_most(name: str, value: float, unit: str, bar: float, note: str = "") -> Row:
    return Row(name, value, unit, f"≤ {bar:g}", value <= bar, note)


def at_least(name: str, value: float, unit: str, bar: float, note: str = "") -> Row:
    return Row(name, value, unit, f"≥ {bar:g}", value >= bar, note)
