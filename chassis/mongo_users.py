"""One MongoDB user per service, with rights on the service's own database alone: a service that is taken over reads no other.

`python -m chassis.mongo_users` makes them, with the administrator's address in MONGO_URL and the passwords in SECRETS_DIR.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from chassis.mongo import Document
from chassis.settings import Settings
from contracts.catalogue import SERVICES

_USER_EXISTS = 51_003  # MongoDB's error code.
_TIMEOUT_MS = 30_000


def password_file(folder: Path, service: str) -> Path:
    return folder / f"{service}-mongo-password"


def passwords(folder: Path) -> dict[str, str]:
    """Returns the password of each service. Raises OSError naming the file that is missing."""
    return {service: password_file(folder, service).read_text().strip() for service in SERVICES}


def ensure_users(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Each service has exactly this password and these rights, whatever it had before. Raises PyMongoError."""
    with MongoClient[Document](admin_url, timeoutMS=_TIMEOUT_MS) as client:
        for service, password in passwords.items():
            rights = [{"role": "readWrite", "db": service}]
            try:
                client.admin.command("createUser", service, pwd=password, roles=rights)
            except OperationFailure as refused:
                if refused.code != _USER_EXISTS:
                    raise
                client.admin.command("updateUser", service, pwd=password, roles=rights)


def main() -> None:
    settings = Settings.read(os.environ)
    try:
        ensure_users(settings.mongo_url.get_secret_value(), passwords(settings.secrets_dir))
    except PyMongoError as fault:  # Its own text could quote the address, with the password in it.
        sys.exit(
            f"MongoDB did not take the services' users ({type(fault).__name__}): is MONGO_URL the administrator's?"
        )


if __name__ == "__main__":
    main()
