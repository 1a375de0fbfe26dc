"""Who reported, apart from what: `{_id: case, oa, person: pseudonym, address, told: {piece: sealed}}`.

Sealed for this case and nothing else. Erasing a person here leaves their sealed cases behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pymongo import IndexModel, UpdateOne

from chassis.crypto import KeyRing, Place
from chassis.mongo import Database, bulk_write, full_name, translate_errors


@dataclass(frozen=True, slots=True)
class Link:
    case_id: str
    oa_id: str
    person: str
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
        document = {"oa": link.oa_id, "person": link.person, "address": sealed}
        return UpdateOne({"_id": link.case_id}, {"$setOnInsert": document}, upsert=True)

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
