"""The settings of the chatbot."""

from pathlib import Path

from pydantic import Field

from chassis.settings import PublicSettings, TransitSettings

_HTTP = r"^(https?://[^\s@]+)?$"


class ChatbotSettings(TransitSettings, PublicSettings):
    http_port: int = Field(8101, ge=0, le=65_535, description="HTTP port for operators: API, /alive, /ready, /metrics.")
    public_port: int = Field(
        8001, ge=0, le=65_535, description="Port of the forms, pictures and papers that notify fetches."
    )
    mongo_database: str = Field("chatbot", description="This service's database.")
    content_dir: Path = Field(
        Path("content"), description="Folder of the content; watched, and reloaded when it is valid."
    )
    content_archive: Path | None = Field(
        None, description="Folder of older editions, for dialogues that began on them."
    )
    understanding_cache: Path | None = Field(
        Path(".loa/understanding"),
        description="Folder of trained models, so that a restart is quick.",
    )
    default_pack: str = Field("e_government", description="The pack of an OA that no content lists yet.")
    files_url: str = Field(
        "http://127.0.0.1:8001", description="Where notify fetches this service's forms and pictures."
    )
    dossiers_url: str = Field(
        "", pattern=_HTTP, description="The province's dossier system (docs/lookups.md); empty: imported data."
    )
    scores_url: str = Field(
        "", pattern=_HTTP, description="The province's exam scores (docs/lookups.md); empty: imported data."
    )
    fines_url: str = Field(
        "", pattern=_HTTP, description="The police's traffic fines (docs/lookups.md); empty: imported data."
    )
    media_hosts: str = Field(
        "zdn.vn,zadn.vn,dlfl.vn,dlmd.me",
        description="Hosts that citizens' papers are fetched from: domains with all below them, or host:port exactly.",
    )


def read_token(secrets_dir: Path, name: str) -> str:
    """Returns the token in that file, or "" where there is no such file."""
    path = secrets_dir / name
    return path.read_text().strip() if path.exists() else ""
