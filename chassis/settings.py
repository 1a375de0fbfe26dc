"""The settings of a process in one frozen object: read once, validated before anything connects, passed explicitly."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from chassis.addresses import is_local, mongo_has_tls, mongo_hosts

_OR_REASON = "or PLAINTEXT_REASON says why not"


class Settings(BaseModel):
    """The settings that every service has; a service adds fields by subclassing."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    kafka_servers: str = Field("127.0.0.1:9092", description="Addresses of the Kafka brokers.")
    kafka_user: str = Field("", description="This service's account on the broker; empty where the broker has none.")
    kafka_password: SecretStr = Field(
        SecretStr(""), description="Password of the account; KAFKA_PASSWORD_FILE names it."
    )
    kafka_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "PLAIN", description="How the password is shown: SASL's PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512."
    )
    kafka_tls_ca: Path | None = Field(
        None, description="File of the authority (PEM) that vouches for the brokers: TLS."
    )
    kafka_idempotence: bool = Field(True, description="Idempotent producer; off for Tansu, which refuses it.")
    kafka_session_ms: int = Field(
        10_000, ge=3_000, description="Milliseconds after which a silent process loses its partitions."
    )
    kafka_fetch_wait_ms: int = Field(500, ge=10, description="Milliseconds for which the broker holds an empty fetch.")
    topic_prefix: str = Field("", pattern=r"^[a-z0-9.-]*$", description="Prefix of each topic's name.")
    batch_records: int = Field(500, ge=1, le=10_000, description="Most records in one batch of the consumer loop.")
    mongo_url: SecretStr = Field(
        SecretStr("mongodb://127.0.0.1:27017/?replicaSet=loa"), description="MongoDB connection string."
    )
    plaintext_reason: str = Field(
        "",
        pattern=r"^(.{20,200})?$",
        description="Why broker or database on another machine may be reached without TLS; refused without a reason.",
    )
    mongo_database: str = Field("", description="This service's database; by default the service's name.")
    secrets_dir: Path = Field(Path(".loa/secrets"), description="Folder of key rings and secrets, one file each.")
    http_host: str = Field("127.0.0.1", description="Address of the HTTP server.")
    http_port: int = Field(8100, ge=0, le=65_535, description="HTTP port for operators: API, /alive, /ready, /metrics.")
    log_level: str = Field("info", pattern=r"^(debug|info|warning|error)$", description="Lowest level that is logged.")
    stop_seconds: float = Field(20, gt=0, description="Seconds after which a stop that takes longer is forced.")

    @model_validator(mode="after")
    def _demand_tls(self) -> Self:
        """Raises ValueError where passwords and citizens' data would leave this machine in plain text."""
        if not self.plaintext_reason:
            if not self.kafka_tls_ca and not all(map(is_local, self.kafka_servers.split(","))):
                raise ValueError(f"the broker is on another machine: KAFKA_TLS_CA names its authority; {_OR_REASON}")
            mongo = self.mongo_url.get_secret_value()
            if not mongo_has_tls(mongo) and not all(map(is_local, mongo_hosts(mongo))):
                raise ValueError(f"the database is on another machine: add tls=true to MONGO_URL; {_OR_REASON}")
        return self

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Returns the settings in `environ`: upper-case names, no prefix, since each service is a process of its own.

        `<NAME>_FILE` names a file that holds the value instead, so that no secret has to be in an environment.
        Raises OSError naming that file, pydantic.ValidationError naming the setting.
        """
        names = {name: name.upper() for name in cls.model_fields}
        file_names = {f"{upper}_FILE": name for name, upper in names.items()}
        values = {name: environ[upper] for name, upper in names.items() if upper in environ}
        values |= {
            name: Path(environ[file]).read_text().strip() for file, name in file_names.items() if environ.get(file)
        }
        return cls.model_validate(values)

    @classmethod
    def table(cls) -> str:
        """Returns the table of settings for the service's README."""
        rows = [
            f"| `{name.upper()}` | `{'' if isinstance(field.default, SecretStr) else field.default}` | {field.description} |"
            for name, field in cls.model_fields.items()
        ]
        return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows])


class TransitSettings(Settings):
    """Of a service that others seal bodies to (chassis/transit_keys.py)."""

    transit_ring: str = Field(
        "",
        description="The ring that seals the private halves of transit keys: this service alone has it and rolls it daily, and "
        "no backup holds it. By default `transit/<service>.keys` beside SECRETS_DIR.",
    )

    def transit_path(self, service: str) -> Path:
        return Path(self.transit_ring) if self.transit_ring else self.secrets_dir.parent / "transit" / f"{service}.keys"


class PublicSettings(Settings):
    """Of a service that serves something to everybody, at a port of its own: what guards the inside is no way to it."""

    public_port: int = Field(8000, ge=0, le=65_535, description="Port of what anybody may see, and of nothing else.")
