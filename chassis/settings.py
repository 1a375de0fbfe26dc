"""Every knob of a process in one frozen object: read once, checked before anything connects, passed by hand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Settings(BaseModel):
    """What every house needs. The environment is an argument, so a test passes a dict. A house adds fields by subclassing."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    kafka_servers: str = Field("127.0.0.1:9092", description="Where the log is.")
    kafka_idempotence: bool = Field(True, description="Idempotent producer; off for Tansu, which refuses it.")
    kafka_session_ms: int = Field(10_000, ge=3_000, description="A silent process loses its partitions after this.")
    kafka_fetch_wait_ms: int = Field(500, ge=10, description="How long the broker holds an empty fetch.")
    topic_prefix: str = Field("", pattern=r"^[a-z0-9.-]*$", description="In front of each topic's name.")
    batch_records: int = Field(500, ge=1, le=10_000, description="Most records in one turn of the loop.")
    mongo_url: SecretStr = Field(
        SecretStr("mongodb://127.0.0.1:27017/?replicaSet=loa"), description="Where we remember."
    )
    mongo_database: str = Field("", description="This house's database; its own name by default.")
    secrets_dir: Path = Field(Path(".loa/secrets"), description="Folder of key rings and secrets, one file each.")
    http_host: str = Field("127.0.0.1", description="The door's address.")
    http_port: int = Field(8000, ge=0, le=65_535, description="The door's port: /alive, /ready, /metrics and the API.")
    log_level: str = Field("info", pattern=r"^(debug|info|warning|error)$", description="Least level that is logged.")
    stop_seconds: float = Field(20, gt=0, description="A stop that takes longer is made hard.")

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Upper-case names, no prefix: each house is its own process, so its environment is its own too.

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
        """The README's settings table, generated, so it cannot go stale."""
        rows = [
            f"| `{name.upper()}` | `{'' if isinstance(field.default, SecretStr) else field.default}` | {field.description} |"
            for name, field in cls.model_fields.items()
        ]
        return "\n".join(["| setting | default | what it moves |", "|---|---|---|", *rows])
