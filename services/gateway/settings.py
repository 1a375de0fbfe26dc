"""The settings of the gateway."""

from pydantic import Field

from chassis.settings import PublicSettings


class GatewaySettings(PublicSettings):
    """Zalo waits two seconds: `say_seconds`, `spool_seconds` and the spool's 0.3 s before it acknowledges fit into them."""

    mongo_database: str = Field("gateway", description="This service's database.")
    http_port: int = Field(8100, ge=0, le=65_535, description="HTTP port for operators: API, /alive, /ready, /metrics.")
    public_port: int = Field(
        8000, ge=0, le=65_535, description="Port of /webhooks/zalo and of the pages, for everybody."
    )
    public_url: str = Field(
        "http://127.0.0.1:8000", description="Public address of this service: shown on the onboarding pages."
    )
    say_seconds: float = Field(
        0.7, gt=0, le=1, description="Seconds the broker has for one batch alone before the spool is tried beside it."
    )
    spool_seconds: float = Field(
        0.5,
        gt=0,
        le=0.5,
        description="Seconds MongoDB then has for it, and the broker still, before the answer is 503.",
    )
    queue_limit: int = Field(2_000, ge=1, description="Webhooks waiting for the broker; more are answered 503.")
    spool_limit: int = Field(1_000_000, ge=1, description="Events in the spool; more are answered 503.")
    body_limit: int = Field(262_144, ge=1_024, le=280_000, description="Most bytes of a body; Zalo's are below 32 KB.")
    body_seconds: float = Field(5, gt=0, description="Seconds for a body to arrive whole.")
    registry_seconds: float = Field(2, gt=0, le=4, description="Seconds between two looks for changed OAs and apps.")
    reject_days: int = Field(
        14, ge=1, description="Days for which the quarantine keeps what was not understood, sealed."
    )
    reject_limit: int = Field(10_000, ge=1, description="Most events in quarantine per reason; more are only counted.")
