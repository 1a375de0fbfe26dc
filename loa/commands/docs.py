"""Write the generated documents anew: docs/metrics.md and the tables in the services' READMEs. With --check, only compare."""

from pathlib import Path
from typing import Annotated

import typer

from loa.documents import pages

ROOT = Path(__file__).resolve().parents[2]


def command(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit code 1 when a page is stale.")] = False,
) -> None:
    stale = {path: text for path, text in pages(ROOT).items() if not path.exists() or path.read_text() != text}
    for path, text in stale.items():
        print(f"{path.relative_to(ROOT)} is {'stale: run `make docs`' if check else 'written'}")
        if not check:
            path.write_text(text)
    if check and stale:
        raise typer.Exit(1)
