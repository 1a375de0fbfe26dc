"""Imported lists: which edition citizens see, and the former one brought back."""

import asyncio
import os
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from loa.clients.imports import chatbot_client, editions
from loa.clients.imports import restore as restore_edition
from loa.runtime.settings import Settings

app = typer.Typer(no_args_is_help=True)

Url = Annotated[str, typer.Option(help="Địa chỉ của chatbot.")]


@app.command("list")
def list_datasets(url: Url = "") -> None:
    """Bản đang dùng và bản trước của từng loại dữ liệu."""
    table = Table("loại", "đang dùng", "bản trước", box=None)
    for dataset in asyncio.run(editions(chatbot_client(Settings.read(os.environ), url))):
        table.add_row(dataset["kind"], _describe(dataset["current"]), _describe(dataset["former"]))
    Console(width=None if os.isatty(1) else 200).print(table)


@app.command()
def restore(kind: Annotated[str, typer.Argument(help="scores, fines hoặc dossiers")], url: Url = "") -> None:
    """Đưa bản trước trở lại ngay; chạy lần nữa thì đổi lại như cũ."""
    edition = asyncio.run(restore_edition(chatbot_client(Settings.read(os.environ), url), kind))
    print(f"{kind}: đang dùng lại {_describe(edition)}.")


def _describe(edition: dict[str, Any] | None) -> str:
    if edition is None:
        return "—"
    as_of = datetime.fromisoformat(edition["as_of"]).astimezone()
    return f"{edition['rows']:,} dòng, {edition['source']}, {as_of:%H:%M %d/%m/%Y}"
