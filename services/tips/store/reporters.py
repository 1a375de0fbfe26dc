"""Who reported, apart from what: `{_id: case, oa, person: pseudonym, address, told: {piece: sealed}}`.

Sealed under the ring of addresses, for this case and nothing else. Erasing a person here leaves their sealed cases behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pymongo import IndexModel, UpdateOne

from chassis.mongo import Database, blame
from chassis.sealing import Ring
from services.tips.store.bulk import bulk

_ON_THE_LOG = "address"


@dataclass(frozen=True, slots=True)
class Link:
    case_id: str
    oa_id: str
    person: str
    address: str = field(repr=False)  # As it travels: sealed.


class Reporters:
    def __init__(self, db: Database, addresses: Ring) -> None:
        self._reporters, self._ring = db["reporters"], addresses

    async def prepare(self) -> None:
        with blame():
            await self._reporters.create_indexes([IndexModel([("person", 1)])])

    async def link(self, links: Sequence[Link]) -> None:
        """Raises NotOurs for an address that does not open."""
        await bulk(self._reporters, [self._insert(one) for one in links])

    def _insert(self, one: Link) -> UpdateOne:
        address = self._ring.open(one.address, one.oa_id, _ON_THE_LOG)
        sealed = self._ring.seal(address, one.oa_id, _purpose(one.case_id))
        document = {"oa": one.oa_id, "person": one.person, "address": sealed}
        return UpdateOne({"_id": one.case_id}, {"$setOnInsert": document}, upsert=True)

    async def told(self, case_id: str, oa_id: str, piece_id: str, about: bytes) -> None:
        """What reporters say of themselves. Nothing is kept where the link was erased."""
        sealed = self._ring.seal(about, oa_id, _purpose(case_id))
        with blame():
            await self._reporters.update_one({"_id": case_id}, {"$set": {f"told.{piece_id}": sealed}})

    async def forget(self, persons: Sequence[str]) -> None:
        """Erase people from their cases. Idempotent."""
        with blame():
            await self._reporters.delete_many({"person": {"$in": list(persons)}})

    async def erase(self, case_ids: Sequence[str]) -> None:
        with blame():
            await self._reporters.delete_many({"_id": {"$in": list(case_ids)}})


def _purpose(case_id: str) -> str:
    return f"reporter of {case_id}"
