"""The same event is the same fact, on every replica, whenever it comes again; different events are different facts."""

import random

import pytest

from chassis.crypto import Place
from contracts.gateway import MessageReceived
from contracts.message import InboundMessage
from services.gateway.events import EventFactory
from services.gateway.zalo.catalogue import CATALOGUE
from tests.doubles import ADDRESSES, BODIES, PEPPER
from tests.services.gateway import payloads
from tests.services.gateway.gateway_parts import READERS, raw
from tests.services.gateway.payloads import BODIES as EXAMPLES
from tests.services.gateway.payloads import Json
from tests.services.gateway.test_catalogue import event_of, understood


def shuffled(body: Json) -> Json:
    names = list(body)
    random.Random(7).shuffle(names)
    return {name: body[name] for name in names}


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_a_redelivery_is_the_same_event_on_another_replica(name: str) -> None:
    body = EXAMPLES[name]
    redelivered = EventFactory(BODIES, ADDRESSES, PEPPER, READERS).build(understood(body), raw(body))
    assert redelivered.id == event_of(body).id
    assert redelivered.conversation == event_of(body).conversation


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_the_order_of_the_members_does_not_matter(name: str) -> None:
    assert event_of(shuffled(EXAMPLES[name])).id == event_of(EXAMPLES[name]).id


def test_no_two_examples_are_the_same_event() -> None:
    assert len({event_of(body).id for body in EXAMPLES.values()}) == len(EXAMPLES)


def test_the_same_msg_id_under_another_name_is_another_event() -> None:
    message = {"msg_id": "shared"}
    names = ("oa_send_text", "user_received_message", "user_seen_message")
    assert len({event_of(EXAMPLES[name] | {"message": message}).id for name in names}) == 3


def test_follow_now_and_follow_later_are_two_events() -> None:
    assert event_of(EXAMPLES["follow"]).id != event_of(EXAMPLES["follow"] | {"timestamp": payloads.STAMP[:-1] + "9"}).id


def test_two_citizens_who_follow_in_the_same_millisecond_are_two_events() -> None:
    assert (
        event_of(EXAMPLES["follow"]).id != event_of(EXAMPLES["follow"] | {"follower": {"id": "7000000000000000001"}}).id
    )


def test_two_reactions_to_one_message_are_two_events() -> None:
    body = EXAMPLES["user_reacted_message"]
    other = body | {"message": {"msg_id": "m-1", "react_icon": ":-h"}}
    assert event_of(body).id != event_of(other).id


def test_the_same_message_id_at_another_oa_is_another_event() -> None:
    envelope_of_other = EXAMPLES["user_send_text"] | {"recipient": {"id": "4100000000000000121"}}
    parsed = understood(EXAMPLES["user_send_text"])
    parsed.oa_id = "4100000000000000121"
    other = EventFactory(BODIES, ADDRESSES, PEPPER, READERS).build(parsed, raw(envelope_of_other))
    assert other.id != event_of(EXAMPLES["user_send_text"]).id
    assert other.conversation != event_of(EXAMPLES["user_send_text"]).conversation


def test_a_sealed_body_opens_for_its_own_oa_only() -> None:
    event = event_of(EXAMPLES["user_send_text"])
    with pytest.raises(Exception, match="does not open"):
        BODIES.open(event.body, Place.body("4100000000000000121", event.conversation, event.id))  # type: ignore[attr-defined]  # A MessageReceived.
    assert BODIES.open(event.body, Place.body_of(event))  # type: ignore[attr-defined]  # Likewise.


def person_of(body: Json) -> str:
    event = event_of(body)
    assert isinstance(event, MessageReceived)
    return InboundMessage.model_validate_json(BODIES.open(event.body, Place.body_of(event))).person


def test_a_citizen_is_one_person_to_all_oas_of_an_app_and_that_stands_inside_the_seal_alone() -> None:
    body = EXAMPLES["user_send_text"]
    elsewhere = body | {"recipient": {"id": "4100000000000000121"}, "sender": {"id": "7000000000000000001"}}
    assert person_of(body) == person_of(elsewhere) != ""
    assert event_of(body).conversation != event_of(elsewhere).conversation
    assert person_of(body) not in event_of(body).model_dump_json()
    assert person_of(body | {"user_id_by_app": "3"}) != person_of(body) != person_of(body | {"app_id": "9"})
    assert person_of({name: value for name, value in body.items() if name != "user_id_by_app"}) == ""
