"""The ledger: accepting, settling, renewing. One journaled majority write per batch each, whatever the batch's size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from chassis.mongo import Collection, blame
from services.notify.entry import Document, Entry, Status, from_document, to_document
from services.notify.store.bulk import bulk, duplicates

_DONE_WITH = {"open": "", "own": "", "due": "", "addr": "", "claim": ""}


@dataclass(frozen=True, slots=True)
class Finished:
    """An entry that leaves the queue for good."""

    entry: Entry
    status: Status
    at_ms: int
    code: int = 0
    why: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Released:
    """An entry that goes back to wait in the ledger."""

    entry: Entry
    at_ms: int


Settlement = Finished | Released


class Ledger:
    def __init__(self, deliveries: Collection, owner: str, days: int) -> None:
        self._deliveries, self._owner, self._days = deliveries, owner, timedelta(days=days)

    async def accept(self, entries: Sequence[Entry]) -> set[str]:
        """Insert, idempotently. Gives the ids that were there already. Raises Transient."""
        expires = datetime.now(UTC) + self._days
        documents = [{**to_document(entry), "exp": expires} for entry in entries]
        known: list[int] = []
        with bulk():
            try:
                await self._deliveries.insert_many(documents, ordered=False)
            except BulkWriteError as fault:
                known = duplicates(fault) or []
                if not known:
                    raise
        return {entries[nth].id for nth in known}

    async def open_in(self, lines: Iterable[str]) -> dict[str, list[str]]:
        """`{line: ids of its open entries}`."""
        found: dict[str, list[str]] = {}
        query = {"open": True, "line": {"$in": list(lines)}}
        with blame():
            async for document in self._deliveries.find(query, {"line": 1}):
                found.setdefault(document["line"], []).append(document["_id"])
        return found

    async def ours(self, ids: Iterable[str]) -> list[Entry]:
        """Those of `ids` that are claimed by this process, in their order."""
        query = {"_id": {"$in": list(ids)}, "open": True, "own": self._owner}
        with blame():
            found = await self._deliveries.find(query).sort("ord", 1).to_list(None)
        return [from_document(document) for document in found]

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        """One bulk write. What another process has claimed since is left to it."""
        writes = [self._write(one) for one in settlements]
        with bulk():
            await self._deliveries.bulk_write(writes, ordered=False)

    def _write(self, one: Settlement) -> UpdateOne:
        entry = one.entry
        query = {"_id": entry.id, "open": True, "own": self._owner}
        change: Document = {"code": entry.code, "k": entry.attempts}
        if entry.doubt or entry.resent:
            change |= {"doubt": entry.doubt, "resent": entry.resent}
        if isinstance(one, Released):
            change |= {"s": Status.ACCEPTED.value, "own": "", "due": one.at_ms}
            return UpdateOne(query, {"$set": change})
        change |= {"s": one.status.value, "code": one.code, "done": one.at_ms, "tell": one.status.value}
        if one.why:
            change["why"] = one.why
        if one.reference:
            change["ref"] = one.reference
        # A failed message's words stay, sealed, until the entry expires: an operator may find out why. Others' go at once.
        gone = _DONE_WITH if one.status is Status.FAILED else {**_DONE_WITH, "body": ""}
        return UpdateOne(query, {"$set": change, "$unset": gone})

    async def renew(self, ids: Sequence[str], until_ms: int) -> set[str]:
        """Prolong claims; gives the ids that are not ours any more."""
        query: dict[str, Any] = {"_id": {"$in": list(ids)}, "open": True, "own": self._owner}
        with blame():
            done = await self._deliveries.update_many(query, {"$set": {"due": until_ms}})
            if done.matched_count == len(ids):
                return set()
            kept = await self._deliveries.find(query, {"_id": 1}).to_list(None)
        return set(ids) - {document["_id"] for document in kept}

    async def bound(self, references: Iterable[str]) -> set[str]:
        """Those of `references` that an entry is already known by."""
        query = {"ref": {"$in": list(references)}}
        with blame():
            return {document["ref"] async for document in self._deliveries.find(query, {"ref": 1})}

    async def told(self, ids: Sequence[str]) -> None:
        """It has been said on the log how these ended."""
        with blame():
            await self._deliveries.update_many({"_id": {"$in": list(ids)}}, {"$unset": {"tell": ""}})

    async def untold(self, before_ms: int, limit: int) -> list[Document]:
        """Settled, but perhaps never said: a crash came between."""
        query = {"tell": {"$exists": True}, "done": {"$lt": before_ms}}
        with blame():
            found: list[Document] = await self._deliveries.find(query).sort("done", 1).to_list(limit)
        return found

    async def wake(self, oa_id: str, now_ms: int) -> None:
        """What waited for this OA's tokens may go now."""
        query = {
            "open": True,
            "oa": oa_id,
            "s": Status.ACCEPTED.value,
            "lane": {"$in": [0, 1, 2]},
            "due": {"$gt": now_ms},
        }
        with blame():
            await self._deliveries.update_many(query, {"$set": {"due": now_ms}})

    async def forget(self, conversation: str, at_ms: int) -> None:
        """Erase a person: waiting words are not sent any more, and nothing leads from the entries to them. Idempotent."""
        gone = {**_DONE_WITH, "body": "", "ref": ""}
        ended = {"s": Status.SUPPRESSED.value, "why": "withdrawn", "done": at_ms, "tell": Status.SUPPRESSED.value}
        with blame():
            await self._deliveries.update_many({"c": conversation, "open": True}, {"$set": ended, "$unset": gone})
            await self._deliveries.update_many(
                {"c": conversation}, {"$set": {"line": "withdrawn"}, "$unset": {"body": "", "addr": "", "ref": ""}}
            )
