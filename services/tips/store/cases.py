"""Cases: whether they are open, who holds their keys, and what is still to be published of them. Nothing a reporter wrote.

`{_id, oa, state, openings, day, receipt, keys: {number: [boxes]}, header: {number, body}, ending, closed_day, pieces,
unsaid: [words]}`.
Times are days, in UTC: the exact ones are sealed, in the header and in the pieces.

The key that is added with is in this process alone, and never in the database: what is closed by it, by a restart or on another
replica, goes on under a further key.
"""

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pymongo import IndexModel, UpdateOne

from chassis.errors import InvalidRecordError, TransientError
from chassis.mongo import Database, Document, bulk_write, translate_errors
from services.tips.case_key import CaseKey, Recipients

PAGE = 500  # Cases in one look.
_HEADER = "header"
_MOST_HELD = 10_000  # Keys of open cases in memory; beyond that the oldest gets a further key.
Boxes = list[dict[str, str | bytes]]


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


class Cases:
    def __init__(self, db: Database, recipients: Recipients) -> None:
        self._cases, self._recipients = db["cases"], recipients
        self._held: dict[str, tuple[CaseKey, Boxes]] = {}  # With the boxes by which the database knows a key.

    async def prepare(self) -> None:
        with translate_errors():
            await self._cases.create_indexes([IndexModel([(name, 1)]) for name in ("state", "unsaid", "receipt")])

    async def open(self, openings: Sequence[Opening]) -> None:
        """Each with a fresh key, unless it is there already: then with the one it has."""
        await bulk_write(self._cases, [self._opening(opening) for opening in openings])

    def _opening(self, opening: Opening) -> UpdateOne:
        key = CaseKey.fresh(opening.oa_id, opening.case_id)
        boxes = self._recipients.wrap(key)
        self._hold(key, boxes)
        header = json.dumps({"opened_at": opening.at.isoformat()}).encode()
        document = {
            "oa": opening.oa_id,
            "state": "open",
            "openings": 1,
            "day": _day(opening.at),
            "receipt": opening.receipt,
            "keys": {str(key.number): boxes},
            "header": {"number": key.number, "body": key.seal(header, _HEADER)},
            "unsaid": ["opened.1"],
        }
        return UpdateOne({"_id": opening.case_id}, {"$setOnInsert": document}, upsert=True)

    async def keys(self, case_ids: Collection[str]) -> dict[str, CaseKey]:
        """Returns the keys to add with, by case. A closed case opens again; an erased one is left out.

        Raises InvalidRecordError for a case that never was, TransientError when another process was at the same case.
        """
        documents = await self._find(list(case_ids))
        if len(documents) < len(case_ids):
            raise InvalidRecordError(
                "a case is gone that messages still come for: was the database restored from a backup?"
            )
        live = [document for document in documents if document["state"] != "cancelled"]
        return {document["_id"]: await self._key(document, reopen=True) for document in live}

    async def key(self, case_id: str) -> CaseKey | None:
        """A key to add with, leaving the case open or closed as it is. None for an erased case."""
        documents = await self._find([case_id])
        if not documents or documents[0]["state"] == "cancelled":
            return None
        return await self._key(documents[0], reopen=False)

    async def _key(self, document: Document, *, reopen: bool) -> CaseKey:
        held = self._held.get(document["_id"])
        if held and document["state"] == "open" and document["keys"].get(str(held[0].number)) == held[1]:
            return held[0]
        number = len(document["keys"])
        key = CaseKey.fresh(document["oa"], document["_id"], number)
        boxes = self._recipients.wrap(key)
        change: Document = {"$set": {f"keys.{number}": boxes}}
        if reopen and document["state"] == "closed":
            change["$set"]["state"] = "open"
            change |= {"$inc": {"openings": 1}, "$addToSet": {"unsaid": f"opened.{document['openings'] + 1}"}}
        unchanged = {"_id": document["_id"], "state": document["state"], f"keys.{number}": {"$exists": False}}
        with translate_errors():
            result = await self._cases.update_one(unchanged, change)
        if result.modified_count != 1:
            raise TransientError("another process was at the same case")
        if reopen or document["state"] == "open":
            self._hold(key, boxes)
        return key

    def _hold(self, key: CaseKey, boxes: Boxes) -> None:
        self._held.pop(key.case_id, None)
        self._held[key.case_id] = key, boxes
        if len(self._held) > _MOST_HELD:
            del self._held[next(iter(self._held))]

    async def let_go(self) -> None:
        """Forgets the keys of cases that another process has closed."""
        held = list(self._held)
        with translate_errors():
            found = self._cases.find({"_id": {"$in": held}, "state": "open"}, {"_id": 1})
            still_open = {document["_id"] for document in await found.to_list(None)}
        for case_id in held:
            if case_id not in still_open:
                self._held.pop(case_id, None)

    async def close(self, closings: Sequence[Closing], pieces: Mapping[str, int]) -> list[str]:
        """The key in memory is forgotten; of a cancelled case the readers' copies go too. Returns the cases closed by it."""
        by_case = {closing.case_id: closing for closing in closings}
        documents = await self._find(list(by_case))
        updates = (
            self._close(document, by_case[document["_id"]], pieces.get(document["_id"], 0)) for document in documents
        )
        results = await asyncio.gather(*updates)  # At once: the database journals them together.
        for case_id in by_case:
            self._held.pop(case_id, None)
        return [document["_id"] for document, was_closed in zip(documents, results, strict=True) if was_closed]

    async def _close(self, document: Document, closing: Closing, pieces: int) -> bool:
        fields: Document = {
            "ending": closing.ending,
            "closed_day": _day(closing.at),
            "pieces": pieces,
            "state": "closed",
        }
        condition: Document = {"_id": closing.case_id, "state": "open", "openings": document["openings"]}
        change: Document = {"$set": fields, "$addToSet": {"unsaid": f"closed.{document['openings']}"}}
        if closing.ending == "cancelled":
            condition["state"] = {"$ne": "cancelled"}
            fields["state"] = "cancelled"
            change["$unset"] = {"keys": "", "header": "", "receipt": ""}
        with translate_errors():
            result = await self._cases.update_one(condition, change)
        return bool(result.modified_count)

    async def _find(self, case_ids: Sequence[str]) -> list[Document]:
        with translate_errors():
            return await self._cases.find({"_id": {"$in": list(case_ids)}}).to_list(None)

    async def unpublished(self, leave_out: Collection[str] = ()) -> list[Document]:
        """Cases of which something is still to be published, without their keys."""
        query = {"unsaid": {"$gt": ""}, "_id": {"$nin": list(leave_out)}}
        with translate_errors():
            return await self._cases.find(query, {"keys": 0, "header": 0}, limit=PAGE).to_list(None)

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
            return await self._cases.find_one({"_id": case_id}, {"keys": 0, "header": 0, "receipt": 0})

    async def open_now(self) -> int:
        with translate_errors():
            return await self._cases.count_documents({"state": "open"})


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()
