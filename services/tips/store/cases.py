"""Cases: whether they are open, who holds their keys, and what is still to be published of them. Nothing a reporter wrote.

`{_id, oa, state, openings, opened_at, last_at, touched, receipt, keys: {number: [boxes]}, intake: {number, key},
ending, closed_at, pieces, unsaid: [words]}`. `last_at` is the latest message by event time, `touched` by our clock.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pymongo import IndexModel, UpdateOne

from chassis.crypto import KeyRing
from chassis.errors import InvalidRecordError, TransientError
from chassis.mongo import Database, Document, bulk_write, full_name, translate_errors
from chassis.records import Clock
from services.tips.case_key import CaseKey, Recipients
from services.tips.store.keyring import IntakeKeys

PAGE = 500  # Cases in one look.


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
    def __init__(self, db: Database, intake: KeyRing, recipients: Recipients, now: Clock) -> None:
        self._cases, self._recipients, self._now = db["cases"], recipients, now
        self._intake_keys = IntakeKeys(intake, full_name(self._cases))

    async def prepare(self) -> None:
        by_state = IndexModel([("state", 1), ("touched", 1)])
        with translate_errors():
            await self._cases.create_indexes([by_state, IndexModel([("unsaid", 1)]), IndexModel([("receipt", 1)])])

    async def open(self, openings: Sequence[Opening]) -> None:
        """Each with a fresh key, unless it is there already: then with the one it has."""
        await bulk_write(self._cases, [self._opening(opening) for opening in openings])

    def _opening(self, opening: Opening) -> UpdateOne:
        key = CaseKey.fresh(opening.oa_id, opening.case_id)
        document = {
            "oa": opening.oa_id,
            "state": "open",
            "openings": 1,
            "opened_at": opening.at,
            "last_at": opening.at,
            "touched": self._now(),
            "receipt": opening.receipt,
            "keys": {str(key.number): self._recipients.wrap(key)},
            "intake": self._intake_keys.seal(key),
            "unsaid": ["opened.1"],
        }
        return UpdateOne({"_id": opening.case_id}, {"$setOnInsert": document}, upsert=True)

    async def keys(self, latest: Mapping[str, datetime]) -> dict[str, CaseKey]:
        """Returns the keys to add with, by case. A closed case opens again; an erased one is left out.

        Raises InvalidRecordError for a case that never was, TransientError when another process was at the same case.
        """
        touched = {"touched": self._now()}
        touch = [
            UpdateOne({"_id": case_id, "state": "open"}, {"$set": touched, "$max": {"last_at": at}})
            for case_id, at in latest.items()
        ]
        await bulk_write(self._cases, touch)
        documents = await self._find(list(latest))
        if len(documents) < len(latest):
            raise InvalidRecordError(
                "a case is gone that messages still come for: was the database restored from a backup?"
            )
        live = [document for document in documents if document["state"] != "cancelled"]
        return {document["_id"]: await self._key(document, reopen_at=latest[document["_id"]]) for document in live}

    async def key(self, case_id: str) -> CaseKey | None:
        """A key to add with, leaving the case open or closed as it is. None for an erased case."""
        documents = await self._find([case_id])
        if not documents or documents[0]["state"] == "cancelled":
            return None
        return await self._key(documents[0], reopen_at=None)

    async def _key(self, document: Document, reopen_at: datetime | None) -> CaseKey:
        if intake_key := self._intake_keys.open(document):
            return intake_key
        number = len(document["keys"])
        key = CaseKey.fresh(document["oa"], document["_id"], number)
        change: Document = {"$set": {f"keys.{number}": self._recipients.wrap(key)}}
        if reopen_at is not None:
            change["$set"] |= {"state": "open", "intake": self._intake_keys.seal(key), "touched": self._now()}
            change["$max"] = {"last_at": reopen_at}
        if reopen_at is not None and document["state"] == "closed":
            change |= {"$inc": {"openings": 1}, "$addToSet": {"unsaid": f"opened.{document['openings'] + 1}"}}
        unchanged = {"_id": document["_id"], "state": document["state"], f"keys.{number}": {"$exists": False}}
        with translate_errors():
            result = await self._cases.update_one(unchanged, change)
        if result.modified_count != 1:
            raise TransientError("another process was at the same case")
        return key

    async def close(self, closings: Sequence[Closing], pieces: Mapping[str, int]) -> list[str]:
        """The copy of the key that we could use is destroyed. Cancelled: every copy. Gives the cases that were closed by it."""
        by_case = {closing.case_id: closing for closing in closings}
        documents = await self._find(list(by_case))
        updates = (
            self._close(document, by_case[document["_id"]], pieces.get(document["_id"], 0)) for document in documents
        )
        results = await asyncio.gather(*updates)  # At once: the database journals them together.
        return [document["_id"] for document, was_closed in zip(documents, results, strict=True) if was_closed]

    async def _close(self, document: Document, closing: Closing, pieces: int) -> bool:
        fields: Document = {"ending": closing.ending, "closed_at": closing.at, "pieces": pieces}
        condition: Document = {"_id": closing.case_id, "state": "open", "openings": document["openings"]}
        state, destroyed = "closed", {"intake": ""}
        if closing.ending == "cancelled":
            condition["state"] = {"$ne": "cancelled"}
            state, destroyed = "cancelled", {"intake": "", "keys": "", "receipt": ""}
        if closing.quiet_since is not None:
            condition["touched"] = {"$lt": closing.quiet_since}
        changes = {"unsaid": f"closed.{document['openings']}"}
        with translate_errors():
            result = await self._cases.update_one(
                condition, {"$set": fields | {"state": state}, "$unset": destroyed, "$addToSet": changes}
            )
        return bool(result.modified_count)

    async def _find(self, case_ids: Sequence[str]) -> list[Document]:
        with translate_errors():
            return await self._cases.find({"_id": {"$in": list(case_ids)}}).to_list(None)

    async def quiet(self, since: datetime, leave_out: Collection[str] = ()) -> list[Document]:
        """Open cases that nothing was added to since, by our clock: `{_id, last_at}`."""
        with translate_errors():
            query = {"state": "open", "touched": {"$lt": since}, "_id": {"$nin": list(leave_out)}}
            return await self._cases.find(query, {"last_at": 1}, limit=PAGE).to_list(None)

    async def unpublished(self, leave_out: Collection[str] = ()) -> list[Document]:
        """Cases of which something is still to be published, without their keys."""
        query = {"unsaid": {"$gt": ""}, "_id": {"$nin": list(leave_out)}}
        with translate_errors():
            return await self._cases.find(query, {"keys": 0, "intake": 0}, limit=PAGE).to_list(None)

    async def mark_published(self, changes: Mapping[str, Sequence[str]]) -> None:
        """Mark these events of these cases as published."""
        await bulk_write(
            self._cases,
            [
                UpdateOne({"_id": case_id}, {"$pullAll": {"unsaid": list(published)}})
                for case_id, published in changes.items()
            ],
        )

    async def summary(self, case_id: str) -> Document | None:
        """A case without its keys."""
        with translate_errors():
            return await self._cases.find_one({"_id": case_id}, {"keys": 0, "intake": 0, "receipt": 0})

    async def open_now(self) -> int:
        with translate_errors():
            return await self._cases.count_documents({"state": "open"})
