"""Freeze the events: writes contracts/schemas/ and docs/asyncapi.yaml, and refuses a change that would break a consumer."""

import sys

import typer

from loa.schemas.frozen import BreakingChangeError, freeze


def command() -> None:
    try:
        written = freeze()
    except BreakingChangeError as fault:
        print(
            f"{fault}\nNothing was written. Consumers read old events and new ones: add a new version.", file=sys.stderr
        )
        raise typer.Exit(1) from None
    for path in written:
        print(path)
