"""Cases: whether they are open, who holds their keys, and what is still to be said of them. Nothing a reporter wrote.

`{_id, oa, state, openings, opened_at, last_at, touched, receipt, keys: {number: [boxes]}, intake: {number, key},
ending, closed_at, pieces, unsaid: [words]}`. `last_at` is the latest message by event time, `touched` by our clock.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pymongo import IndexModel, UpdateOne

from chassis.blame import Poison, Transient
from chassis.mongo import Database, Document, blame
from chassis.sealing import Ring
from chassis.types import Clock
from services.tips.casekey import CaseKey, Recipients
from services.tips.store.bulk import bulk
from services.tips.store.keyring import InHand

_LIMIT = 500  # Cases in one look.


@dataclass(frozen=True, slots=True)
class Opening:
    case_id: str
    oa_id: str
    receipt: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    case_id: str
    ending: Literal["done", "idle", "cancelled"]
    at: datetime
    quiet_since: datetime | None = None  # Close only if nothing came since, by our clock: for the sweeper.


class Cases:
    def __init__(self, db: Database, intake: Ring, recipients: Recipients, now: Clock) -> None:
        self._cases, self._recipients, self._now = db["cases"], recipients, now
        self._in_hand = InHand(intake)

    async def prepare(self) -> None:
        by_state = IndexModel([("state", 1), ("touched", 1)])
        with blame():
            await self._cases.create_indexes([by_state, IndexModel([("unsaid", 1)]), IndexModel([("receipt", 1)])])

    async def open(self, openings: Sequence[Opening]) -> None:
        """Each with a fresh key, unless it is there already: then with the one it has."""
        await bulk(self._cases, [self._opening(one) for one in openings])

    def _opening(self, one: Opening) -> UpdateOne:
        key = CaseKey.fresh(one.oa_id, one.case_id)
        document = {
            "oa": one.oa_id,
            "state": "open",
            "openings": 1,
            "opened_at": one.at,
            "last_at": one.at,
            "touched": self._now(),
            "receipt": one.receipt,
            "keys": {str(key.number): self._recipients.wrap(key)},
            "intake": self._in_hand.seal(key),
            "unsaid": ["opened.1"],
        }
        return UpdateOne({"_id": one.case_id}, {"$setOnInsert": document}, upsert=True)

    async def keys(self, latest: Mapping[str, datetime]) -> dict[str, CaseKey]:
        """The keys to add with, by case, whose latest message is told. A closed case opens again; an erased one is left out.

        Raises Poison for a case that never was, Transient when another process was at the same case.
        """
        touched = {"touched": self._now()}
        touch = [
            UpdateOne({"_id": name, "state": "open"}, {"$set": touched, "$max": {"last_at": at}})
            for name, at in latest.items()
        ]
        await bulk(self._cases, touch)
        found = await self._find(list(latest))
        if len(found) < len(latest):
            raise Poison("a case is gone that messages still come for: was the database restored from a backup?")
        live = [document for document in found if document["state"] != "cancelled"]
        return {one["_id"]: await self._key(one, reopen_at=latest[one["_id"]]) for one in live}

    async def key(self, case_id: str) -> CaseKey | None:
        """A key to add with, leaving the case open or closed as it is. None for an erased case."""
        found = await self._find([case_id])
        if not found or found[0]["state"] == "cancelled":
            return None
        return await self._key(found[0], reopen_at=None)

    async def _key(self, document: Document, reopen_at: datetime | None) -> CaseKey:
        if held := self._in_hand.open(document):
            return held
        number = len(document["keys"])
        key = CaseKey.fresh(document["oa"], document["_id"], number)
        change: Document = {"$set": {f"keys.{number}": self._recipients.wrap(key)}}
        if reopen_at is not None:
            change["$set"] |= {"state": "open", "intake": self._in_hand.seal(key), "touched": self._now()}
            change["$max"] = {"last_at": reopen_at}
        if reopen_at is not None and document["state"] == "closed":
            change |= {"$inc": {"openings": 1}, "$addToSet": {"unsaid": f"opened.{document['openings'] + 1}"}}
        unchanged = {"_id": document["_id"], "state": document["state"], f"keys.{number}": {"$exists": False}}
        with blame():
            result = await self._cases.update_one(unchanged, change)
        if result.modified_count != 1:
            raise Transient("another process was at the same case")
        return key

    async def close(self, closings: Sequence[Closing], pieces: Mapping[str, int]) -> list[str]:
        """The copy of the key that we could use is destroyed. Cancelled: every copy. Gives the cases that were closed by it."""
        wanted = {one.case_id: one for one in closings}
        found = await self._find(list(wanted))
        closing = (self._close(one, wanted[one["_id"]], pieces.get(one["_id"], 0)) for one in found)
        changed = await asyncio.gather(*closing)  # At once: the database journals them together.
        return [document["_id"] for document, done in zip(found, changed, strict=True) if done]

    async def _close(self, document: Document, one: Closing, pieces: int) -> bool:
        told: Document = {"ending": one.ending, "closed_at": one.at, "pieces": pieces}
        guard: Document = {"_id": one.case_id, "state": "open", "openings": document["openings"]}
        state, destroyed = "closed", {"intake": ""}
        if one.ending == "cancelled":
            guard["state"] = {"$ne": "cancelled"}
            state, destroyed = "cancelled", {"intake": "", "keys": "", "receipt": ""}
        if one.quiet_since is not None:
            guard["touched"] = {"$lt": one.quiet_since}
        words = {"unsaid": f"closed.{document['openings']}"}
        with blame():
            result = await self._cases.update_one(
                guard, {"$set": told | {"state": state}, "$unset": destroyed, "$addToSet": words}
            )
        return bool(result.modified_count)

    async def _find(self, case_ids: Sequence[str]) -> list[Document]:
        with blame():
            return await self._cases.find({"_id": {"$in": list(case_ids)}}).to_list(None)

    async def quiet(self, since: datetime) -> list[Document]:
        """Open cases that nothing was added to since, by our clock: `{_id, last_at}`."""
        with blame():
            found = self._cases.find({"state": "open", "touched": {"$lt": since}}, {"last_at": 1}, limit=_LIMIT)
            return await found.to_list(None)

    async def unsaid(self) -> list[Document]:
        with blame():
            return await self._cases.find({"unsaid": {"$gt": ""}}, {"keys": 0, "intake": 0}, limit=_LIMIT).to_list(None)

    async def said(self, words: Mapping[str, Sequence[str]]) -> None:
        """These words of these cases are on the log."""
        await bulk(
            self._cases,
            [UpdateOne({"_id": name}, {"$pullAll": {"unsaid": list(told)}}) for name, told in words.items()],
        )

    async def look(self, case_id: str) -> Document | None:
        """A case without its keys."""
        with blame():
            return await self._cases.find_one({"_id": case_id}, {"keys": 0, "intake": 0, "receipt": 0})

    async def open_now(self) -> int:
        with blame():
            return await self._cases.count_documents({"state": "open"})
