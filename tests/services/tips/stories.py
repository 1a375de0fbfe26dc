"""Tips as they are told, by made-up people."""

from datetime import datetime, timedelta

from contracts.event import Event
from contracts.gateway import CitizenWithdrew
from contracts.message import Attachment, Kind
from tests.doubles import NOON, make_event, message_received, sealed_address


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def story(user: str = "9000000000000000001", start: float = 0) -> list[Event]:
    """A tip as it is told: opened, three messages, closed."""
    photo = Attachment(kind=Kind.IMAGE, url="https://photo.zdn.vn/one.jpg")
    place = Attachment(kind=Kind.LOCATION, latitude=16.05, longitude=108.2)
    return [
        message_received("#tinbao", user=user, msg_id=f"{user}-{start}-0", at=at(start)),
        message_received("có đánh bạc ở chợ", user=user, msg_id=f"{user}-{start}-1", at=at(start + 5)),
        message_received(
            "", user=user, msg_id=f"{user}-{start}-2", at=at(start + 9), kind=Kind.IMAGE, attachments=[photo]
        ),
        message_received(
            "", user=user, msg_id=f"{user}-{start}-3", at=at(start + 12), kind=Kind.LOCATION, attachments=[place]
        ),
        message_received("#xong", user=user, msg_id=f"{user}-{start}-4", at=at(start + 20)),
    ]


def withdrew(user: str = "9000000000000000001", name: str = "withdraw", seconds: float = 60) -> CitizenWithdrew:
    return make_event(CitizenWithdrew, user=user, name=name, at=at(seconds), address=sealed_address(user))
