"""The settings of the sandbox in one frozen object: read once, validated before anything opens."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr

APP_SECRET_FILE = "zalo-app-secret"  # noqa: S105  The name of a file, not a secret.
OA_SECRET_KEY_FILE = "zalo-oa-secret-key"  # noqa: S105  The name of a file, not a secret.


class Settings(BaseModel):
    """Upper-case environment names without a prefix; the environment is an argument, so a test passes a dict."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    http_host: str = Field("127.0.0.1", description="Where the fake Zalo listens.")
    http_port: int = Field(8020, ge=0, le=65_535, description="Its one port: OAuth, OpenAPI, control API, chat page.")
    public_url: str = Field("", description="How others reach it (media links); empty: built from host and port.")
    webhook_url: str = Field("", description="The gateway's POST /webhooks/zalo; empty: events are not delivered.")
    oas_file: Path = Field(Path("content/demo/oas.yaml"), description="The OAs that exist.")
    templates_file: Path = Field(Path("content/demo/templates.yaml"), description="Approved message templates.")
    secrets_dir: Path = Field(Path(".loa/secrets"), description="Holds zalo-app-secret and zalo-oa-secret-key.")
    state: Path | None = Field(None, description="Snapshot file; unset: everything is forgotten at the end.")
    seed: int = Field(1, description="Faults are drawn from this seed.")
    retry_scale: float = Field(
        1.0, gt=0, le=10, description="Compresses the webhook retry ladder: 0.01 is 100 x faster."
    )
    webhook_connections: int = Field(128, ge=1, le=1_000, description="Webhooks under way at once.")
    rate_app_per_minute: int = Field(0, ge=0, description="OpenAPI calls per app and minute (Zalo: 4000); 0: no limit.")
    rate_oa_per_minute: int = Field(0, ge=0, description="OpenAPI calls per OA and minute (Zalo: 2000); 0: no limit.")
    reads: bool = Field(True, description="New citizens see a message at once; else they see it when a call says so.")
    tls_port: int = Field(8443, ge=0, le=65_535, description="With --tls: TLS under Zalo's own host names.")
    proxy_port: int = Field(8022, ge=0, le=65_535, description="With --tls: a CONNECT proxy that leads them here.")
    tls_dir: Path = Field(Path(".loa/sandbox-tls"), description="With --tls: where the private CA is kept.")

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Raise pydantic.ValidationError, which names the setting and hides its value."""
        values = {name: environ[name.upper()] for name in cls.model_fields if environ.get(name.upper())}
        return cls.model_validate(values)

    def base_url(self) -> str:
        """The address that media links are built on, without a trailing slash."""
        return (self.public_url or f"http://{self.http_host}:{self.http_port}").rstrip("/")


class Secrets(BaseModel):
    """What an app shares with Zalo. Never in settings, so never in an environment dump."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    app_secret: SecretStr
    oa_secret_key: SecretStr

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raise FileNotFoundError naming the file that is missing, ValueError when it is empty."""
        return cls(app_secret=_secret(folder / APP_SECRET_FILE), oa_secret_key=_secret(folder / OA_SECRET_KEY_FILE))


def _secret(path: Path) -> SecretStr:
    words = path.read_text("utf-8").strip()
    if not words:
        raise ValueError(f"{path} is empty: write the secret into it, or delete it and run `make up` again")
    return SecretStr(words)
