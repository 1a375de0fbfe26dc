"""What may be asked about a case over HTTP: state and counts, by whoever may read cases of its OA."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from chassis.audit import AuditLog
from chassis.auth import Auth
from chassis.http import create_app
from contracts.message import Attachment, Kind
from contracts.scopes import Scope
from services.tips.api.cases import case_api
from tests.console import AuditTrail, UsedInMemory, allow
from tests.doubles import NOON, OA, PEPPER, message_received
from tests.services.tips.tips_app import TipsApp

pytestmark = pytest.mark.live

TOKEN = {"Authorization": "Bearer a-long-random-token"}


@pytest.fixture
def audit_trail() -> AuditTrail:
    return AuditTrail()


@pytest.fixture
async def client(tips_app: TipsApp, tmp_path: Path, audit_trail: AuditTrail) -> AsyncIterator[httpx.AsyncClient]:
    stores = tips_app.stores
    allow(tmp_path, "a-long-random-token", Scope.CASES_READ)
    auth = Auth("tips", tmp_path, UsedInMemory())
    audit = AuditLog("tips", PEPPER, audit_trail.publish)
    app = create_app("tips", lambda: True, {}, [case_api(stores.cases, stores.pieces, stores.media, auth, audit)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://tips") as http:
        yield http


async def test_a_case_is_described_in_counts(tips_app: TipsApp, client: httpx.AsyncClient) -> None:
    photo = Attachment(kind=Kind.IMAGE, url="https://photo.zdn.vn/one.jpg")
    await tips_app.handle(
        message_received("#tinbao"),
        message_received("một bí mật", at=NOON + timedelta(seconds=1)),
        message_received("", kind=Kind.IMAGE, attachments=[photo], at=NOON + timedelta(seconds=2)),
    )
    case_id = (await tips_app.case())["_id"]
    answer = await client.get(f"/api/cases/{case_id}", headers=TOKEN)
    assert answer.status_code == 200
    assert answer.json() == {
        "case_id": case_id,
        "oa_id": OA,
        "state": "open",
        "ending": None,
        "day": "2026-03-02",
        "closed_day": None,
        "pieces": {"text": 1, "image": 1},
        "media": {"to_fetch": 1},
    }


async def test_a_look_is_on_record_before_it_is_answered_and_names_no_case(
    tips_app: TipsApp, client: httpx.AsyncClient, audit_trail: AuditTrail
) -> None:
    await tips_app.handle(message_received("#tinbao"))
    path = f"/api/cases/{(await tips_app.case())['_id']}"
    await client.get(path, headers=TOKEN | {"X-Reason": "don%20so%2012"})
    (record,) = audit_trail.records
    assert (record.service, record.actor_id, record.action, record.oa_id) == ("tips", "a-test", "case.read", OA)
    assert record.reason == "don so 12"
    assert record.conversation not in path
    audit_trail.is_away = True
    refused = await client.get(path, headers=TOKEN)
    assert refused.status_code == 503
    assert "KAFKA_SERVERS" in refused.text
    assert "open" not in refused.text


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "a-long-random-token"}])
async def test_without_the_token_nothing_is_revealed_not_even_whether_a_case_exists(
    tips_app: TipsApp, client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    await tips_app.handle(message_received("#tinbao"))
    existing = await client.get(f"/api/cases/{(await tips_app.case())['_id']}", headers=headers)
    missing = await client.get(f"/api/cases/{'0' * 32}", headers=headers)
    assert (existing.status_code, missing.status_code) == (401, 401)
    assert existing.content == missing.content


async def test_a_case_of_another_oa_is_the_same_not_found(
    tips_app: TipsApp, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await tips_app.handle(message_received("#tinbao"))
    path = f"/api/cases/{(await tips_app.case())['_id']}"
    allow(tmp_path, "a-long-random-token", Scope.CASES_READ, oa_ids=frozenset({"another"}))
    other, missing = await client.get(path, headers=TOKEN), await client.get(f"/api/cases/{'0' * 32}", headers=TOKEN)
    assert (other.status_code, other.content) == (missing.status_code, missing.content) == (404, missing.content)
    allow(tmp_path, "a-long-random-token", Scope.CASES_READ, oa_ids=frozenset({OA}))
    assert (await client.get(path, headers=TOKEN)).status_code == 200


async def test_an_unknown_case_is_not_found_and_a_strange_name_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/api/cases/{'0' * 32}", headers=TOKEN)).status_code == 404
    assert (await client.get("/api/cases/$where", headers=TOKEN)).status_code == 422
