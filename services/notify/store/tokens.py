"""Tokens per OA, sealed, with a version and a lease: of all replicas, one spends a refresh token, once."""

from dataclasses import dataclass, field

from pymongo import ReturnDocument

from chassis.mongo import Collection, Document, blame

NEEDS_PERSON, OK = "needs_person", "ok"


@dataclass(frozen=True, slots=True)
class Row:
    oa_id: str
    access: str = field(repr=False)  # Sealed.
    refresh: str = field(repr=False)  # Sealed.
    version: int
    expires_ms: int
    state: str
    holder: str  # Who is refreshing, if anybody.


class Tokens:
    def __init__(self, tokens: Collection) -> None:
        self._tokens = tokens

    async def get(self, oa_id: str) -> Row | None:
        with blame():
            found = await self._tokens.find_one({"_id": oa_id})
        return None if found is None else _row(found)

    async def lease(self, row: Row, owner: str, now_ms: int, until_ms: int, dead: str = "") -> bool:
        """Whether this process alone may spend this row's refresh token now. `dead`: a holder known to be gone."""
        free: list[Document] = [{"until": {"$lte": now_ms}}, {"until": {"$exists": False}}]
        if dead:
            free.append({"own": dead})
        query = {"_id": row.oa_id, "v": row.version, "state": OK, "$or": free}
        with blame():
            won = await self._tokens.find_one_and_update(
                query, {"$set": {"own": owner, "until": until_ms}}, return_document=ReturnDocument.AFTER
            )
        return won is not None

    async def free(self, row: Row, owner: str) -> None:
        with blame():
            await self._tokens.update_one(
                {"_id": row.oa_id, "v": row.version, "own": owner}, {"$unset": {"own": "", "until": ""}}
            )

    async def keep(self, row: Row, access: str, refresh: str, expires_ms: int) -> bool:
        """The new pair in the old one's place. False when somebody stored a newer one meanwhile (a person authorised)."""
        change = {"a": access, "r": refresh, "exp": expires_ms, "v": row.version + 1, "state": OK}
        query = {"_id": row.oa_id, "v": row.version}
        with blame():
            done = await self._tokens.update_one(query, {"$set": change, "$unset": {"own": "", "until": ""}})
            if done.matched_count:
                return True
            found = await self._tokens.find_one({"_id": row.oa_id})
        return found is not None and found["a"] == access  # Our own write, acknowledged too late to be seen as ours.

    async def put(self, oa_id: str, access: str, refresh: str, expires_ms: int) -> None:
        """What a person's authorisation gave: it replaces whatever was there."""
        change = {"a": access, "r": refresh, "exp": expires_ms, "state": OK}
        with blame():
            await self._tokens.update_one(
                {"_id": oa_id}, {"$set": change, "$inc": {"v": 1}, "$unset": {"own": "", "until": ""}}, upsert=True
            )

    async def give_up(self, row: Row) -> None:
        """The refresh token is proven spent: only a person can help now."""
        with blame():
            await self._tokens.update_one(
                {"_id": row.oa_id, "v": row.version},
                {"$set": {"state": NEEDS_PERSON}, "$unset": {"own": "", "until": ""}},
            )

    async def fading(self, before_ms: int, limit: int) -> list[Row]:
        """Those whose access token ends soon."""
        with blame():
            found = await self._tokens.find({"state": OK, "exp": {"$lt": before_ms}}).sort("exp", 1).to_list(limit)
        return [_row(document) for document in found]

    async def count(self, fading_before_ms: int) -> dict[str, int]:
        with blame():
            lost = await self._tokens.count_documents({"state": NEEDS_PERSON})
            fading = await self._tokens.count_documents({"state": OK, "exp": {"$lt": fading_before_ms}})
            good = await self._tokens.count_documents({"state": OK, "exp": {"$gte": fading_before_ms}})
        return {"ok": good, "expiring": fading, NEEDS_PERSON: lost}

    async def states(self, limit: int = 10_000) -> list[tuple[str, str, int]]:
        """(oa_id, state, access token's end), for people who look after OAs."""
        with blame():
            found = await self._tokens.find({}, {"state": 1, "exp": 1}).sort("_id", 1).to_list(limit)
        return [(document["_id"], document["state"], document["exp"]) for document in found]


def _row(document: Document) -> Row:
    return Row(
        document["_id"],
        document["a"],
        document["r"],
        document["v"],
        document["exp"],
        document["state"],
        document.get("own", ""),
    )
