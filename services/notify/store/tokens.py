"""Tokens per OA, sealed, with a version and a lease: of all replicas, one spends a refresh token, once."""

from collections.abc import Collection as Group
from dataclasses import dataclass, field
from typing import Literal

from pymongo import IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from chassis.crypto import Place
from chassis.mongo import Collection, Document, full_name, translate_errors

NEEDS_PERSON, OK = "needs_person", "ok"


@dataclass(frozen=True, slots=True)
class TokenRow:
    oa_id: str
    access: str = field(repr=False)  # Sealed.
    refresh: str = field(repr=False)  # Sealed.
    version: int
    expires_ms: int
    state: str
    holder: str  # Who is refreshing, if anybody.


class TokenStore:
    def __init__(self, tokens: Collection) -> None:
        self._tokens = tokens

    async def prepare(self) -> None:
        with translate_errors():
            await self._tokens.create_indexes([IndexModel([("exp", 1)], name="fades")])

    def place(self, oa_id: str, token: Literal["access", "refresh"], version: int) -> Place:
        """Where one token of a pair belongs: with its version, so that a spent one does not come back."""
        return Place.stored(full_name(self._tokens), oa_id, token, version)

    async def get(self, oa_id: str) -> TokenRow | None:
        with translate_errors():
            document = await self._tokens.find_one({"_id": oa_id})
        return None if document is None else _row(document)

    async def lease(self, row: TokenRow, worker_id: str, now_ms: int, until_ms: int, dead_holder: str = "") -> bool:
        """Whether this process alone may spend this row's refresh token now. `dead`: a holder known to be gone."""
        free: list[Document] = [{"until": {"$lte": now_ms}}, {"until": {"$exists": False}}]
        if dead_holder:
            free.append({"own": dead_holder})
        query = {"_id": row.oa_id, "v": row.version, "state": OK, "$or": free}
        with translate_errors():
            won = await self._tokens.find_one_and_update(
                query, {"$set": {"own": worker_id, "until": until_ms}}, return_document=ReturnDocument.AFTER
            )
        return won is not None

    async def free(self, row: TokenRow, worker_id: str) -> None:
        with translate_errors():
            await self._tokens.update_one(
                {"_id": row.oa_id, "v": row.version, "own": worker_id}, {"$unset": {"own": "", "until": ""}}
            )

    async def replace(self, row: TokenRow, access: str, refresh: str, expires_ms: int) -> bool:
        """Replace the old pair by the new. Returns False when a newer one was stored meanwhile (the OA was authorised)."""
        change = {"a": access, "r": refresh, "exp": expires_ms, "v": row.version + 1, "state": OK}
        query = {"_id": row.oa_id, "v": row.version}
        with translate_errors():
            updated = await self._tokens.update_one(query, {"$set": change, "$unset": {"own": "", "until": ""}})
            if updated.matched_count:
                return True
            document = await self._tokens.find_one({"_id": row.oa_id})
        return document is not None and document["a"] == access  # Our own write, whose acknowledgement came too late.

    async def put(self, oa_id: str, version: int, access: str, refresh: str, expires_ms: int) -> bool:
        """Store the pair of an authorisation in place of `version`, 0 for none. False when another was stored meanwhile."""
        change = {"a": access, "r": refresh, "exp": expires_ms, "state": OK, "v": version + 1}
        with translate_errors():
            try:
                updated = await self._tokens.update_one(
                    {"_id": oa_id, "v": version},
                    {"$set": change, "$unset": {"own": "", "until": ""}},
                    upsert=not version,
                )
            except DuplicateKeyError:
                return False
        return bool(updated.matched_count or updated.upserted_id)

    async def give_up(self, row: TokenRow) -> None:
        """The refresh token is proven spent: the OA must be authorised again."""
        with translate_errors():
            await self._tokens.update_one(
                {"_id": row.oa_id, "v": row.version},
                {"$set": {"state": NEEDS_PERSON}, "$unset": {"own": "", "until": ""}},
            )

    async def fading(self, before_ms: int, limit: int, leave_out: Group[str] = ()) -> list[TokenRow]:
        """Returns the rows whose access token ends soon."""
        query = {"state": OK, "exp": {"$lt": before_ms}, "_id": {"$nin": list(leave_out)}}
        with translate_errors():
            documents = await self._tokens.find(query).sort("exp", 1).to_list(limit)
        return [_row(document) for document in documents]

    async def count(self, fading_before_ms: int) -> dict[str, int]:
        with translate_errors():
            lost = await self._tokens.count_documents({"state": NEEDS_PERSON})
            fading = await self._tokens.count_documents({"state": OK, "exp": {"$lt": fading_before_ms}})
            good = await self._tokens.count_documents({"state": OK, "exp": {"$gte": fading_before_ms}})
        return {"ok": good, "expiring": fading, NEEDS_PERSON: lost}

    async def states(self, limit: int = 10_000) -> list[tuple[str, str, int]]:
        """Returns (oa_id, state, access token's end), for whoever operates the OAs."""
        with translate_errors():
            documents = await self._tokens.find({}, {"state": 1, "exp": 1}).sort("_id", 1).to_list(limit)
        return [(document["_id"], document["state"], document["exp"]) for document in documents]


def _row(document: Document) -> TokenRow:
    return TokenRow(
        document["_id"],
        document["a"],
        document["r"],
        document["v"],
        document["exp"],
        document["state"],
        document.get("own", ""),
    )
