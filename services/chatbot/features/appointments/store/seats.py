"""Seats: one document per seat of a slot, so that two citizens can never hold the same one.

`_id` is service|office|start|number. A seat is free when its document is missing, or is a hold whose time is over. The claim
is one atomic upsert that matches only a free seat; where another was faster, MongoDB's unique `_id` refuses it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from pymongo.errors import DuplicateKeyError

from chassis.crypto import KeyRing, Place
from chassis.mongo import Collection, Document, full_name, translate_errors
from services.chatbot.features.appointments.effects import (
    Booking,
    CancelBooking,
    ConfirmSeat,
    HoldSeat,
    MyBookings,
    TakenSeats,
    booking_code,
)

_TAKEN = ("confirmed", "present")


class Seats:
    def __init__(self, collection: Collection, ring: KeyRing) -> None:
        self._seats, self._ring = collection, ring

    async def prepare(self) -> None:
        with translate_errors():
            await self._seats.create_index([("service", 1), ("office", 1), ("starts", 1)])
            await self._seats.create_index("conversation")
            await self._seats.create_index("booking")

    async def taken(self, query: TakenSeats) -> Mapping[datetime, int]:
        occupied = [{"state": {"$in": _TAKEN}}, {"state": "held", "until": {"$gt": query.now}}]
        period = {"$gte": query.since, "$lt": query.until}
        criteria: Document = {"service": query.service, "office": query.office, "starts": period, "$or": occupied}
        if query.besides is not None:
            criteria["booking"] = {"$ne": query.besides.hex}
        pipeline: list[Document] = [
            {"$match": criteria},
            {"$group": {"_id": "$starts", "count": {"$sum": 1}}},
        ]
        with translate_errors():
            rows = await self._seats.aggregate(pipeline).to_list(None)
        return {row["_id"].astimezone(UTC): int(row["count"]) for row in rows}

    async def hold(self, effect: HoldSeat) -> bool:
        with translate_errors():
            own_seat = await self._seats.find_one({"booking": effect.booking.hex, "starts": effect.starts})
            if own_seat is not None:
                return await self._extend(own_seat, effect)
            for number in range(effect.capacity):
                if await self._claim(f"{effect.service}|{effect.office}|{effect.starts.isoformat()}|{number}", effect):
                    return True
        return False

    async def _extend(self, own_seat: Document, effect: HoldSeat) -> bool:
        """Asked again: still ours unless the hold ran out and another took it, in which case `mine` was not found."""
        if own_seat["state"] == "held":
            await self._seats.update_one(
                {"_id": own_seat["_id"], "booking": effect.booking.hex}, {"$max": {"until": effect.until}}
            )
        return True

    async def _claim(self, seat: str, effect: HoldSeat) -> bool:
        claim: Document = {
            "state": "held", "until": effect.until, "booking": effect.booking.hex, "conversation": effect.conversation,
            "oa": effect.oa_id, "service": effect.service, "office": effect.office, "starts": effect.starts,
            "code": booking_code(effect.booking),
        }  # fmt: skip
        try:
            result = await self._seats.update_one(
                {"_id": seat, "state": "held", "until": {"$lte": effect.now}}, {"$set": claim}, upsert=True
            )
        except DuplicateKeyError:
            return False  # Taken: the upsert collided with a seat that is not free.
        return bool(result.upserted_id is not None or result.modified_count)

    async def confirm(self, effect: ConfirmSeat) -> bool:
        """The new seat first, then the old one is given back: a crash in between leaves two, never none."""
        place = Place.stored(full_name(self._seats), effect.booking.hex, effect.conversation, effect.oa_id)
        name = self._ring.seal(effect.name.encode(), place)
        own_seat = {"booking": effect.booking.hex, "conversation": effect.conversation}
        usable = {"$or": [{"state": {"$in": _TAKEN}}, {"state": "held", "until": {"$gt": effect.now}}]}
        with translate_errors():
            result = await self._seats.update_one(
                {**own_seat, **usable}, {"$set": {"state": "confirmed", "name": name}}
            )
            if result.matched_count and effect.instead_of is not None and effect.instead_of != effect.booking:
                await self._seats.delete_one({"booking": effect.instead_of.hex, "conversation": effect.conversation})
        return bool(result.matched_count)

    async def mine(self, query: MyBookings) -> tuple[Booking, ...]:
        criteria = {"conversation": query.conversation, "state": {"$in": _TAKEN}, "starts": {"$gt": query.now}}
        with translate_errors():
            documents = await self._seats.find(criteria).sort("starts", 1).limit(10).to_list(None)
        return tuple(_booking(document) for document in documents)

    async def cancel(self, effect: CancelBooking) -> bool:
        with translate_errors():
            result = await self._seats.delete_one({"booking": effect.booking.hex, "conversation": effect.conversation})
        return bool(result.deleted_count)

    async def check_in(
        self, code: str, since: datetime, until: datetime, oa_ids: frozenset[str] | None = None
    ) -> Booking | None:
        """Returns the appointment of this code between two times, now marked present; None for no such at these OAs."""
        criteria: Document = {"code": code, "state": {"$in": _TAKEN}, "starts": {"$gte": since, "$lt": until}}
        if oa_ids is not None:
            criteria["oa"] = {"$in": list(oa_ids)}
        with translate_errors():
            document = await self._seats.find_one_and_update(criteria, {"$set": {"state": "present"}})
        return _booking(document) if document else None

    async def forget(self, conversation: str) -> None:
        with translate_errors():
            await self._seats.delete_many({"conversation": conversation})


def _booking(document: Document) -> Booking:
    booking_id = UUID(hex=document["booking"])
    starts = document["starts"].astimezone(UTC)
    return Booking(
        booking_id, booking_code(booking_id), document["service"], document["office"], starts, document["state"]
    )
