"""Make the secrets of a deployment in a folder: existing ones stay. Also writes `mongo-url` for the services."""

from pathlib import Path
from typing import Annotated

import typer

from loa.runtime import secrets


def command(
    folder: Annotated[Path, typer.Argument(help="Made with 0700; every file in it 0600.")],
    mongo: Annotated[str, typer.Option(help="host:port of MongoDB, or several with commas.")] = "mongo:27017",
) -> None:
    secrets.generate(folder)
    secrets.write_mongo_url(folder, mongo)
    if not secrets.has_readers(folder):
        print(
            f"Nobody could read a tip yet, and tips does not start: put the officers' public keys into "
            f"{folder / secrets.READERS}/<name>.pub. Their private keys are made where the officers are, never here."
        )
    print(f"{len(list(folder.iterdir()))} secrets are in {folder}. Keep a copy where no service can read it.")
