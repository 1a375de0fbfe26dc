"""What runs, since when, where it listens and where its log is. Exit code 1 when something is not ready."""

import os
import time

import typer
from rich.console import Console
from rich.table import Table

from loa.runtime import ready
from loa.runtime.services import services
from loa.runtime.settings import Settings
from loa.runtime.supervisor import State, Supervisor


def command() -> None:
    settings = Settings.current(os.environ)
    supervisor = Supervisor(settings)
    states = supervisor.states()
    if not states:
        print("Loa is not running. `make up` starts it.")
        raise typer.Exit(1)
    by_name = {service.name: service for service in services(settings)}
    table = Table("part", "state", "pid", "up", "address", "ready", "log", box=None)
    well = True
    for name, state in states.items():
        service = by_name.get(name)
        answers = ready.answers(service) if service else state.word == "RUNNING"
        well = well and answers
        address = service.url if service else ""
        table.add_row(
            name, state.word, str(state.pid or ""), _age(state), address, _yes(answers), str(supervisor.log_of(name))
        )
    Console(width=None if os.isatty(1) else 200).print(table)
    raise typer.Exit(0 if well else 1)


def _age(state: State) -> str:
    seconds = int(time.time()) - state.started
    return f"{seconds // 60} min {seconds % 60} s" if state.word == "RUNNING" else ""


def _yes(answers: bool) -> str:
    return "yes" if answers else "no"
