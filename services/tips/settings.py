"""The settings of tips."""

from pydantic import Field

from chassis.settings import TransitSettings


class TipsSettings(TransitSettings):
    http_port: int = Field(8102, ge=0, le=65_535, description="HTTP port for operators: API, /alive, /ready, /metrics.")
    mongo_database: str = Field("tips", description="This service's database.")
    media_hosts: str = Field(
        "zdn.vn,zadn.vn,dlfl.vn,dlmd.me",
        description="Hosts that media may be fetched from: domains with all below them, or host:port exactly.",
    )
    media_bytes: int = Field(100 * 1024 * 1024, ge=1, description="Bytes of the largest file that is kept.")
    media_files: int = Field(100, ge=1, description="Most files kept of one case.")
    person_files: int = Field(200, ge=1, description="Most files kept of one reporter in a day.")
    person_bytes: int = Field(2 * 1024**3, ge=1, description="Most bytes kept of one reporter in a day.")
    media_seconds: float = Field(300, gt=0, le=600, description="Seconds for one file to arrive whole.")
    media_hours: float = Field(24, gt=0, description="Hours for which a link that fails is tried again.")
    media_workers: int = Field(4, ge=1, le=32, description="Files fetched at once.")
    sweep_seconds: float = Field(
        15, gt=0, description="Seconds between two searches for idle cases and expired leftovers."
    )
    late_minutes: float = Field(
        10, ge=0, description="Minutes beyond the idle half hour, for messages that are still on their way."
    )
    forget_days: float = Field(
        3,
        gt=0.2,
        le=4,
        description="Days after which a quiet conversation is deleted: before the ring that seals it is gone.",
    )
