"""The settings of the auditor."""

from pathlib import Path

from pydantic import Field

from chassis.settings import Settings


class AuditorSettings(Settings):
    http_port: int = Field(8104, ge=0, le=65_535, description="HTTP port for operators: API, /alive, /ready, /metrics.")
    mongo_database: str = Field("auditor", description="This service's database.")
    checkpoint_seconds: float = Field(
        60, gt=0, le=200, description="Seconds between two signatures of the end of the chain, more or less by half."
    )
    checkpoints_path: Path = Field(
        Path(".loa/audit/checkpoints.jsonl"),
        description="Signed checkpoints outside the database, one a line: carry them off the machine.",
    )
