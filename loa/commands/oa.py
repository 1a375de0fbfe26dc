"""Official Accounts the gateway serves: add, list, show, rotate, settle, enable, disable, authorise; and the apps they belong to.

A secret is never an argument, where other users of the machine could read it: it comes from a file or is asked for.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
import yaml
from rich.console import Console
from rich.table import Table

from loa.clients.authorisations import authorisation_link
from loa.clients.registry import Registry, secret
from loa.runtime.errors import SetupError
from loa.runtime.settings import Settings

app = typer.Typer(no_args_is_help=True)
T = TypeVar("T")

OaId = Annotated[str, typer.Argument(help="The OA's id.")]
Url = Annotated[str, typer.Option("--gateway", envvar="GATEWAY_URL", help="Another gateway than this machine's.")]
KeyFile = Annotated[Path | None, typer.Option("--key-file", help="File with the OA Secret Key; asked for otherwise.")]
OfApp = Annotated[bool, typer.Option("--app", help="The id is an app's: the key is for all of its OAs.")]


@app.command("list")
def list_oas(gateway: Url = "") -> None:
    """Every OA: whether it is enabled, how many own keys it has, when it was last seen."""
    oas = _run(gateway, lambda registry: registry.oas())
    table = Table("OA", "name", "app", "on", "own keys", "last event", box=None)
    for oa in oas:
        last_seen = max(oa["seen"].values(), default="never")[:19]
        table.add_row(oa["oa_id"], oa["name"], oa["app_id"], _yes(oa["enabled"]), str(oa["secrets"]), last_seen)
    Console(width=None if os.isatty(1) else 200).print(table)


@app.command()
def show(oa_id: OaId, gateway: Url = "") -> None:
    """One OA, with every event seen of it."""
    _print(_run(gateway, lambda registry: registry.oa(oa_id)))


@app.command()
def add(
    oa_id: Annotated[str, typer.Argument(help="The OA's id; left out with --file.")] = "",
    *,
    app_id: Annotated[str, typer.Option("--app", help="The app that the OA gave its permission to.")] = "",
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
    kind: Annotated[str, typer.Option(help="police_district, police_ward, public_service, e_government, …")] = "",
    pack: Annotated[str, typer.Option(help="The content that answers for it.")] = "",
    file: Annotated[Path | None, typer.Option(help="A YAML list of OAs, like content/demo/oas.yaml.")] = None,
    gateway: Url = "",
) -> None:
    """Register an OA, or thousands from a file; again changes what is different."""
    if file:
        oas = _listed(file)
    elif oa_id and app_id and name:
        oas = [{"oa_id": oa_id, "app_id": app_id, "name": name, "kind": kind, "pack": pack}]
    else:
        raise SetupError("An OA needs its id, --app and --name; or --file names many.", "`loa oa add --help`.")
    _run(gateway, lambda registry: registry.put_oas(oas))
    print(f"{len(oas)} registered; live on every gateway within five seconds.")


@app.command("app")
def put_app(
    app_id: Annotated[str, typer.Argument(help="The app's id at developers.zalo.me.")],
    key_file: KeyFile = None,
    ask_key: Annotated[bool, typer.Option("--key", help="Ask for the OA Secret Key.")] = False,
    verification: Annotated[list[str] | None, typer.Option(help="Zalo's site verification code; repeatable.")] = None,
    gateway: Url = "",
) -> None:
    """Register an app: its OA Secret Key for all OAs, its site verification codes. What is not given stays."""
    key = _key(key_file) if key_file or ask_key else None
    _print(_run(gateway, lambda registry: registry.put_app(app_id, key, verification)))


@app.command()
def rotate(oa_id: OaId, of_app: OfApp = False, key_file: KeyFile = None, gateway: Url = "") -> None:
    """A new OA Secret Key; the previous key stays valid until `settle` or the next rotation."""
    key = _key(key_file)
    _print(_run(gateway, lambda registry: registry.act("rotate", _where(oa_id, of_app), key)))


@app.command()
def settle(oa_id: OaId, of_app: OfApp = False, gateway: Url = "") -> None:
    """End a rotation: only the newest key is good."""
    _print(_run(gateway, lambda registry: registry.act("settle", _where(oa_id, of_app))))


@app.command()
def disable(oa_id: OaId, gateway: Url = "") -> None:
    """From now on its webhooks are acknowledged and dropped."""
    _print(_run(gateway, lambda registry: registry.act("disable", _where(oa_id, False))))


@app.command()
def enable(oa_id: OaId, gateway: Url = "") -> None:
    """Serve it again."""
    _print(_run(gateway, lambda registry: registry.act("enable", _where(oa_id, False))))


@app.command()
def authorise(
    oa_id: OaId,
    gateway: Url = "",
    notify: Annotated[str, typer.Option(envvar="NOTIFY_URL", help="Another notify than this machine's.")] = "",
) -> None:
    """A link for the OA's administrator, good once within a day: at Zalo's page they let Loa send for this OA."""
    _run(gateway, lambda registry: registry.oa(oa_id))  # An OA nobody has registered is authorised by nobody.
    settings = Settings.current(os.environ)
    where = notify or f"http://127.0.0.1:{settings.notify_internal_port}"
    link, until = asyncio.run(authorisation_link(where, settings.secrets, oa_id))
    print(f"Send this to the OA's administrator by a safe way; it is good once, until {until[:16]}:", file=sys.stderr)
    print(link)


def _run(gateway: str, call: Callable[[Registry], Awaitable[T]]) -> T:
    settings = Settings.current(os.environ)
    where = gateway or f"http://127.0.0.1:{settings.gateway_internal_port}"

    async def within() -> T:
        async with Registry.here(where, settings.secrets) as registry:
            return await call(registry)

    return asyncio.run(within())


def _where(key: str, of_app: bool) -> str:
    return f"{'apps' if of_app else 'oas'}/{key}"


def _key(file: Path | None) -> str:
    key: str = secret(file) if file else typer.prompt("OA Secret Key", hide_input=True)
    return key.strip()


def _listed(file: Path) -> list[dict[str, Any]]:
    try:
        entries = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as fault:
        raise SetupError(f"{file} cannot be read ({type(fault).__name__}).", "It wants a YAML list of OAs.") from None
    fields = ("oa_id", "app_id", "name", "kind", "pack")
    if not isinstance(entries, list) or not all(
        isinstance(entry, dict) and set(fields[:3]) <= set(entry) for entry in entries
    ):
        raise SetupError(f"{file} is not a list of OAs.", "Each wants oa_id, app_id and name.")
    return [{name: str(entry[name]) for name in fields if name in entry} for entry in entries]


def _print(record: dict[str, Any]) -> None:
    for name, value in record.items():
        text = ", ".join(f"{key} {at[:19]}" for key, at in value.items()) if isinstance(value, dict) else value
        print(f"{name:14} {text}")


def _yes(on: bool) -> str:
    return "yes" if on else "no"
