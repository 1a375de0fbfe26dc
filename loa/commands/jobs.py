"""Background jobs: which there are, what they set aside because it could not be handled, and trying that again."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from loa.clients.jobs import Jobs
from loa.runtime.api_clients import OPERATOR
from loa.runtime.errors import SetupError
from loa.runtime.settings import Settings

app = typer.Typer(no_args_is_help=True)
T = TypeVar("T")

Service = Annotated[str, typer.Argument(help="gateway, chatbot, tips, notify or auditor; all of them if left out.")]


@app.command("list")
def list_jobs(service: Service = "") -> None:
    """Every job: how often it runs, and whether it still turns."""
    table = Table("service", "job", "every (s)", "turns", box=None)
    for name, jobs in _ask(service, lambda client: client.all()):
        for job in jobs:
            table.add_row(name, job["name"], f"{job['every_seconds']:g}", "yes" if job["alive"] else "no")
    _show(table)


@app.command()
def parked(service: Service = "") -> None:
    """What could not be handled: the key of each item, and the kind of fault. Mend the fault, then `redrive`."""
    table = Table("service", "job", "key", "fault", "since", "times", box=None)
    for name, items in _ask(service, lambda client: client.parked()):
        for item in items:
            table.add_row(name, item["job"], item["key"], item["reason"], item["at"][:19], str(item["times"]))
    if not table.row_count:
        print("Nothing is parked.")
        return
    _show(table)


@app.command()
def redrive(
    service: Annotated[str, typer.Argument(help="The service whose job it is.")],
    job: Annotated[str, typer.Argument(help="The job, as `loa jobs parked` names it.")],
    key: Annotated[str, typer.Argument(help="One item; all of the job's if left out.")] = "",
) -> None:
    """Try parked items again. What fails again is parked again."""
    ((_, items),) = _ask(service, lambda client: client.redrive(job, key or None))
    print(f"{items} will be tried again within seconds." if items else "Nothing of it is parked.")


def _ask(service: str, call: Callable[[Jobs], Awaitable[T]]) -> list[tuple[str, T]]:
    settings = Settings.current(os.environ)
    names = [service] if service else list(OPERATOR)
    if unknown := set(names) - set(OPERATOR):
        raise SetupError(f"There is no service {unknown.pop()}.", f"One of {', '.join(OPERATOR)}.")

    async def within() -> list[tuple[str, T]]:
        clients = [Jobs(name, f"http://127.0.0.1:{_port(settings, name)}", settings.secrets) for name in names]
        return list(zip(names, await asyncio.gather(*map(call, clients)), strict=True))

    return asyncio.run(within())


def _port(settings: Settings, service: str) -> int:
    port: Any = getattr(settings, f"{service}_port")
    return int(port)


def _show(table: Table) -> None:
    Console(width=None if os.isatty(1) else 200).print(table)
