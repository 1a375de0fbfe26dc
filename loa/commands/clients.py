"""Programs that may use the services' HTTP APIs: add, list, rotate, remove. A key is shown once, and kept as a hash."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from contracts.scopes import Scope
from loa.runtime.api_clients import ClientFile
from loa.runtime.errors import SetupError
from loa.runtime.settings import Settings

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The client's name: small letters, digits and hyphens.")]
Secrets = Annotated[
    Path | None, typer.Option("--secrets", help="SECRETS_DIR of the services; this machine's otherwise.")
]
Days = Annotated[int, typer.Option(min=0, max=3_650, help="The key ends after this: 1 to 3650.")]


@app.command()
def add(
    name: Name,
    scope: Annotated[list[Scope], typer.Option(help="What it may do; repeatable.")],
    oa: Annotated[list[str] | None, typer.Option(help="Only for this OA; repeatable. Every OA otherwise.")] = None,
    days: Days = 365,
    secrets: Secrets = None,
) -> None:
    """A new client with its first key, good at once: no service has to be restarted."""
    try:
        key = _file(secrets).add(name, frozenset(scope), frozenset(oa) if oa else None, _checked(days))
    except ValidationError:
        raise SetupError(f"The client {name} cannot be named or limited so.", "`loa clients add --help`.") from None
    _show(key)


@app.command("list")
def list_clients(secrets: Secrets = None) -> None:
    """Every key: whose, since when, until when, and what it may do."""
    table = Table("client", "key", "created", "expires", "OAs", "scopes", box=None)
    for entry in _file(secrets).entries():
        expires = f"{entry.expires_at:%Y-%m-%d %H:%M}" if entry.expires_at else "never"
        replaced = f"{entry.key_id} → {entry.rotated_by}" if entry.rotated_by else entry.key_id
        oas = "all" if entry.oa_ids is None else ", ".join(sorted(entry.oa_ids))
        table.add_row(
            entry.client, replaced, f"{entry.created_at:%Y-%m-%d}", expires, oas, ", ".join(sorted(entry.scopes))
        )
    Console(width=None if os.isatty(1) else 200).print(table)


@app.command()
def rotate(
    name: Name,
    overlap_hours: Annotated[float, typer.Option(min=0, help="How long the former key stays good.")] = 24,
    days: Days = 365,
    secrets: Secrets = None,
) -> None:
    """The next key; the former one stays good for a while, so that the program is never without."""
    _show(_file(secrets).rotate(name, overlap_hours, _checked(days)))


@app.command()
def remove(name: Name, secrets: Secrets = None) -> None:
    """All keys of the client end now."""
    _file(secrets).remove(name)
    print(f"{name} is removed; its keys are refused from now on.")


def _checked(days: int) -> int:
    """Raises SetupError for a key without an end: nobody would miss it when it leaked."""
    if days == 0:
        raise SetupError("A key has to end.", "Give --days 1 to 3650; `loa clients rotate` makes the next one in time.")
    return days


def _file(secrets: Path | None) -> ClientFile:
    return ClientFile(secrets or Settings.current(os.environ).secrets)


def _show(key: str) -> None:
    print("This key is shown once and kept nowhere; give it to the program by a safe way:", file=sys.stderr)
    print(key)
