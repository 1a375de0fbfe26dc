"""The benches' figures as people read them."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.rows import Row


def show(rows: Sequence[Row], u: float) -> None:
    """Print each figure, times in u beside their own unit; `u` in seconds."""
    table = Table("what", "measured", "bar", "", "how, or what holds it back")
    for row in rows:
        verdict = {True: "met", False: "MISSED", None: ""}[row.passed]
        table.add_row(row.name, row.text(u), row.bar, verdict, row.note)
    Console(width=160).print(f"1 u = {u * 1e6:.0f} µs of CPU", table, sep="\n")
