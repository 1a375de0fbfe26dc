"""What notify hears of the chatbot: sealed words for citizens."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from chassis.crypto import KeyRing, Pepper, Place
from contracts.chatbot import ReplyChosen
from contracts.message import Address, Lane, MessagePart, OutboundMessage

OA = "4100000000000000012"


@dataclass(frozen=True, slots=True)
class Person:
    citizen_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Chatbot:
    """Seals with an installation's own keys; the ids of its facts are of one test."""

    secrets: Path
    prefix: str

    def reply(self, person: Person, *texts: str, name: str = "", oa_id: str = OA, **fields: Any) -> ReplyChosen:
        """Words for a citizen: one part per text. The same name is the same fact."""
        message = OutboundMessage(parts=tuple(MessagePart(text=text) for text in texts))
        address = Address(oa_id=oa_id, user_id=person.user_id)
        event_id = uuid5(NAMESPACE_URL, f"{self.prefix}{name or uuid4()}")
        conversation = self.conversation(person, oa_id)
        return ReplyChosen(
            id=event_id,
            occurred_at=fields.pop("at", None) or datetime.now(UTC),
            conversation=conversation,
            oa_id=oa_id,
            outcome="answer",
            lane=fields.pop("lane", Lane.REPLY),
            body=self._sealed("bodies", message.model_dump_json(), Place.body(oa_id, conversation, event_id)),
            address=self._sealed("addresses", address.model_dump_json(), Place.address(oa_id, conversation)),
            **fields,
        )

    def conversation(self, person: Person, oa_id: str = OA) -> str:
        return Pepper.load(self.secrets / "pepper").pseudonym(oa_id, person.user_id)

    def _sealed(self, ring: str, text: str, place: Place) -> str:
        return KeyRing.load(self.secrets / f"{ring}.keys").seal(text.encode(), place)
