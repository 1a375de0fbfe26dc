"""A transit key: a service's public key for bodies on their way to it. The private half lives for hours, then nobody has it."""

from typing import Self

from pydantic import AwareDatetime, Field

from contracts.event import Event

ANY_OA = "-"  # As `oa_id`: a key is for the bodies of every OA.


class TransitKeyMade(Event):
    """`conversation` is the key's id, so that a compacted topic keeps each key once."""

    public: str = Field(min_length=44, max_length=44, pattern=r"^[0-9A-Za-z+/]{43}=$")  # X25519, base64.
    starts: AwareDatetime  # To be used from then on.
    ends: AwareDatetime
    signature: str = Field(min_length=88, max_length=88)  # Ed25519 over `signed_bytes`, by the service that reads.

    def signed_bytes(self) -> bytes:
        """Returns what is signed: everything that a sender relies on."""
        parts = (self.type, self.conversation, self.public, self.starts.isoformat(), self.ends.isoformat())
        return "|".join(parts).encode()

    def evolve(self, signature: str) -> Self:
        """Returns the key with its signature."""
        return self.model_copy(update={"signature": signature})
