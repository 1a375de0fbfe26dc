"""Links by which an OA's administrator may authorise us: for one OA, one use, one day. Only their hash is kept."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal, Self

from pymongo import IndexModel

from chassis.auth import Actor
from chassis.mongo import Collection, Document, translate_errors


@dataclass(frozen=True, slots=True)
class Inviter:
    """Who made a link, as the audit trail names them."""

    kind: Literal["client", "officer"]
    id: str
    unit: str = ""

    @classmethod
    def of(cls, actor: Actor) -> Self:
        return cls(actor.kind, actor.id, actor.unit)

    @classmethod
    def read(cls, document: Document) -> Self:
        return cls(document["kind"], document["id"], document["unit"])

    def document(self) -> Document:
        return {"kind": self.kind, "id": self.id, "unit": self.unit}

    def actor(self) -> Actor:
        return Actor(self.kind, self.id, frozenset(), None, unit=self.unit)


@dataclass(frozen=True, slots=True)
class Invitation:
    oa_id: str
    inviter: Inviter


class OAuthLinkStore:
    def __init__(self, links: Collection) -> None:
        self._links = links

    async def prepare(self) -> None:
        with translate_errors():
            await self._links.create_indexes([IndexModel([("exp", 1)], name="expiry", expireAfterSeconds=0)])

    async def add(self, link: str, invitation: Invitation, until: datetime) -> None:
        document = {"_id": _hash(link), "oa": invitation.oa_id, "by": invitation.inviter.document(), "exp": until}
        with translate_errors():
            await self._links.insert_one(document)

    async def take(self, link: str) -> Invitation | None:
        """Returns what the link is for, once; None for one that is unknown, used or too old."""
        with translate_errors():
            document = await self._links.find_one_and_delete({"_id": _hash(link), "exp": {"$gt": datetime.now(UTC)}})
        return None if document is None else Invitation(document["oa"], Inviter.read(document["by"]))


def _hash(link: str) -> str:
    """A link is drawn at random: no salt makes it harder to guess."""
    return sha256(link.encode()).hexdigest()
