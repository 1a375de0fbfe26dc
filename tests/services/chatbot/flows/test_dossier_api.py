"""Other provincial systems push a status, officers read a history: both only with the token, and nothing half-read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.services.chatbot.office import LATE, NINE, TOKEN, Office

pytestmark = pytest.mark.live

GOOD = {"id": "mot-cua-0001", "code": LATE, "status": "Đã có kết quả", "at": NINE.isoformat(), "note": "Mời đến nhận"}


async def call(door: str, method: str, path: str, body: Any = None, token: str = TOKEN) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as http, http.request(method, door + path, json=body, headers=headers) as answer:
        return answer.status, await answer.json(content_type=None)


async def test_a_push_is_seen_by_the_citizen_and_by_officers_once(office: Office, door: str) -> None:
    push = {**GOOD, "at": (NINE + timedelta(minutes=1)).isoformat()}
    assert await call(door, "POST", "/api/dossiers/events", push) == (200, {"moved": True})
    assert await call(door, "POST", "/api/dossiers/events", push) == (200, {"moved": False})
    status, told = await call(door, "GET", f"/api/dossiers/{LATE}/history")
    assert status == 200
    (entry,) = told["entries"]
    assert (entry["kind"], entry["by"]) == ("status", "system")
    assert entry["told"] == {"stage": "ready", "note": "Mời đến nhận"}
    assert "Đã có kết quả" in await office.citizen("lan").proves(LATE)


async def test_what_citizens_filed_is_in_the_history_officers_read(office: Office, door: str) -> None:
    lan = office.citizen("lan")
    await lan.proves(LATE)
    for text in (f"#lam f_rut_ho_so {LATE}", "#chon co", "Tôi nộp nhầm nơi", "#chon co"):
        await lan.says(text)
    _, told = await call(door, "GET", f"/api/dossiers/{LATE}/history")
    (entry,) = told["entries"]
    assert (entry["kind"], entry["by"], entry["told"]) == ("withdraw", "citizen", {"reason": "Tôi nộp nhầm nơi"})


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_without_the_token_nothing_is_read_or_written(office: Office, door: str, token: str) -> None:
    assert (await call(door, "POST", "/api/dossiers/events", GOOD, token))[0] == 401
    assert (await call(door, "GET", f"/api/dossiers/{LATE}/history", token=token))[0] == 401
    assert await office.history(LATE) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "gần xong"},
        {"code": "không phải mã"},
        {"code": f"{LATE} hoặc mã khác"},
        {"id": "ngắn"},
        {"id": "có dấu cách và dấu"},
        {"at": "hôm nay"},
        {"at": "2026-03-02T09:00:00"},
        {"at": (datetime.now(UTC) + timedelta(days=1)).isoformat()},
        {"note": "x" * 301},
        {"code": 7},
    ],
)
async def test_a_push_that_is_not_as_agreed_changes_nothing(office: Office, door: str, wrong: dict[str, str]) -> None:
    status, told = await call(door, "POST", "/api/dossiers/events", {**GOOD, **wrong})
    assert status == 422
    assert LATE not in str(told.get("detail", "")) or "code" not in wrong
    assert await office.history(LATE) == []


async def test_a_code_that_is_none_is_told_so(door: str) -> None:
    assert (await call(door, "GET", "/api/dossiers/abc/history"))[0] == 422
    assert await call(door, "GET", "/api/dossiers/H99.99-990101-9999/history") == (
        200,
        {"code": "H99.99-990101-9999", "entries": []},
    )


async def test_a_push_too_large_to_be_one_is_not_read(office: Office, door: str) -> None:
    assert (await call(door, "POST", "/api/dossiers/events", {**GOOD, "more": "x" * 20_000}))[0] == 413
    assert await office.history(LATE) == []
