"""Other provincial systems push a status, officers read a history: both only with the token, and nothing half-read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.services.chatbot.chatbot_app import LATE, NINE_IN_THE_MORNING, TOKEN, ChatbotApp

pytestmark = pytest.mark.live

GOOD = {
    "id": "mot-cua-0001",
    "code": LATE,
    "status": "Đã có kết quả",
    "at": NINE_IN_THE_MORNING.isoformat(),
    "note": "Mời đến nhận",
}


async def call(base_url: str, method: str, path: str, body: Any = None, token: str = TOKEN) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, base_url + path, json=body, headers=headers) as answer,
    ):
        return answer.status, await answer.json(content_type=None)


async def test_a_push_is_seen_by_the_citizen_and_by_officers_once(chatbot_app: ChatbotApp, chatbot_url: str) -> None:
    push = {**GOOD, "at": (NINE_IN_THE_MORNING + timedelta(minutes=1)).isoformat()}
    assert await call(chatbot_url, "POST", "/api/dossiers/events", push) == (200, {"moved": True})
    assert await call(chatbot_url, "POST", "/api/dossiers/events", push) == (200, {"moved": False})
    status, answer = await call(chatbot_url, "GET", f"/api/dossiers/{LATE}/history")
    assert status == 200
    (entry,) = answer["entries"]
    assert (entry["kind"], entry["by"]) == ("status", "system")
    assert entry["told"] == {"stage": "ready", "note": "Mời đến nhận"}
    assert "Đã có kết quả" in await chatbot_app.citizen("lan").proves(LATE)


async def test_what_citizens_filed_is_in_the_history_officers_read(chatbot_app: ChatbotApp, chatbot_url: str) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    for text in (f"#lam f_rut_ho_so {LATE}", "#chon co", "Tôi nộp nhầm nơi", "#chon co"):
        await lan.says(text)
    _, answer = await call(chatbot_url, "GET", f"/api/dossiers/{LATE}/history")
    (entry,) = answer["entries"]
    assert (entry["kind"], entry["by"], entry["told"]) == ("withdraw", "citizen", {"reason": "Tôi nộp nhầm nơi"})


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_without_the_token_nothing_is_read_or_written(
    chatbot_app: ChatbotApp, chatbot_url: str, token: str
) -> None:
    assert (await call(chatbot_url, "POST", "/api/dossiers/events", GOOD, token))[0] == 401
    assert (await call(chatbot_url, "GET", f"/api/dossiers/{LATE}/history", token=token))[0] == 401
    assert await chatbot_app.history(LATE) == []


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
async def test_a_push_that_is_not_as_agreed_changes_nothing(
    chatbot_app: ChatbotApp, chatbot_url: str, wrong: dict[str, str]
) -> None:
    status, answer = await call(chatbot_url, "POST", "/api/dossiers/events", {**GOOD, **wrong})
    assert status == 422
    assert LATE not in str(answer.get("detail", "")) or "code" not in wrong
    assert await chatbot_app.history(LATE) == []


async def test_a_code_that_is_none_is_told_so(chatbot_url: str) -> None:
    assert (await call(chatbot_url, "GET", "/api/dossiers/abc/history"))[0] == 422
    assert await call(chatbot_url, "GET", "/api/dossiers/H99.99-990101-9999/history") == (
        200,
        {"code": "H99.99-990101-9999", "entries": []},
    )


async def test_a_push_too_large_to_be_one_is_not_read(chatbot_app: ChatbotApp, chatbot_url: str) -> None:
    assert (await call(chatbot_url, "POST", "/api/dossiers/events", {**GOOD, "more": "x" * 20_000}))[0] == 413
    assert await chatbot_app.history(LATE) == []
