"""The settings of notify."""

from pydantic import Field

from chassis.fetch import AllowedHosts
from chassis.settings import PublicSettings


class NotifySettings(PublicSettings):
    http_port: int = Field(8103, ge=0, le=65_535, description="HTTP port for operators: API, /alive, /ready, /metrics.")
    public_port: int = Field(
        8003, ge=0, le=65_535, description="Port of /oauth, which browsers of OAs' administrators use."
    )
    zalo_openapi_url: str = Field(
        "https://openapi.zalo.me", pattern=r"^https?://", description="Where messages are sent."
    )
    zalo_oauth_url: str = Field(
        "https://oauth.zaloapp.com", pattern=r"^https?://", description="Where tokens come from."
    )
    zalo_app_id: str = Field("1000000000000000001", pattern=r"^[0-9]{1,19}$", description="Our app at Zalo.")
    public_url: str = Field(
        "", pattern=r"^(https?://.*)?$", description="Public address of this service for browsers; by default its own."
    )
    send_seconds: float = Field(8, gt=0, le=30, description="Seconds Zalo has to answer one call.")
    lease_seconds: float = Field(
        15, gt=0, description="Seconds after which a claim on a message lapses; renewed while the process lives."
    )
    doubt_seconds: float = Field(
        3, ge=0, description="Seconds for which a send may still arrive whose connection or process ended."
    )
    late_seconds: float = Field(
        30, ge=0, description="The same for a send that got no answer within SEND_SECONDS: Zalo itself is slow."
    )
    in_flight: int = Field(64, ge=1, le=1_000, description="Most calls to Zalo at once.")
    in_flight_oa: int = Field(
        48, ge=1, le=1_000, description="Most calls for one OA at once, so that one never takes all of them."
    )
    queue_limit: int = Field(1_000, ge=1, description="Most messages in memory; the rest waits in the ledger.")
    sweep_seconds: float = Field(0.5, gt=0, description="Seconds between two searches of the ledger for what is due.")
    rate_app_per_minute: int = Field(4_000, ge=1, description="Zalo's limit per app, until its headers tell another.")
    rate_oa_per_minute: int = Field(2_000, ge=1, description="Zalo's limit per OA, until its headers tell another.")
    max_attempts: int = Field(12, ge=1, description="Attempts after which a message has failed.")
    reply_hours: float = Field(24, gt=0, description="Hours after which a reply without a deadline of its own expires.")
    bulk_hours: float = Field(72, gt=0, description="The same for bulk messages.")
    window_hours: float = Field(
        48,
        gt=0,
        le=168,
        description="Hours after a citizen's last message in which one may be sent; 168 where the OA pays beyond 48.",
    )
    ledger_days: int = Field(30, ge=1, description="Days for which ended messages are kept.")
    asset_hosts: str = Field(
        "127.0.0.1:8001,127.0.0.1:8002", description="host:port of the services that pictures and files come from."
    )
    info_card_image_url: str = Field(
        "", description="Address of the picture on the card that asks for contact details."
    )

    @property
    def own_url(self) -> str:
        return (self.public_url or f"http://{self.http_host}:{self.public_port}").rstrip("/")

    @property
    def allowed_assets(self) -> AllowedHosts:
        """Raises MisconfiguredError that names the entry that is no host."""
        return AllowedHosts.parse("ASSET_HOSTS", self.asset_hosts)
