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


class OaGiven(BaseModel):
    model_config = _STRICT
    oa_id: OaId
    app_id: OaId
    name: str = Field(min_length=1, max_length=200)
    kind: str = Field("", max_length=64, pattern=r"^[a-z_]*$")
    pack: str = Field("", max_length=64, pattern=r"^[a-z0-9_-]*$")
    enabled: bool | None = None  # Not given: as it is; a new OA is enabled.
    secret: NewSecret | None = None  # Only where this OA has a key of its own.


class OasGiven(BaseModel):
    model_config = _STRICT
    oas: list[OaGiven] = Field(min_length=1, max_length=1_000)


class AppGiven(BaseModel):
    model_config = _STRICT
    secret: NewSecret | None = None
    verifications: list[Code] | None = Field(None, max_length=20)


class OaShown(BaseModel):
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
    oas: list[OaShown]
    next: str | None


class AppShown(BaseModel):
    model_config = ConfigDict(frozen=True)
    app_id: str
    secrets: int
    verifications: list[str]
    changed_at: datetime


def oa_shown(found: Mapping[str, Any]) -> OaShown:
    return OaShown(
        oa_id=found["_id"],
        app_id=found.get("app", ""),
        name=found.get("name", ""),
        kind=found.get("kind", ""),
        pack=found.get("pack", ""),
        enabled=found.get("on", True),
        secrets=len(found.get("s", ())),
        seen=found.get("seen", {}),
        refused_at=found.get("refused"),
        changed_at=found["changed"],
    )


def app_shown(found: Mapping[str, Any]) -> AppShown:
    return AppShown(
        app_id=found["_id"],
        secrets=len(found.get("s", ())),
        verifications=list(found.get("codes", ())),
        changed_at=found["changed"],
    )
