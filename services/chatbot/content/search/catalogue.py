"""The national catalogue: for breadth, what a procedure is called and who does it, where no more is known."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.chatbot.content.loader.snapshot import Snapshot

FILE = "catalogue.csv"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    code: str
    name: str
    agency: str


def read_catalogue(snapshot: Snapshot) -> Mapping[str, CatalogueEntry]:
    """By code. Empty for content without a catalogue."""
    text = snapshot.files.get(FILE, b"").decode("utf-8-sig", errors="replace")
    rows = csv.DictReader(io.StringIO(text))
    return MappingProxyType(
        {row["code"]: CatalogueEntry(row["code"], row["name"], row["agency"]) for row in rows if row.get("code")}
    )
