"""Who reported, apart from what: `{_id: case, oa, person: pseudonym, conversation, address, told: {piece: sealed}}`.

Sealed for this case and nothing else. Erasing a person here leaves their sealed cases behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pymongo import IndexModel, UpdateOne

from chassis.crypto import KeyRing, Place
from chassis.mongo import Database, bulk_write, full_name, translate_errors

_CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Link:
    case_id: str
    oa_id: str
    person: str
    conversation: str = field(repr=False)
    address: str = field(repr=False)  # As it travels: sealed.


@dataclass(frozen=True, slots=True)
class Recipient:
    oa_id: str
    conversation: str = field(repr=False)
    address: str = field(repr=False)  # As it travels: sealed.


class Reporters:
    def __init__(self, db: Database, addresses: KeyRing) -> None:
        self._reporters, self._ring = db["reporters"], addresses

    async def prepare(self) -> None:
        with translate_errors():
            await self._reporters.create_indexes([IndexModel([("person", 1)])])

    async def link(self, links: Sequence[Link]) -> None:
        """Raises DecryptionError for an address that does not open."""
        await bulk_write(self._reporters, [self._insert(link) for link in links])

    def _insert(self, link: Link) -> UpdateOne:
        address = self._ring.open(link.address, Place.address(link.oa_id, link.conversation))
        sealed = self._ring.seal(address, self._place(link.case_id, link.oa_id, link.person))
        conversation = self._ring.seal(link.conversation.encode(), self._place(link.case_id, link.oa_id, _CONVERSATION))
        document = {"oa": link.oa_id, "person": link.person, "conversation": conversation, "address": sealed}
        return UpdateOne({"_id": link.case_id}, {"$setOnInsert": document}, upsert=True)

    async def person(self, case_id: str) -> str | None:
        """Returns the reporter's pseudonym; None when the link was erased."""
        with translate_errors():
            document = await self._reporters.find_one({"_id": case_id}, {"person": 1})
        return str(document["person"]) if document else None

    async def recipient(self, case_id: str) -> Recipient | None:
        """Returns where the reporter of a case is written to; None when the link was erased. Raises DecryptionError."""
        with translate_errors():
            document = await self._reporters.find_one({"_id": case_id})
        if document is None:
            return None
        oa_id = document["oa"]
        conversation = self._ring.open(document["conversation"], self._place(case_id, oa_id, _CONVERSATION)).decode()
        address = self._ring.open(document["address"], self._place(case_id, oa_id, document["person"]))
        return Recipient(oa_id, conversation, self._ring.seal(address, Place.address(oa_id, conversation)))

    async def add_details(self, case_id: str, oa_id: str, piece_id: str, details: bytes) -> None:
        """Store what reporters state about themselves. Nothing is stored where the link was erased."""
        sealed = self._ring.seal(details, self._place(case_id, oa_id, piece_id))
        with translate_errors():
            await self._reporters.update_one({"_id": case_id}, {"$set": {f"told.{piece_id}": sealed}})

    async def forget(self, persons: Sequence[str]) -> None:
        """Erase people from their cases. Idempotent."""
        with translate_errors():
            await self._reporters.delete_many({"person": {"$in": list(persons)}})

    async def erase(self, case_ids: Sequence[str]) -> None:
        with translate_errors():
            await self._reporters.delete_many({"_id": {"$in": list(case_ids)}})

    def _place(self, case_id: str, oa_id: str, of: str) -> Place:
        """`of` is the reporter's pseudonym for the address, the piece's id for what they said of themselves."""
        return Place.stored(full_name(self._reporters), case_id, oa_id, of)
