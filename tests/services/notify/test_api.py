"""The pages and the API of notify."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from chassis.http import create_app
from contracts.audit import AuditRecorded
from contracts.chatbot import ReplyChosen
from contracts.scopes import Scope
from tests.console import allow
from tests.services.notify.notify_app import API_KEY, OA, OTHER_OA, NotifyApp


@pytest.fixture
async def web(notify: NotifyApp) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app("notify", lambda: True, {}, notify.service.service.routers)
    headers, transport = {"Authorization": f"Bearer {API_KEY}"}, httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://notify.test", headers=headers) as client:
        yield client


async def consented(notify: NotifyApp, web: httpx.AsyncClient, oa_id: str) -> httpx.URL:
    """Through Zalo's page and back: the address of our callback."""
    response = await web.get("/oauth/start", params={"oa_id": oa_id})
    assert response.status_code == 303
    form = {**dict(parse_qsl(urlsplit(response.headers["Location"]).query)), "oa_id": oa_id}
    async with httpx.AsyncClient() as browser:
        granted = await browser.post(f"{notify.url}/v4/oa/permission", data=form)
    return httpx.URL(granted.headers["Location"])


async def test_an_administrator_allows_us_and_words_that_waited_go(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    await notify.db["tokens"].delete_many({})
    to = notify.citizen()
    await notify.handle(notify.reply(to, "Dạ có ạ"))
    page = await web.get((await consented(notify, web, OA)).raw_path.decode())
    assert page.status_code == 200
    assert "đã cho phép" in page.text
    assert await notify.settled() == {"sent": 1}


async def test_a_link_works_once(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    back = (await consented(notify, web, OA)).raw_path.decode()
    assert (await web.get(back)).status_code == 200
    again = await web.get(back)
    assert again.status_code == 400
    assert "không hợp lệ" in again.text


@pytest.mark.parametrize("change", [{"state": "forged.0123"}, {"state": ""}, {"oa_id": OTHER_OA}])
async def test_a_callback_that_we_did_not_begin_changes_nothing(
    notify: NotifyApp, web: httpx.AsyncClient, change: dict[str, str]
) -> None:
    before = await notify.db["tokens"].find().to_list(None)
    back = await consented(notify, web, OA)
    page = await web.get("/oauth/callback", params={**dict(back.params), **change})
    assert page.status_code == 400
    assert await notify.db["tokens"].find().to_list(None) == before


async def test_a_code_that_is_not_ours_is_refused_kindly(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    back = await consented(notify, web, OA)
    page = await web.get("/oauth/callback", params={**dict(back.params), "code": "made-up"})
    assert page.status_code == 400
    assert "Vui lòng bắt đầu lại" in page.text


async def test_the_verifier_does_not_lie_open(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    await web.get("/oauth/start", params={"oa_id": OA})
    pending = await notify.db["oauth"].find_one({})
    assert pending is not None
    assert len(pending["verifier"]) > 80, "sealed: longer than its 43 characters"


async def test_the_ledger_adds_up(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    assert (await _invariant(web))["holds"] is True
    to = notify.citizen()
    await notify.handle(notify.reply(to, "một", "hai"), notify.reply(notify.citizen(), "ba"))
    await notify.settled()
    invariant = await _invariant(web)
    assert (invariant["holds"], invariant["accepted"], invariant["delivered"], invariant["in_flight"]) == (
        True,
        3,
        3,
        0,
    )


async def test_a_lost_part_breaks_the_invariant(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    await notify.handle(notify.reply(notify.citizen(), "một", "hai"))
    await notify.settled()
    await notify.db["deliveries"].delete_one({"n": 1})
    invariant = await _invariant(web)
    assert (invariant["holds"], invariant["incomplete"], invariant["accepted"]) == (False, 1, 2)


async def test_deliveries_are_listed_by_their_event(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    reply = notify.reply(notify.citizen(), "một", "hai")
    assert isinstance(reply, ReplyChosen)
    await notify.handle(reply)
    await notify.settled()
    deliveries = (await web.get(f"/api/deliveries/{reply.id}")).json()
    assert [
        (delivery["part"], delivery["of"], delivery["status"], delivery["attempts"]) for delivery in deliveries
    ] == [
        (1, 2, "sent", 1),
        (2, 2, "sent", 1),
    ]
    (alone,) = (await web.get(f"/api/deliveries/{deliveries[1]['id']}")).json()
    assert alone == deliveries[1]
    assert "một" not in str(deliveries)


@pytest.mark.parametrize("name", ["5f2b7c1e-0000-4000-8000-000000000000", "x", "..%2f..", "0" * 33])
async def test_what_is_not_in_the_ledger_is_not_found(web: httpx.AsyncClient, name: str) -> None:
    assert (await web.get(f"/api/deliveries/{name}")).status_code == 404


async def test_authorisations_show_states_and_no_token(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    authorisations = (await web.get("/api/authorisations")).json()
    assert {(authorisation["oa_id"], authorisation["state"]) for authorisation in authorisations} == {
        (OA, "ok"),
        (OTHER_OA, "ok"),
    }
    assert notify.platform.tokens.grants[OA].access_token not in str(authorisations)


async def _invariant(web: httpx.AsyncClient) -> dict[str, Any]:
    answer = await web.get("/api/ledger/invariant")
    return dict(answer.json())


async def test_a_key_of_one_oa_sees_that_oa_alone(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    await notify.authorise(OA, OTHER_OA)
    event = notify.reply(notify.citizen(), "xin chào")
    await notify.handle(event)
    allow(notify.secrets, API_KEY, *Scope, oa_ids=frozenset({OTHER_OA}))
    states = (await web.get("/api/authorisations")).json()
    assert [state["oa_id"] for state in states] == [OTHER_OA]
    assert (await web.get(f"/api/deliveries/{event.id}")).status_code == 404
    assert (await web.get("/api/ledger/invariant")).status_code == 403
    allow(notify.secrets, API_KEY, *Scope, oa_ids=frozenset({OA}))
    assert (await web.get(f"/api/deliveries/{event.id}")).status_code == 200


async def test_whose_message_is_looked_up_is_on_record_before_it_is_answered(
    notify: NotifyApp, web: httpx.AsyncClient
) -> None:
    reply = notify.reply(notify.citizen(), "xin chào")
    await notify.handle(reply)
    assert (await web.get(f"/api/deliveries/{reply.id}")).status_code == 200
    (record,) = notify.log.events("audit.events")
    assert isinstance(record, AuditRecorded)
    assert (record.action, record.conversation, record.oa_id) == ("delivery.read", reply.conversation, OA)
