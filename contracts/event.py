"""What every event carries. Events are in the past tense, frozen, and understood without asking their publisher."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Sealed = Annotated[str, Field(min_length=1, max_length=400_000)]  # Ciphertext: `key id . base64url`.
Conversation = Annotated[str, Field(min_length=1, max_length=64)]  # A keyed pseudonym: one citizen with one OA.


class Event(BaseModel):
    """The same id is the same event, however often it is received."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    topic: ClassVar[str]  # Consumers choose topics; only the publisher writes to them.

    id: UUID
    type: str
    occurred_at: AwareDatetime
    conversation: Conversation  # The partition key: events of one conversation keep their order.
    oa_id: str = Field(min_length=1, max_length=32, pattern=r"^[0-9A-Za-z_-]+$")
    caused_by: UUID | None = None

    @classmethod
    def derived_id(cls, cause: "Event", index: int = 0) -> UUID:
        """Returns the id of what `cause` led to: derived from cause, kind and index, so that a replay repeats it."""
        return uuid5(cause.id, f"{cls.model_fields['type'].default}#{index}")

    @classmethod
    def derive(cls, cause: "Event", index: int = 0, *, at: datetime | None = None, **fields: Any) -> Self:
        """Returns an event that `cause` led to, with its derived id; `id` gives it where its body had to be sealed first."""
        return cls(
            id=fields.pop("id", None) or cls.derived_id(cause, index),
            type=cls.model_fields["type"].default,
            occurred_at=at or cause.occurred_at,
            conversation=fields.pop("conversation", cause.conversation),
            oa_id=cause.oa_id,
            caused_by=cause.id,
            **fields,
        )
