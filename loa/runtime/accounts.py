"""Under which names and passwords the services and the administrator reach MongoDB and Kafka."""

from pathlib import Path

from chassis.kafka import NOBODY, Account
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


def broker_administrator(broker: str | None, folder: Path) -> Account:
    """Returns who may do everything on the broker of that name: on Kafka an account, on Tansu anybody."""
    return Account(ADMIN, secrets.read(folder, "kafka-password")) if broker == "kafka" else NOBODY


def write_kafka_accounts(folder: Path) -> Path:
    """Returns the file in which Kafka finds every account's password, as Java's login modules are told."""
    passwords = {service: secrets.read(folder, f"{service}-kafka-password") for service in SERVICES}
    administrator = secrets.read(folder, "kafka-password")
    users = "\n".join(f'    user_{user}="{word}"' for user, word in {**passwords, ADMIN: administrator}.items())
    module = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    own = f'    username="{ADMIN}"\n    password="{administrator}"'  # As whom the broker speaks to its controller.
    file = folder / "kafka-accounts.conf"
    write_whole(file, f"KafkaServer {{\n    {module}\n{own}\n{users};\n}};\n")
    return file
