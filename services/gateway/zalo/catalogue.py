"""Every event Zalo sends, one row each: its kind, where the ids of OA and person are, what makes it unique.

Source: the webhook pages of docs.zaloplatforms.com and captures of real traffic. Where names conflict, both are here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from contracts.message import Kind

Path = tuple[str, ...]


class Shape(StrEnum):
    """What an event is to us. Each shape becomes one event of `contracts.gateway`."""

    MESSAGE = "message"  # A citizen wrote.
    INFO = "info"  # A citizen filled in Zalo's contact card.
    ECHO = "echo"  # The OA's own message comes back; with `sender.admin_id` a person wrote it.
    DELIVERED = "delivered"
    SEEN = "seen"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    ACT = "act"  # A citizen did something that is no message.
    WITHDRAW = "withdraw"  # A citizen asks to be forgotten.
    PLATFORM = "platform"  # News about an OA, a template, a group.


class Identity(StrEnum):
    """What makes two deliveries the same event."""

    MESSAGE = "message"  # OA, event name and msg_id.
    MOMENT = "moment"  # OA, event name, person, timestamp, and whatever ids there are: Zalo sends no msg_id.
    WHOLE = "whole"  # The whole body, in whatever order: enough for what has neither.


@dataclass(frozen=True, slots=True)
class Row:
    shape: Shape
    oa: tuple[Path, ...]  # The first that is there counts.
    person: tuple[Path, ...] = ()
    kind: Kind | None = None
    identity: Identity = Identity.MOMENT
    reachable: bool = True  # Whether an ordinary message to that person would arrive.


_ROOT_OA: tuple[Path, ...] = (("oa_id",), ("oaId",))
_TO: Path = ("recipient", "id")
_FROM: Path = ("sender", "id")
PHONE: Path = ("phone",)
_CALLER: tuple[Path, ...] = (("user_id",), PHONE)
_USER: tuple[Path, ...] = (("user_id",), ("data", "user_id"), ("sender", "id"))

UNKNOWN = "unknown"
UNKNOWN_ROW = Row(Shape.PLATFORM, (*_ROOT_OA, _TO, _FROM), identity=Identity.WHOLE)

_ANONYMOUS = ("text", "image", "sticker", "file")
_ECHOED = (
    "text",
    "image",
    "gif",
    "list",
    "link",
    "file",
    "sticker",
    "audio",
    "video",
    "location",
    "business_card",
    "template",
)
_IN_GROUPS = ("text", "image", "link", "audio", "video", "business_card", "sticker", "gif", "file", "location")
_GROUP_LIFE = (
    "create_group", "user_join_group", "user_request_join_group", "accept_request_join_group", "reject_request_join_group",
    "react_request_join_group_accept", "react_request_join_group_reject", "add_group_admin", "remove_group_admin",
    "update_group_info", "user_out_group", "user_leave_group", "delete_group",
)  # fmt: skip
_OF_THE_OA = (
    "add_user_to_tag", "remove_user_from_tag", "remove_tag", "widget_failed_to_sync_user_external_id", "extension_purchased",
    "oa_send_consent", "user_feedback", "user_click_response_button", "change_template_status", "change_template_quality",
    "change_template_quota", "change_oa_template_tags", "change_oa_daily_quota", "event_journey_acknowledged",
    "event_journey_time_out", "shop_has_order", "update_user_info",
)  # fmt: skip


def _messages() -> Iterator[tuple[str, Row]]:
    for kind in Kind:
        if kind is not Kind.INFO:
            yield f"user_send_{kind}", Row(Shape.MESSAGE, (_TO, *_ROOT_OA), (_FROM,), kind, Identity.MESSAGE)
    yield "user_submit_info", Row(Shape.INFO, (_TO, *_ROOT_OA), (_FROM, ("user_id",)), Kind.INFO)
    for kind_name in _ECHOED:
        kind = Kind(kind_name) if kind_name in set(Kind) else Kind.LINK  # A list or a template is several links.
        yield f"oa_send_{kind_name}", Row(Shape.ECHO, (_FROM, *_ROOT_OA), (_TO,), kind, Identity.MESSAGE)
    for kind_name in _ANONYMOUS:
        # No address: an anonymous visitor is answered through another call, with the conversation's id.
        yield (
            f"anonymous_send_{kind_name}",
            Row(Shape.ACT, (_TO, *_ROOT_OA), (_FROM,), identity=Identity.MESSAGE, reachable=False),
        )
        yield f"oa_send_anonymous_{kind_name}", Row(Shape.ECHO, (_FROM, *_ROOT_OA), (_TO,), identity=Identity.MESSAGE)


def _receipts() -> Iterator[tuple[str, Row]]:
    # Against expectation the *sender* of a receipt is the OA (live captures agree).
    yield "user_received_message", Row(Shape.DELIVERED, (_FROM, *_ROOT_OA), (_TO,), identity=Identity.MESSAGE)
    yield "user_seen_message", Row(Shape.SEEN, (_FROM, *_ROOT_OA), (_TO,))


def _acts() -> Iterator[tuple[str, Row]]:
    follower: tuple[Path, ...] = (("follower", "id"), ("user_id",))
    yield "follow", Row(Shape.FOLLOW, _ROOT_OA, follower)
    yield "unfollow", Row(Shape.UNFOLLOW, _ROOT_OA, follower)
    yield "user_withdraw", Row(Shape.WITHDRAW, _ROOT_OA, (("user_id",), ("sender", "id")))
    yield "user_reacted_message", Row(Shape.ACT, (_TO, *_ROOT_OA), (_FROM,))
    yield "user_click_chatnow", Row(Shape.ACT, _ROOT_OA, _USER)
    yield "widget_interaction_accepted", Row(Shape.ACT, _ROOT_OA, _USER)
    yield "user_reply_consent", Row(Shape.ACT, _ROOT_OA, _CALLER)
    yield "user_call_oa", Row(Shape.ACT, _ROOT_OA, _CALLER)
    yield (
        "oa_call_user",
        Row(Shape.ACT, _ROOT_OA, _CALLER),
    )  # Taking the call is the citizen's act, and opens the window.


def _platform() -> Iterator[tuple[str, Row]]:
    yield "oa_reacted_message", Row(Shape.PLATFORM, (_FROM, *_ROOT_OA), (_TO,))
    for name in _OF_THE_OA:
        yield name, Row(Shape.PLATFORM, _ROOT_OA, (), identity=Identity.WHOLE)
    for name in _GROUP_LIFE:
        yield name, Row(Shape.PLATFORM, _ROOT_OA, (), identity=Identity.WHOLE)
    for kind_name in _IN_GROUPS:
        yield f"user_send_group_{kind_name}", Row(Shape.PLATFORM, _ROOT_OA, (), identity=Identity.MESSAGE)
        yield f"oa_send_group_{kind_name}", Row(Shape.PLATFORM, (*_ROOT_OA, _FROM), (), identity=Identity.MESSAGE)


CATALOGUE: Mapping[str, Row] = MappingProxyType(dict((*_messages(), *_receipts(), *_acts(), *_platform())))

# Zalo's own test button: its demonstration OA, or these marks in the sample of an own OA.
DEMO_OA = "579745863508352884"
SAMPLE_MSG_ID = "This is message id"
SAMPLE_SOURCE = "testing_webhook"
