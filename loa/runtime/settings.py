"""Where everything listens and where state lives: one frozen object, each field set by one environment name."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from loa.runtime.errors import SetupError

ROOT = Path(__file__).resolve().parents[2]  # The checkout: the services run from here.
BrokerName = Literal["kafka", "tansu"]


def _port(default: int, who: str) -> int:
    port: int = Field(default, ge=1, le=65_535, description=f"TCP port of {who} on 127.0.0.1.")
    return port


class Settings(BaseModel):
    """Upper-case environment names, no prefix. Every address is on 127.0.0.1: this is one machine's runtime."""

    model_config = ConfigDict(frozen=True)

    broker: BrokerName | None = Field(None, description="kafka or tansu; unset, Kafka wherever it can run.")
    loa_state: Path = Field(ROOT / ".loa", description="Folder that holds all state; delete it to begin anew.")
    loa_cache: Path = Field(Path("~/.cache/loa"), description="Folder for Kafka's jars, shared by all checkouts.")
    ready_seconds: float = Field(120, gt=0, description="How long `make up` waits for every part to be ready.")

    gateway_port: int = _port(8000, "the gateway's webhook and pages")
    gateway_internal_port: int = _port(8100, "the gateway's API")
    chatbot_port: int = _port(8001, "the chatbot's files")
    chatbot_internal_port: int = _port(8101, "the chatbot's API")
    tips_port: int = _port(8102, "the API of tips")
    notify_port: int = _port(8003, "notify's pages")
    notify_internal_port: int = _port(8103, "notify's API")
    auditor_port: int = _port(8104, "the auditor's API")
    sandbox_port: int = _port(8020, "the sandbox, the Zalo of this machine")
    kafka_port: int = _port(9092, "the broker")
    kafka_controller_port: int = _port(9093, "Kafka's controller")
    mongo_port: int = _port(27017, "MongoDB")
    prometheus_port: int = _port(9090, "Prometheus")

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """The settings in `environ`. Raises SetupError naming the setting that does not hold."""
        values = {name: environ[name.upper()] for name in cls.model_fields if environ.get(name.upper())}
        try:
            settings = cls.model_validate(values)
        except ValidationError as wrong:
            first = wrong.errors()[0]
            name = str(first["loc"][0]).upper()
            raise SetupError(
                f"The setting {name} does not hold: {first['msg']}.", f"Correct or unset {name}."
            ) from None
        absolute = {name: getattr(settings, name).expanduser().resolve() for name in ("loa_state", "loa_cache")}
        return settings.model_copy(update=absolute)

    @classmethod
    def current(cls, environ: Mapping[str, str]) -> Self:
        """Returns the settings of the Loa that runs from this state folder, unless `environ` sets others."""
        path = cls.read(environ).addresses_file
        started_with: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        return cls.read({**started_with, **environ})

    def save_addresses(self, broker: str) -> None:
        """Store the settings for `current`, so that other commands find the running Loa and its broker."""
        addresses = {"BROKER": broker, **{name: str(port) for name, port in self.ports().items()}}
        self.addresses_file.write_text(json.dumps(addresses))

    @property
    def addresses_file(self) -> Path:
        return self.loa_state / "addresses.json"

    def ports(self) -> dict[str, int]:
        """Every port by the setting that moves it, e.g. {"GATEWAY_PORT": 8000}."""
        return {name.upper(): getattr(self, name) for name in type(self).model_fields if name.endswith("_port")}

    @property
    def checkpoints(self) -> Path:
        """The auditor's signatures outside the database."""
        return self.loa_state / "audit" / "checkpoints.jsonl"

    @property
    def secrets(self) -> Path:
        return self.loa_state / "secrets"

    @property
    def logs(self) -> Path:
        return self.loa_state / "log"
