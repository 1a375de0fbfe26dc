"""The platform's back office: standing of OAs and apps, content policy, approval of templates."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from sandbox.people import Json
from sandbox.platform import Platform
from sandbox.templates import Status

Count = Annotated[int | None, Field(ge=0, le=10**12)]


class _Body(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, extra="forbid")


class OaState(_Body):
    verified: bool | None = None
    deleted: bool | None = None
    missing: bool | None = None
    authorised: bool | None = None
    package: Literal["basic", "standard", "growth", "advanced"] | None = None
    oa_type: int | None = Field(None, ge=1, le=4)
    forbidden_paths: frozenset[str] | None = Field(None, max_length=100)
    zca_linked: bool | None = None
    payments_fail: bool | None = None
    blocked_by_zns: bool | None = None
    zns_allowed: bool | None = None
    balance: Count = None
    trial_balance: Count = None
    sub_quota: Count = None
    daily_quota: Count = None
    promotion_quota: Count = None
    broadcast_quota: Count = None
    article_quota: Count = None
    asset_quota: Count = None


class AppState(_Body):
    active: bool | None = None
    removed: bool | None = None
    proof_needed: bool | None = None


class PolicyBody(_Body):
    words: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = Field((), max_length=1_000)


class TemplateState(_Body):
    status: Status | None = None
    quality: Literal["HIGH", "MEDIUM", "LOW", "UNDEFINED"] | None = None
    by_uid: bool | None = None
    daytime_only: bool | None = None
    daily_quota: Count = None
    oa_id: str | None = Field(None, max_length=40)


def oa_status(platform: Platform) -> APIRouter:
    router = APIRouter(prefix="/sandbox", tags=["platform"])

    @router.put("/oas/{oa_id}/state")
    async def oa(oa_id: str, body: OaState) -> Json:
        """Each member has its error code: see sandbox/accounts.py."""
        _set(platform.network.account(oa_id), body)
        return {"oa_id": oa_id}

    @router.put("/apps/{app_id}/state")
    async def app(app_id: str, body: AppState) -> Json:
        _set(platform.apps.app(app_id), body)
        return {"app_id": app_id}

    @router.put("/policy")
    async def policy(body: PolicyBody) -> Json:
        """Texts with one of these words are refused: -248, by phone -116."""
        platform.policy.words = tuple(word.casefold() for word in body.words)
        return {"words": len(body.words)}

    @router.put("/templates/{template_id}")
    async def template(template_id: str, body: TemplateState) -> Json:
        """Approve, reject, disable; a change of status is sent as change_template_status."""
        old = platform.templates.by_id.get(template_id)
        if old is None:
            raise HTTPException(404, "no such template")
        changed = old.model_copy(update=body.model_dump(exclude_none=True))
        platform.templates.by_id[template_id] = changed
        if changed.status != old.status:
            _announce_status(
                platform, template_id, changed.oa_id, {"prev_status": old.status, "new_status": changed.status}
            )
        return {"template_id": template_id, "status": changed.status}

    return router


def _announce_status(platform: Platform, template_id: str, oa_id: str, status: Json) -> None:
    """For a template of every OA, each OA gets the event."""
    for account in platform.network.accounts.values():
        if oa_id in ("", account.oa_id):
            event = {
                "event_name": "change_template_status", "app_id": account.record.app_id, "oa_id": account.oa_id,
                "template_id": template_id, "status": status, "reason": "", "timestamp": str(platform.clock.now_ms()),
            }  # fmt: skip
            platform.webhooks.send(event, account.oa_id, account.oa_id, zns=True)


def _set(target: Any, body: BaseModel) -> None:
    for name, value in body.model_dump(exclude_none=True).items():
        setattr(target, name, value)
