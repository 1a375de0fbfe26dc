"""Records that a service could not handle: which there are, why, and publishing them once more when the fault is mended."""

import asyncio
import json
import os
import re
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from chassis.errors import TransientError
from chassis.records import Record
from contracts.catalogue import DEAD
from loa.clients.dead_letters import DeadLetterBox
from loa.runtime.accounts import broker_administrator
from loa.runtime.errors import SetupError
from loa.runtime.settings import Settings

app = typer.Typer(no_args_is_help=True)
T = TypeVar("T")

_SEALED = re.compile(r"\w+\.[\w=-]{40,}")  # A key's id and what it sealed.

Service = Annotated[str, typer.Argument(help=f"One of {', '.join(DEAD)}.")]


@app.command("list")
def list_letters(service: Annotated[str, typer.Argument(help="All services if left out.")] = "") -> None:
    """What was put aside and not redriven yet: why, and where it came from."""
    table = Table("service", "id", "why", "event", "occurred", "from", "bytes", box=None)
    for name in [service] if service else DEAD:
        for letter in _run(_box(name).waiting()):
            origin = f"{letter.topic} {letter.place}"
            table.add_row(name, letter.id, letter.why, letter.event_type, letter.at, origin, str(letter.size))
    if not table.row_count:
        print("There are no dead letters.")
        return
    Console(width=None if os.isatty(1) else 200).print(table)


@app.command()
def show(service: Service, letter: Annotated[str, typer.Argument(help="Its id, as `list` names it.")]) -> None:
    """One of them: its headers, and its fields as far as they are not sealed."""
    record = _run(_box(service).find(letter))
    if record is None:
        raise SetupError(f"{service} has no dead letter {letter}.", f"`loa dead list {service}` names them.")
    for name, value in record.headers.items():
        print(f"{name}: {value.decode(errors='replace')}")
    print()
    print(_readable(record))


@app.command()
def redrive(
    service: Service,
    letter: Annotated[str, typer.Argument(help="One of them; all that wait if left out.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be published, and publish nothing.")
    ] = False,
) -> None:
    """Publish them once more, as they were, to the topics they came from. What fails again is a dead letter again."""
    box = _box(service)
    chosen = [waiting for waiting in _run(box.waiting()) if letter in {"", waiting.id}]
    if not chosen:
        print("There is nothing to redrive.")
        return
    if dry_run:
        for waiting in chosen:
            print(f"{waiting.id}: {waiting.event_type or 'no event'} ({waiting.why}) to {waiting.topic}")
        return
    count = _run(box.redrive([waiting.id for waiting in chosen]))
    print(f"{count} published once more. `loa dead list {service}` shows whether they fail again.")


def _box(service: str) -> DeadLetterBox:
    if service not in DEAD:
        raise SetupError(f"{service} has no dead letters.", f"One of {', '.join(DEAD)}.")
    settings = Settings.current(os.environ)
    servers = os.environ.get("KAFKA_SERVERS") or f"127.0.0.1:{settings.kafka_port}"
    administrator = broker_administrator(settings.broker, settings.secrets)
    return DeadLetterBox(servers, service, os.environ.get("TOPIC_PREFIX", ""), administrator)


def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except TransientError as fault:
        raise SetupError(f"{fault}".capitalize() + ".", "Is Loa up? `loa status` says.") from None


def _readable(record: Record) -> str:
    """Returns the event's fields, sealed ones by their length alone."""
    try:
        fields = json.loads(record.value)
    except ValueError:
        return f"{len(record.value)} bytes that are no JSON"
    if not isinstance(fields, dict):
        return f"{len(record.value)} bytes that are no event"
    return "\n".join(f"{name}: {_shortened(value)}" for name, value in fields.items())


def _shortened(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f"(sealed, {len(text)} characters)" if _SEALED.fullmatch(text) else text
