"""The national catalogue: for breadth, what a procedure is called and who does it, where no more is known."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.chatbot.content.snapshot import Snapshot

FILE = "catalogue.csv"


@dataclass(frozen=True, slots=True)
class Entry:
    code: str
    name: str
    agency: str


def entries(snapshot: Snapshot) -> Mapping[str, Entry]:
    """By code. Empty for content without a catalogue."""
    text = snapshot.files.get(FILE, b"").decode("utf-8-sig", errors="replace")
    rows = csv.DictReader(io.StringIO(text))
    return MappingProxyType(
        {row["code"]: Entry(row["code"], row["name"], row["agency"]) for row in rows if row.get("code")}
    )
