"""What a reporter says, and who they are, is found nowhere in the clear: database, topics, metrics, logs."""

from base64 import b64decode, b64encode, urlsafe_b64encode
from datetime import timedelta

import pytest
from prometheus_client import generate_latest

from chassis.crypto import Place
from chassis.fetch import AllowedHosts
from chassis.mongo import full_name
from contracts.message import Attachment, Kind
from services.tips.media.fetch import open_media_fetcher
from tests.doubles import NOON, message_received
from tests.events import RING_FILES
from tests.services.tips.media.cdn import PNG, Cdn
from tests.services.tips.tips_app import DESK, TipsApp

pytestmark = pytest.mark.live

USER = "9000000000000004711"
WORDS = "ông Trần Văn Giả tổ chức đánh bạc ở nhà 12 ngõ Bịa"
FILE = "bang-chung-0900000999.png"
PLACE = (16.123456789012, 108.654321098765)


def traces(secret: str) -> list[bytes]:
    """As it is, and as it would look in base64 at any offset, or in hex."""
    plain = secret.encode()
    shifted = [(b"\0" * offset) + plain for offset in range(3)]
    encoded = [encode(padded)[4:-4] for padded in shifted for encode in (b64encode, urlsafe_b64encode)]
    return [plain, plain.hex().encode(), *encoded]


async def test_planted_secrets_are_found_nowhere(
    tips_app: TipsApp, server: Cdn, capsys: pytest.CaptureFixture[str]
) -> None:
    url = server.url(f"/{FILE}")
    photo = Attachment(kind=Kind.IMAGE, url=url, name=FILE, description=WORDS)
    place = Attachment(kind=Kind.LOCATION, latitude=PLACE[0], longitude=PLACE[1])
    events = [
        message_received("", user=USER, kind=Kind.IMAGE, attachments=[photo], at=NOON - timedelta(minutes=1)),
        message_received("#tinbao", user=USER),
        message_received(WORDS, user=USER, at=NOON + timedelta(seconds=1)),
        message_received("", user=USER, kind=Kind.LOCATION, attachments=[place], at=NOON + timedelta(seconds=2)),
        message_received(f"tôi tên {WORDS}", user=USER, kind=Kind.INFO, at=NOON + timedelta(seconds=3)),
    ]
    await tips_app.handle(*events)
    async with open_media_fetcher(AllowedHosts.parse("MEDIA_HOSTS", server.host), len(PNG), 10) as media_fetcher:
        await tips_app.fetch_file(media_fetcher)
    await tips_app.sweep()
    code = tips_app.reply_texts()[0].split("Mã biên nhận: ")[1].split("\n")[0]
    case = await tips_app.case()
    secrets = [WORDS, USER, FILE, url, str(PLACE[0]), str(PLACE[1]), code]
    outputs = {
        "database": await tips_app.dump(),
        "topics": tips_app.published(),
        "metrics": generate_latest(),
        "log": "".join(capsys.readouterr()).encode(),
    }
    for name, output in outputs.items():
        assert output, f"nothing was looked at: {name}"
        leaked = [secret for secret in secrets if any(trace in output for trace in traces(secret))]
        assert not leaked, name
    assert WORDS in (await tips_app.officer_reads(case))[1].text


async def test_no_key_lies_in_the_database(tips_app: TipsApp) -> None:
    await tips_app.handle(message_received("#tinbao"), message_received(WORDS, at=NOON + timedelta(seconds=1)))
    dump = await tips_app.dump()
    rings = [b64decode(line.partition(":")[2] or line) for line in RING_FILES.values()]
    for secret in (*rings, bytes(DESK)):
        assert secret not in dump
        assert b64encode(secret) not in dump


async def test_who_has_the_database_and_every_ring_but_no_private_key_reads_no_closed_case(tips_app: TipsApp) -> None:
    """All that is left of a closed case's key are boxes for the officers."""
    await tips_app.handle(
        message_received("#tinbao"),
        message_received(WORDS, at=NOON + timedelta(seconds=1)),
        message_received("#xong", at=NOON + timedelta(seconds=2)),
    )
    case = await tips_app.case()
    assert set(case) == {
        *("_id", "oa", "state", "openings", "day", "receipt", "header"),
        *("keys", "ending", "closed_day", "pieces", "unsaid"),
    }
    assert [entry["for"] for entry in case["keys"]["0"]] == ["desk"]
    (conversation,) = await tips_app.db["conversations"].find().to_list(None)
    collection = full_name(tips_app.db["conversations"])
    place = Place.stored(collection, conversation["_id"], conversation["oa"], conversation["v"])
    stored_state = tips_app.transit.ring.open(conversation["s"], place).decode()
    assert case["_id"] not in stored_state
    assert 'tip":null' in stored_state
