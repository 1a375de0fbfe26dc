"""A reporter who sends files, and what becomes of them."""

from datetime import timedelta

from contracts.message import Attachment, Kind
from tests.doubles import NOON, heard
from tests.services.tips.room import Room


async def sends(room: Room, *urls: str, kind: Kind = Kind.IMAGE) -> None:
    await room.hear(heard("#tinbao"))
    for nth, url in enumerate(urls):
        part = Attachment(kind=kind, url=url)
        await room.hear(heard("", kind=kind, at=NOON + timedelta(seconds=5 + nth), attachments=[part]))


async def states(room: Room) -> dict[str, int]:
    return await room.house.media.states((await room.case())["_id"])
