"""Under which names and passwords the services and the administrator reach MongoDB."""

from pathlib import Path

from contracts.catalogue import SERVICES
from loa.runtime import secrets
from loa.runtime.whole_file import write_whole

ADMIN = "loa"  # May do everything; the services have accounts of their own.


def write_mongo_urls(folder: Path, hosts: str) -> None:
    """The addresses with the passwords in them, a secret for each service and one for the administrator: MONGO_URL_FILE."""
    for service in SERVICES:
        password = secrets.read(folder, f"{service}-mongo-password")
        write_whole(mongo_url_file(folder, service), mongo_url(service, password, hosts) + "\n")
    administrator = mongo_url(ADMIN, secrets.read(folder, "mongo-password"), hosts)
    write_whole(folder / "mongo-admin-url", administrator + "\n")


def mongo_url_file(folder: Path, service: str) -> Path:
    return folder / f"{service}-mongo-url"


def mongo_url(user: str, password: str, hosts: str) -> str:
    return f"mongodb://{user}:{password}@{hosts}/?replicaSet=loa&authSource=admin"
