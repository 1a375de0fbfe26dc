"""The gateway's knobs."""

from pydantic import Field

from chassis.settings import Settings


class GatewaySettings(Settings):
    """Two seconds are Zalo's patience: `say_seconds` and `spool_seconds` together, twice over, must fit into them."""

    mongo_database: str = Field("gateway", description="This house's database.")
    http_port: int = Field(8000, ge=0, le=65_535, description="The door's port: /webhooks/zalo, the API and the pages.")
    public_url: str = Field("http://127.0.0.1:8000", description="How Zalo reaches us: shown on the onboarding pages.")
    say_seconds: float = Field(
        0.7, gt=0, le=1, description="The broker's time for one batch before the spool takes over."
    )
    spool_seconds: float = Field(0.5, gt=0, le=0.5, description="MongoDB's time for one batch before we answer 503.")
    queue_limit: int = Field(2_000, ge=1, description="Webhooks waiting for the broker; more are answered 503.")
    spool_limit: int = Field(1_000_000, ge=1, description="Facts in the spool; more are answered 503.")
    body_limit: int = Field(
        262_144, ge=1_024, le=280_000, description="Bytes of a body that is read; Zalo's are below 32 KB."
    )
    body_seconds: float = Field(5, gt=0, description="Time for a body to arrive whole.")
    registry_seconds: float = Field(2, gt=0, le=4, description="How often a replica looks for changed OAs and apps.")
    reject_days: int = Field(14, ge=1, description="How long what was not understood is kept, sealed.")
    reject_limit: int = Field(10_000, ge=1, description="Rejects kept per reason; more are only counted.")
