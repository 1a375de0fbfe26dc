"""Whose fault it is when nothing of a batch can be handled: messages that are known to be good decide.

If they can be handled, the records are at fault: they are dead-lettered, and the service goes on. If they can not, we are: the
service stops with nothing committed, and the restart puts the same question again. So no input stops a service for good, and no
bad deploy turns a topic into dead letters.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import structlog

from chassis.crypto import KeyRing, Place
from chassis.errors import OwnFaultError, TransientError
from chassis.metrics import SELF_TESTS
from chassis.model import to_json
from chassis.records import BatchHandler, KnownGood, ReceivedEvent, Record
from contracts.catalogue import read
from contracts.event import Event
from contracts.gateway import CitizenWithdrew, MessageReceived
from contracts.message import InboundMessage, Kind

log = structlog.get_logger()

_OA = "self-test"  # No OA has this name. What is sent to it goes nowhere.


async def run_self_test(
    known_good: KnownGood, handle: BatchHandler, with_retry: Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]]
) -> None:
    """Handle messages that are known to be good; what they lead to is not published. Raises OwnFaultError if they fail."""
    try:
        batch = [_received(event) for event in known_good()]
        await with_retry(lambda: handle(batch))
    except TransientError:
        raise
    except Exception as fault:
        SELF_TESTS.labels("failed").inc()
        log.error("self_test_failed", exc_info=fault)  # noqa: TRY400 — as everywhere, without the fault's text.
        raise OwnFaultError(
            "no record of a batch could be handled, and a message that is known to be good could not either: "
            "nothing is dead-lettered or committed; look at the newest deploy first, then at this log"
        ) from fault
    SELF_TESTS.labels("passed").inc()


def _received(event: Event) -> ReceivedEvent:
    """Through the bytes that would travel, so that reading them is tested as well."""
    value = to_json(event)
    return ReceivedEvent(Record(event.topic, 0, 0, event.conversation.encode(), value, {}), read(event.topic, value))


def nobody() -> dict[str, Any]:
    """Returns the fields that every event about one citizen has; there is no such citizen."""
    return {"occurred_at": datetime.now(UTC), "conversation": f"self-test-{uuid4().hex}", "oa_id": _OA, "address": _OA}


def conversation_about_nothing(ring: KeyRing, texts: Sequence[str]) -> list[Event]:
    """Returns messages of a citizen whom there is not, and their withdrawal: so nothing that they lead to is kept."""
    about = nobody()
    messages = [_message(ring, text, about) for text in texts]
    return [*messages, CitizenWithdrew(id=uuid4(), **about)]


def _message(ring: KeyRing, text: str, about: dict[str, Any]) -> MessageReceived:
    event_id = uuid4()
    place = Place.body(about["oa_id"], about["conversation"], event_id)
    body = ring.seal(InboundMessage(text=text).model_dump_json().encode(), place)
    return MessageReceived(id=event_id, kind=Kind.TEXT, body=body, **about)
