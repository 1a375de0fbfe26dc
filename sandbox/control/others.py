"""The other hands: officers in Zalo's own chat tool, members of groups, answers to consent and ratings, and any event."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path
from pydantic import BaseModel, ConfigDict, Field

from sandbox import catalogue
from sandbox.catalogue import CATALOGUE, ZNS_EVENTS
from sandbox.citizen_actions import ActionResult
from sandbox.control.citizen_actions import result_json
from sandbox.groups import Group
from sandbox.openapi.group_chat import write
from sandbox.openapi.groups import raise_group
from sandbox.people import Contact, Draft, Json
from sandbox.platform import Platform
from sandbox.samples import DAY, Scene
from sandbox.webhook_sender import FirstOutcome

GROUP_EVENTS = {"join": "user_join_group", "request": "user_request_join_group", "leave": "user_out_group"}


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class OfficerSays(_Body):
    citizen_id: str = Field(max_length=40)
    text: str = Field(min_length=1, max_length=2_000, repr=False)
    admin_id: str = Field("900000000000000001", pattern=r"^[0-9]{1,19}$")


class InGroup(_Body):
    do: Literal["join", "request", "leave", "send"]
    text: str = Field("", max_length=2_000, repr=False)


class Consent(_Body):
    oa_id: str = Field(max_length=40)
    answer: Literal["ALLOW", "REFUSE", "USER_BLOCKED"] = "ALLOW"


class Rating(_Body):
    oa_id: str = Field(max_length=40)
    message_id: str = Field(max_length=64)
    rate: int = Field(ge=1, le=5)
    note: str = Field("", max_length=500, repr=False)
    feedbacks: tuple[Annotated[str, Field(max_length=200)], ...] = Field((), max_length=10, repr=False)


class AnyEvent(_Body):
    """`members` replaces top-level members of the sample; `citizen_id` makes it about that citizen."""

    oa_id: str = Field(max_length=40)
    citizen_id: str | None = Field(None, max_length=40)
    members: dict[Annotated[str, Field(max_length=100)], Any] = Field(default_factory=dict, max_length=50, repr=False)


def officers(platform: Platform) -> APIRouter:
    """What is written by hand, and any event of the catalogue."""
    router = APIRouter(prefix="/sandbox", tags=["events"])
    network = platform.network

    @router.post("/oas/{oa_id}/officer/send")
    async def officer(oa_id: str, body: OfficerSays) -> Json:
        """A human reply in Zalo's chat tool: its echo carries sender.admin_id."""
        contact = network.contact(body.citizen_id, oa_id)
        return {"message_id": network.send(contact, Draft("text", body.text), body.admin_id).message_id}

    @router.get("/events")
    async def events() -> list[str]:
        """The names of every event that can be raised."""
        return sorted(CATALOGUE)

    @router.post("/events/{event_name}")
    async def raise_event(event_name: Annotated[str, Path(max_length=100)], body: AnyEvent) -> Json:
        """Raise one event of the catalogue, signed; waits for the first attempt."""
        if event_name not in CATALOGUE:
            raise HTTPException(404, "no such event")
        scene = _scene(platform, body)
        event = catalogue.build(event_name, scene, body.members)
        first = FirstOutcome()
        platform.webhooks.send(event, body.oa_id, scene.user_id, first, zns=event_name in ZNS_EVENTS)
        return {"event": event, **result_json(ActionResult("", await first.outcome))}

    return router


def answers(platform: Platform) -> APIRouter:
    """What citizens do in groups."""
    router = APIRouter(prefix="/sandbox/citizens/{citizen_id}", tags=["events"])
    network = platform.network

    @router.post("/groups/{group_id}")
    async def in_group(citizen_id: str, group_id: str, body: InGroup) -> Json:
        group = platform.groups.by_id.get(group_id)
        if group is None:
            raise HTTPException(404, "no such group")
        contact = network.contact(citizen_id, group.oa_id)
        if body.do == "send":
            return _group_message(platform, group, contact, body.text)
        _move(group, contact.user_id, body.do)
        raise_group(platform, group, GROUP_EVENTS[body.do], [contact.user_id])
        return {"group_id": group_id, "members": len(group.members)}

    return router


