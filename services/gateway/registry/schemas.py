"""What the registry's API takes and shows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

OaId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,32}$")]
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z_=+./-]{1,200}$")]  # Zalo's site-verification code.
_STRICT = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class NewSecret(BaseModel):
    """The OA Secret Key of developers.zalo.me → app → Webhook. It is not the App Secret."""

    model_config = _STRICT
    value: Annotated[SecretStr, Field(min_length=8, max_length=256)]


class OaInput(BaseModel):
    model_config = _STRICT
    oa_id: OaId
    app_id: OaId
    name: str = Field(min_length=1, max_length=200)
    kind: str = Field("", max_length=64, pattern=r"^[a-z_]*$")
    pack: str = Field("", max_length=64, pattern=r"^[a-z0-9_-]*$")
    enabled: bool | None = None  # Not given: as it is; a new OA is enabled.
    secret: NewSecret | None = None  # Only where this OA has a key of its own.


class OasInput(BaseModel):
    model_config = _STRICT
    oas: list[OaInput] = Field(min_length=1, max_length=1_000)


class AppInput(BaseModel):
    model_config = _STRICT
    secret: NewSecret | None = None
    verifications: list[Code] | None = Field(None, max_length=20)


class OaView(BaseModel):
    """An account as anybody may see it: how many secrets, never which."""

    model_config = ConfigDict(frozen=True)
    oa_id: str
    app_id: str
    name: str
    kind: str
    pack: str
    enabled: bool
    secrets: int
    seen: dict[str, datetime]  # By event name, when it last came (to ten minutes).
    refused_at: datetime | None  # When a signature for this OA last failed.
    changed_at: datetime


class OaPage(BaseModel):
    model_config = ConfigDict(frozen=True)
    oas: list[OaView]
    next: str | None


class AppView(BaseModel):
    model_config = ConfigDict(frozen=True)
    app_id: str
    secrets: int
    verifications: list[str]
    changed_at: datetime


def oa_view(document: Mapping[str, Any]) -> OaView:
    return OaView(
        oa_id=document["_id"],
        app_id=document.get("app", ""),
        name=document.get("name", ""),
        kind=document.get("kind", ""),
        pack=document.get("pack", ""),
        enabled=document.get("on", True),
        secrets=len(document.get("s", ())),
        seen=document.get("seen", {}),
        refused_at=document.get("refused"),
        changed_at=document["changed"],
    )


def app_view(document: Mapping[str, Any]) -> AppView:
    return AppView(
        app_id=document["_id"],
        secrets=len(document.get("s", ())),
        verifications=list(document.get("codes", ())),
        changed_at=document["changed"],
    )
