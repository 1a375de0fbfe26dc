"""A reporter who sends files, and what becomes of them."""

from datetime import timedelta

from contracts.message import Attachment, Kind
from tests.doubles import NOON, message_received
from tests.services.tips.tips_app import TipsApp


async def send_files(tips_app: TipsApp, *urls: str, kind: Kind = Kind.IMAGE) -> None:
    await tips_app.handle(message_received("#tinbao"))
    for index, url in enumerate(urls):
        part = Attachment(kind=kind, url=url)
        await tips_app.handle(
            message_received("", kind=kind, at=NOON + timedelta(seconds=5 + index), attachments=[part])
        )


async def file_states(tips_app: TipsApp) -> dict[str, int]:
    return await tips_app.stores.media.states((await tips_app.case())["_id"])
