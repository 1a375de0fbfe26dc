"""Seats: one document per seat of a slot, so that two citizens can never hold the same one.

`_id` is service|office|start|number. A seat is free when its document is missing, or is a hold whose time is over. The claim
is one atomic upsert that matches only a free seat; where another was faster, MongoDB's unique `_id` refuses it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from pymongo.errors import DuplicateKeyError

from chassis.mongo import Collection, Document, blame
from chassis.sealing import Ring
from services.chatbot.booking import Booking, ConfirmSeat, GiveBack, HoldSeat, MyBookings, TakenSeats, booking_code

_PURPOSE = "booking name"
_TAKEN = ("confirmed", "present")


class Seats:
    def __init__(self, collection: Collection, ring: Ring) -> None:
        self._seats, self._ring = collection, ring

    async def prepare(self) -> None:
        with blame():
            await self._seats.create_index([("service", 1), ("office", 1), ("starts", 1)])
            await self._seats.create_index("conversation")
            await self._seats.create_index("booking")

    async def taken(self, one: TakenSeats) -> Mapping[datetime, int]:
        alive = [{"state": {"$in": _TAKEN}}, {"state": "held", "until": {"$gt": one.now}}]
        when = {"$gte": one.since, "$lt": one.until}
        wanted: Document = {"service": one.service, "office": one.office, "starts": when, "$or": alive}
        if one.besides is not None:
            wanted["booking"] = {"$ne": one.besides.hex}
        pipeline: list[Document] = [
            {"$match": wanted},
            {"$group": {"_id": "$starts", "count": {"$sum": 1}}},
        ]
        with blame():
            rows = await self._seats.aggregate(pipeline).to_list(None)
        return {row["_id"].astimezone(UTC): int(row["count"]) for row in rows}

    async def hold(self, one: HoldSeat) -> bool:
        with blame():
            mine = await self._seats.find_one({"booking": one.booking.hex, "starts": one.starts})
            if mine is not None:
                return await self._keep(mine, one)
            for number in range(one.capacity):
                if await self._claim(f"{one.service}|{one.office}|{one.starts.isoformat()}|{number}", one):
                    return True
        return False

    async def _keep(self, mine: Document, one: HoldSeat) -> bool:
        """Asked again: still ours unless the hold ran out and another took it, in which case `mine` was not found."""
        if mine["state"] == "held":
            await self._seats.update_one(
                {"_id": mine["_id"], "booking": one.booking.hex}, {"$max": {"until": one.until}}
            )
        return True

    async def _claim(self, seat: str, one: HoldSeat) -> bool:
        held: Document = {
            "state": "held", "until": one.until, "booking": one.booking.hex, "conversation": one.conversation,
            "oa": one.oa_id, "service": one.service, "office": one.office, "starts": one.starts,
            "code": booking_code(one.booking),
        }  # fmt: skip
        try:
            found = await self._seats.update_one(
                {"_id": seat, "state": "held", "until": {"$lte": one.now}}, {"$set": held}, upsert=True
            )
        except DuplicateKeyError:
            return False  # Taken: the upsert collided with a seat that is not free.
        return bool(found.upserted_id is not None or found.modified_count)

    async def confirm(self, one: ConfirmSeat) -> bool:
        """The new seat first, then the old one is given back: a crash in between leaves two, never none."""
        name = self._ring.seal(one.name.encode(), one.oa_id, _PURPOSE)
        mine = {"booking": one.booking.hex, "conversation": one.conversation}
        usable = {"$or": [{"state": {"$in": _TAKEN}}, {"state": "held", "until": {"$gt": one.now}}]}
        with blame():
            found = await self._seats.update_one({**mine, **usable}, {"$set": {"state": "confirmed", "name": name}})
            if found.matched_count and one.instead_of is not None and one.instead_of != one.booking:
                await self._seats.delete_one({"booking": one.instead_of.hex, "conversation": one.conversation})
        return bool(found.matched_count)

    async def mine(self, one: MyBookings) -> tuple[Booking, ...]:
        wanted = {"conversation": one.conversation, "state": {"$in": _TAKEN}, "starts": {"$gt": one.now}}
        with blame():
            found = await self._seats.find(wanted).sort("starts", 1).limit(10).to_list(None)
        return tuple(_booking(document) for document in found)

    async def give_back(self, one: GiveBack) -> bool:
        with blame():
            gone = await self._seats.delete_one({"booking": one.booking.hex, "conversation": one.conversation})
        return bool(gone.deleted_count)

    async def check_in(self, code: str, since: datetime, until: datetime) -> Booking | None:
        """At the office's door: the appointment of this code between two times, now marked present. None for no such."""
        wanted = {"code": code, "state": {"$in": _TAKEN}, "starts": {"$gte": since, "$lt": until}}
        with blame():
            found = await self._seats.find_one_and_update(wanted, {"$set": {"state": "present"}})
        return _booking(found) if found else None

    async def forget(self, conversation: str) -> None:
        with blame():
            await self._seats.delete_many({"conversation": conversation})


def _booking(document: Document) -> Booking:
    booking = UUID(hex=document["booking"])
    starts = document["starts"].astimezone(UTC)
    return Booking(booking, booking_code(booking), document["service"], document["office"], starts, document["state"])
