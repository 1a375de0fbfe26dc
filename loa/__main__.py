"""`loa`: one sub-command per file in `loa/commands/`, found by name, loaded only when it is the one that was typed."""

import importlib
import pkgutil
import sys

import typer

import loa.commands
from loa.runtime.errors import SetupError


def names() -> dict[str, str]:
    """Each sub-command as typed, and its module: `import_.py` is typed `import`, `dead_letters.py` `dead-letters`."""
    modules = (module.name for module in pkgutil.iter_modules(loa.commands.__path__))
    return {name.rstrip("_").replace("_", "-"): name for name in modules if not name.startswith("_")}


def build(typed: list[str]) -> typer.Typer:
    """The application for what was typed. A module holds `command`, a function, or `app`, a Typer of its own."""
    app = typer.Typer(help=loa.__doc__, no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback()(_require_subcommand)
    commands = names()
    wanted = typed[0] if typed and typed[0] in commands else None
    for name, module in commands.items() if wanted is None else [(wanted, commands[wanted])]:
        loaded = importlib.import_module(f"loa.commands.{module}")
        if hasattr(loaded, "app"):
            app.add_typer(loaded.app, name=name, help=loaded.__doc__)
        else:
            app.command(name, help=loaded.__doc__)(loaded.command)
    return app


def _require_subcommand() -> None:
    """With a callback, a single sub-command still has to be named."""


def main() -> None:
    try:
        build(sys.argv[1:])()
    except SetupError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
