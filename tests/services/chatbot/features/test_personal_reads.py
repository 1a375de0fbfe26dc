"""What officers read of citizens is on record before it is answered; without the record there is no answer."""

from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest

from services.chatbot.features.officer.effects import JoinQueue
from tests.console import AuditTrail
from tests.doubles import NOON, OA
from tests.services.chatbot.chatbot_app import LATE, TOKEN, ChatbotApp

pytestmark = pytest.mark.live

HEADERS = {"Authorization": f"Bearer {TOKEN}", "X-Reason": "the phone rang"}


async def call(base_url: str, method: str, path: str, headers: Mapping[str, str] = HEADERS) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as http, http.request(method, base_url + path, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_a_look_into_the_queue_is_a_record_for_each_who_waits(
    chatbot_app: ChatbotApp, chatbot_url: str, audit_trail: AuditTrail
) -> None:
    status, nobody = await call(chatbot_url, "GET", f"/api/queue?oa_id={OA}")
    assert (status, nobody) == (200, [])
    assert [record.action for record in audit_trail.records] == ["queue.read"], "that somebody looked is on record"
    audit_trail.records.clear()
    await chatbot_app.queue.answer([JoinQueue(name, OA, NOON, "asked", ()) for name in ("first", "second")])
    status, waiting = await call(chatbot_url, "GET", f"/api/queue?oa_id={OA}")
    assert status == 200
    assert [record.conversation for record in audit_trail.records] == [entry["conversation"] for entry in waiting]
    assert {(record.action, record.oa_id, record.reason) for record in audit_trail.records} == {
        ("queue.read", OA, "the phone rang")
    }


async def test_a_dossiers_history_is_a_record_that_names_no_dossier(chatbot_url: str, audit_trail: AuditTrail) -> None:
    assert (await call(chatbot_url, "GET", f"/api/dossiers/{LATE}/history"))[0] == 200
    (record,) = audit_trail.records
    assert (record.action, record.subject_kind) == ("dossier.read", "dossier")
    assert LATE not in record.model_dump_json()


async def test_an_appointment_that_is_marked_is_a_record(chatbot_url: str, audit_trail: AuditTrail) -> None:
    assert (await call(chatbot_url, "POST", "/api/checkin/LH-2345-6789"))[0] == 404
    assert [record.action for record in audit_trail.records] == ["appointment.check_in"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/api/queue?oa_id={OA}"),
        ("GET", f"/api/dossiers/{LATE}/history"),
        ("POST", "/api/checkin/LH-2345-6789"),
    ],
)
async def test_without_the_log_nothing_is_read(
    chatbot_app: ChatbotApp, chatbot_url: str, audit_trail: AuditTrail, method: str, path: str
) -> None:
    await chatbot_app.queue.answer([JoinQueue("first", OA, NOON, "asked", ())])
    audit_trail.is_away = True
    status, body = await call(chatbot_url, method, path)
    assert status == 503
    assert "KAFKA_SERVERS" in body["detail"]
