"""The audit trail of looks at personal data: whether it is whole."""

import os

import typer
from pydantic import SecretStr

from loa.clients.registry import secret
from loa.runtime.accounts import mongo_url_file
from loa.runtime.settings import Settings
from services.auditor.settings import AuditorSettings
from services.auditor.verify import main

app = typer.Typer(no_args_is_help=True)


@app.callback()
def audit() -> None:
    """With a callback, a single command still has to be named."""


@app.command()
def verify() -> None:
    """Walk the chain and its signatures, and name the first break: exit code 1. 2 says that it could not be looked at."""
    settings = Settings.current(os.environ)
    mongo_url = secret(mongo_url_file(settings.secrets, "auditor"))
    auditor = AuditorSettings(
        mongo_url=SecretStr(mongo_url), secrets_dir=settings.secrets, checkpoints_path=settings.checkpoints
    )
    raise typer.Exit(main(auditor))
