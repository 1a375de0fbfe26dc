"""What may be asked about a case over HTTP: state and counts, by whoever holds the token."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from chassis.door import door
from chassis.guard import guard
from contracts.message import Attachment, Kind
from services.tips.api import case_api
from tests.doubles import NOON, OA, heard
from tests.services.tips.room import Room

pytestmark = pytest.mark.live

TOKEN = {"Authorization": "Bearer a-long-random-token"}


@pytest.fixture
async def client(room: Room, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    house = room.house
    (tmp_path / "tips-api-token").write_text("a-long-random-token")
    keeper = guard(tmp_path, "tips-api-token")
    app = door("tips", lambda: True, {}, [case_api(house.cases, house.pieces, house.media, keeper)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://tips") as one:
        yield one


async def test_a_case_is_told_in_counts(room: Room, client: httpx.AsyncClient) -> None:
    photo = Attachment(kind=Kind.IMAGE, url="https://photo.zdn.vn/one.jpg")
    await room.hear(
        heard("#tinbao"),
        heard("một bí mật", at=NOON + timedelta(seconds=1)),
        heard("", kind=Kind.IMAGE, attachments=[photo], at=NOON + timedelta(seconds=2)),
    )
    case_id = (await room.case())["_id"]
    answer = await client.get(f"/api/cases/{case_id}", headers=TOKEN)
    assert answer.status_code == 200
    assert answer.json() == {
        "case_id": case_id,
        "oa_id": OA,
        "state": "open",
        "ending": None,
        "opened_at": "2026-03-02T05:00:00Z",
        "last_at": "2026-03-02T05:00:02Z",
        "closed_at": None,
        "pieces": {"text": 1, "image": 1},
        "media": {"to_fetch": 1},
    }


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "a-long-random-token"}])
async def test_without_the_token_nothing_is_told_not_even_whether_a_case_exists(
    room: Room, client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    await room.hear(heard("#tinbao"))
    there = await client.get(f"/api/cases/{(await room.case())['_id']}", headers=headers)
    nowhere = await client.get(f"/api/cases/{'0' * 32}", headers=headers)
    assert (there.status_code, nowhere.status_code) == (401, 401)
    assert there.content == nowhere.content


async def test_an_unknown_case_is_not_found_and_a_strange_name_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/api/cases/{'0' * 32}", headers=TOKEN)).status_code == 404
    assert (await client.get("/api/cases/$where", headers=TOKEN)).status_code == 422
