"""Turns a row of an imported file into what is stored. A bad row is reported by line and reason, which quote nothing of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from chassis.crypto import KeyRing, Pepper, Place
from chassis.mongo import Document
from contracts.text import fold

LONGEST_CELL = 1_000
NAME_COLUMNS = ("ho_ten", "ho_va_ten", "hoten")

Row = Mapping[str, str]


class BadRowError(ValueError):
    """The row is at fault; the text says why, in Vietnamese, and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """What a row is stored under: pseudonyms to find it by, a key to seal the rest for its place."""

    ring: KeyRing
    pepper: Pepper
    place: Callable[[str, str], Place]  # Of a row, by its kind and its id within the load.

    def seal(self, kind: str, row_id: str, fields: Any) -> str:
        return self.ring.seal(orjson.dumps(fields), self.place(kind, row_id))


ParseRow = Callable[[Row, int, Sealer], Document]


def column(name: str) -> str:
    """`Số báo danh` and `so_bao_danh` are the same column."""
    return "_".join(fold(name.replace("_", " ")).split())[:64]


def has_names(columns: list[str]) -> bool:
    return any(name in NAME_COLUMNS for name in columns)


def cell(row: Row, name: str) -> str:
    value = " ".join(row.get(name, "").split())
    if len(value) > LONGEST_CELL:
        raise BadRowError(f"ô {name} dài quá {LONGEST_CELL} ký tự")
    return value
