"""Make the secrets of a deployment in a folder: existing ones stay. Also writes the address of MongoDB for each service."""

from pathlib import Path
from typing import Annotated

import typer

from loa.runtime import accounts, secrets


def command(
    folder: Annotated[Path, typer.Argument(help="Made with 0700; every file in it 0600.")],
    mongo: Annotated[str, typer.Option(help="host:port of MongoDB, or several with commas.")] = "mongo:27017",
) -> None:
    secrets.generate(folder)
    accounts.write_mongo_urls(folder, mongo)
    accounts.write_kafka_accounts(folder)
    if not secrets.has_readers(folder):
        print(
            f"Nobody could read a tip yet, and tips does not start: put the officers' public keys into "
            f"{folder / secrets.READERS}/<name>.pub. Their private keys are made where the officers are, never here."
        )
    print(f"{len(list(folder.iterdir()))} secrets are in {folder}. Keep a copy where no service can read it.")