def verdicts(platform: Platform) -> APIRouter:
    """Answers to what an OA asked: consent to a call, a rating."""
    router = APIRouter(prefix="/sandbox/citizens/{citizen_id}", tags=["events"])
    network = platform.network

    @router.post("/consent")
    async def consent(citizen_id: str, body: Consent) -> Json:
        """Answer the request to be called: user_reply_consent."""
        contact = network.contact(citizen_id, body.oa_id)
        if contact.consent is None or contact.consent["state"] != "sent":
            raise HTTPException(409, "nobody asked")
        return result_json(await answer_consent(platform, contact, body.answer))

    @router.post("/rate")
    async def rate(citizen_id: str, body: Rating) -> Json:
        """Rate a template message: user_feedback, which names no user."""
        sent = platform.sent.get(body.message_id)
        if sent is None or sent.message.citizen_id != citizen_id:
            raise HTTPException(404, "no such template message")
        feedback = {
            "rating_type": "STAR", "option": "", "note": body.note, "rate": body.rate, "msg_id": body.message_id,
            "submit_time": str(platform.clock.now_ms()), "feedbacks": list(body.feedbacks), "tracking_id": sent.tracking_id,
        }  # fmt: skip
        platform.ratings.append({**feedback, "oa_id": body.oa_id, "template_id": sent.template_id})
        contact = network.contact(citizen_id, body.oa_id)
        event = platform.citizen_actions.rooted("user_feedback", contact, {"message": feedback})
        return result_json(await platform.citizen_actions.raise_event(event, contact, zns=True))

    return router


def _scene(platform: Platform, body: AnyEvent) -> Scene:
    network = platform.network
    account = network.account(body.oa_id)
    contact = network.contact(body.citizen_id, body.oa_id) if body.citizen_id else None
    return Scene(
        app_id=account.record.app_id,
        oa_id=body.oa_id,
        user_id=contact.user_id if contact else network.ids.number(),
        by_app=network.by_app(contact) if contact else network.ids.number(),
        phone=network.citizens[contact.citizen_id].phone if contact else "84900000000",
        msg_id=network.ids.message(),
        number=network.ids.number(),
        now_ms=platform.clock.now_ms(),
        media=platform.media.base_url,
    )


def _group_message(platform: Platform, group: Group, contact: Contact, text: str) -> Json:
    if contact.user_id not in group.members:
        raise HTTPException(409, "not a member")
    if not text:
        raise HTTPException(400, "text: a message needs words")
    return {"message_id": write(platform, group, Draft("text", text), contact.user_id, from_oa=False)["message_id"]}


def _move(group: Group, user_id: str, action: str) -> None:
    """Raise HTTPException 409 when it changes nothing."""
    is_member, is_pending = user_id in group.members, user_id in group.pending
    if is_member != (action == "leave") or (action == "request" and is_pending):
        raise HTTPException(409, "already so")
    if action == "leave":
        group.members.remove(user_id)
    elif action == "join":
        group.members.append(user_id)
    else:
        group.pending.append(user_id)


async def answer_consent(platform: Platform, contact: Contact, answer: str) -> ActionResult:
    """ALLOW, REFUSE or USER_BLOCKED, to a request that was sent: user_reply_consent."""
    now = platform.clock.now_ms()
    state = {"ALLOW": "allowed", "REFUSE": "refused", "USER_BLOCKED": "blocked"}[answer]
    contact.consent = {**(contact.consent or {}), "state": state, "at_ms": now}
    if answer == "ALLOW":
        contact.last_interaction_ms = now
    fields = {
        "phone": platform.network.citizens[contact.citizen_id].phone,
        "user_consent": answer,
        "confirmed_time": str(now),
        "expired_time": str(now + 30 * DAY) if answer == "ALLOW" else "0",
    }
    return await platform.citizen_actions.raise_event(
        platform.citizen_actions.rooted("user_reply_consent", contact, fields), contact
    )
