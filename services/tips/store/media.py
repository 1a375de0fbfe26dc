"""Reporters' files: fetched from Zalo while the link lives, kept as streams sealed under the case's key.

`media: {_id, case, oa, piece, kind, state, link, due, until, tries, key, header, chunks, manifest, notice, noticed}`, state one
of to_fetch, kept, refused, lost; `notice` is why its reporter is to be written to, `noticed` why they were.
`chunks: {_id: "media:try:nth", case, media, try, data}`: each try is a stream of its own (chassis/sealed_stream.py). The link is
sealed under the rolling ring, and goes with the fetch, as its times do.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Literal

from pymongo import ASCENDING, IndexModel, ReturnDocument, UpdateOne

from chassis.crypto import DecryptionError, Place
from chassis.mongo import Database, Document, bulk_write, full_name, translate_errors
from chassis.records import Clock
from chassis.rolling_ring import RollingRing
from contracts.message import Kind
from services.tips.media.missing import Missing
from services.tips.store.files import KeptFile, MediaFile, MediaRequest, MissingFile

PAGE = 200  # Cases in one look.
_GONE = {"link": "", "due": "", "until": ""}  # What a file no longer needs once it is there, or lost.


class Media:
    def __init__(self, db: Database, ring: RollingRing, now: Clock, alive: timedelta) -> None:
        self._media, self._chunks = db["media"], db["chunks"]
        self._ring, self._now, self._alive = ring, now, alive

    async def prepare(self) -> None:
        with translate_errors():
            await self._media.create_indexes([IndexModel([("state", 1), ("due", 1)]), IndexModel([("case", 1)])])
            await self._media.create_index("notice", sparse=True)
            await self._chunks.create_indexes([IndexModel([("case", 1)]), IndexModel([("media", 1)])])

    async def enqueue(self, requests: Sequence[MediaRequest]) -> None:
        """Remembered first, fetched afterwards. What is known already stays as it is."""
        await bulk_write(self._media, [self._insert(request) for request in requests])

    def _insert(self, request: MediaRequest) -> UpdateOne:
        now = self._now()
        document = {
            "case": request.case_id,
            "oa": request.oa_id,
            "piece": request.piece_id,
            "kind": request.kind.value,
            "state": "to_fetch",
            "link": self._ring.seal(request.url.encode(), self._place(request.media_id, request.case_id)),
            "due": now,
            "until": now + self._alive,
            "tries": 0,
        }
        return UpdateOne({"_id": request.media_id}, {"$setOnInsert": document}, upsert=True)

    async def claim(self, lease: timedelta, leave_out: Collection[str] = ()) -> list[Document]:
        """Returns the file that is due longest, if there is one."""
        now = self._now()
        with translate_errors():
            document = await self._media.find_one_and_update(
                {"state": "to_fetch", "due": {"$lte": now}, "_id": {"$nin": list(leave_out)}},
                {"$set": {"due": now + lease}, "$inc": {"tries": 1}},
                sort=[("due", ASCENDING)],
                return_document=ReturnDocument.AFTER,
            )
        return [] if document is None else [document]

    def decode(self, document: Document) -> MediaFile:
        kind, url, noticed = Kind(document["kind"]), self._link(document), frozenset(document.get("noticed", ()))
        return MediaFile(document["_id"], document["case"], kind, url, document["tries"], document["until"], noticed)

    def _link(self, document: Document) -> str:
        """Empty when the ring no longer holds the key it was sealed under."""
        try:
            return self._ring.open(document["link"], self._place(document["_id"], document["case"])).decode()
        except DecryptionError:
            return ""

    def _place(self, media_id: str, case_id: str) -> Place:
        return Place.stored(full_name(self._media), media_id, case_id)

    async def put(self, file: MediaFile, index: int, data: bytes) -> None:
        """A sealed chunk of this try."""
        document = {"case": file.case_id, "media": file.media_id, "try": file.tries, "data": data}
        with translate_errors():
            await self._chunks.replace_one({"_id": _chunk_id(file.media_id, file.tries, index)}, document, upsert=True)

    async def mark_kept(self, file: MediaFile, kept: KeptFile) -> bool:
        """The file is whole. False when it was erased meanwhile, or another try was quicker: then nothing of this one stays."""
        fields = {"state": "kept", "key": kept.key, "header": kept.header, "chunks": kept.chunks}
        change = {"$set": fields | {"manifest": kept.manifest, "tries": file.tries}, "$unset": _GONE}
        if not await self._move(file, change):
            await self._drop_chunks(file)
            return False
        with translate_errors():
            await self._chunks.delete_many({"media": file.media_id, "try": {"$ne": file.tries}})
        return True

    async def end(self, file: MediaFile, state: Literal["refused", "lost"], why: str, notice: Missing) -> None:
        """Not to be had. Where it was stays in the sealed piece, for officers."""
        with translate_errors():
            await self._chunks.delete_many({"media": file.media_id})
        fields = {"state": state, "why": why} | _notice(file, notice)
        await self._move(file, {"$set": fields, "$unset": _GONE})

    async def postpone(self, file: MediaFile, due: datetime, notice: Missing | None) -> None:
        await self._drop_chunks(file)
        await self._move(file, {"$set": {"due": due} | _notice(file, notice)})

    async def pending_notices(self, leave_out: Collection[str] = ()) -> list[Document]:
        """Returns cases with files that their reporter is to be told of: `{_id: case, files: [{id, why}]}`."""
        match = {"$match": {"notice": {"$gt": ""}, "case": {"$nin": list(leave_out)}}}
        group = {"$group": {"_id": "$case", "files": {"$push": {"id": "$_id", "why": "$notice"}}}}
        with translate_errors():
            return await self._media.aggregate([match, group, {"$limit": PAGE}]).to_list(None)

    async def mark_notified(self, files: Sequence[MissingFile]) -> None:
        await bulk_write(
            self._media,
            [
                UpdateOne(
                    {"_id": file.media_id, "notice": file.why.value},
                    {"$unset": {"notice": ""}, "$addToSet": {"noticed": file.why.value}},
                )
                for file in files
            ],
        )

    async def _move(self, file: MediaFile, change: Document) -> bool:
        with translate_errors():
            result = await self._media.update_one({"_id": file.media_id, "state": "to_fetch"}, change)
        return bool(result.matched_count)

    async def _drop_chunks(self, file: MediaFile) -> None:
        with translate_errors():
            await self._chunks.delete_many({"media": file.media_id, "try": file.tries})

    async def count_kept(self, case_id: str) -> int:
        with translate_errors():
            return await self._media.count_documents({"case": case_id, "state": "kept"})

    async def waiting(self) -> int:
        with translate_errors():
            return await self._media.count_documents({"state": "to_fetch"})

    async def states(self, case_id: str) -> dict[str, int]:
        """Files of one case by state."""
        pipeline: list[Document] = [{"$match": {"case": case_id}}, {"$group": {"_id": "$state", "count": {"$sum": 1}}}]
        with translate_errors():
            groups = await self._media.aggregate(pipeline).to_list(None)
        return {document["_id"]: document["count"] for document in groups}

    async def erase(self, case_ids: Sequence[str]) -> None:
        of_cases = {"case": {"$in": list(case_ids)}}
        with translate_errors():
            await self._media.delete_many(of_cases)
            await self._chunks.delete_many(of_cases)


def _notice(file: MediaFile, why: Missing | None) -> Document:
    """Each reason is told once of each file."""
    return {} if why is None or why in file.noticed else {"notice": why.value}


def _chunk_id(media_id: str, attempt: int, index: int) -> str:
    return f"{media_id}:{attempt}:{index}"
