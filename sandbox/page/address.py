"""The page's address holds who is on it: a page that is loaded again shows the same. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 600
OFFICER = "cb-"
ENTRY = re.compile(r"(cb-)?([A-Za-z0-9]{1,40})(?:_([A-Za-z0-9]{1,40}))?")


@dataclass(frozen=True, slots=True)
class ColumnAddress:
    """A citizen and the OA that is open; or, of an officer, the OA and the citizen that is open."""

    key: str
    open: str = ""
    officer: bool = False


def read(address: str) -> list[ColumnAddress]:
    """What cannot be read is left out."""
    matches = (ENTRY.fullmatch(part) for part in address[:LONGEST].split("."))
    return list(dict.fromkeys(ColumnAddress(each[2], each[3] or "", bool(each[1])) for each in matches if each))


def written(entries: Iterable[ColumnAddress]) -> str:
    return ".".join(
        f"{OFFICER if each.officer else ''}{each.key}{f'_{each.open}' if each.open else ''}" for each in entries
    )
