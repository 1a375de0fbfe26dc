"""Who reported, apart from what: `{_id: case, oa, person: pseudonym, address, told: {piece: sealed}}`.

Sealed under the ring of addresses, for this case and nothing else. Erasing a person here leaves their sealed cases behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pymongo import IndexModel, UpdateOne

from chassis.crypto import KeyRing
from chassis.mongo import Database, bulk_write, translate_errors

_ON_THE_LOG = "address"


@dataclass(frozen=True, slots=True)
class Link:
    case_id: str
    oa_id: str
    person: str
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
        address = self._ring.open(link.address, link.oa_id, _ON_THE_LOG)
        sealed = self._ring.seal(address, link.oa_id, _purpose(link.case_id))
        document = {"oa": link.oa_id, "person": link.person, "address": sealed}
        return UpdateOne({"_id": link.case_id}, {"$setOnInsert": document}, upsert=True)

    async def add_details(self, case_id: str, oa_id: str, piece_id: str, details: bytes) -> None:
        """Store what reporters state about themselves. Nothing is stored where the link was erased."""
        sealed = self._ring.seal(details, oa_id, _purpose(case_id))
        with translate_errors():
            await self._reporters.update_one({"_id": case_id}, {"$set": {f"told.{piece_id}": sealed}})

    async def forget(self, persons: Sequence[str]) -> None:
        """Erase people from their cases. Idempotent."""
        with translate_errors():
            await self._reporters.delete_many({"person": {"$in": list(persons)}})

    async def erase(self, case_ids: Sequence[str]) -> None:
        with translate_errors():
            await self._reporters.delete_many({"_id": {"$in": list(case_ids)}})


def _purpose(case_id: str) -> str:
    return f"reporter of {case_id}"
