"""How an OA authorises us: by a link of one use, and only for the OA that the link is for."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from prometheus_client import REGISTRY

from contracts.audit import AuditRecorded
from contracts.scopes import Scope
from services.notify.consent import refusal
from services.notify.zalo.answer import Answer, Refused, Taken, Unknown, Unreached
from tests.console import allow
from tests.services.notify.notify_app import API_KEY, OA, OTHER_OA, NotifyApp


async def link_for(web: httpx.AsyncClient, oa_id: str = OA) -> str:
    answer = await web.post(f"/api/authorisations/{oa_id}/link")
    assert answer.status_code == 201
    return str(answer.json()["url"])


def at_notify(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


async def consented(notify: NotifyApp, web: httpx.AsyncClient, link: str, chosen: str = OA) -> dict[str, str]:
    """Through Zalo's page, where the administrator chooses an OA, and back: the query of our callback."""
    response = await web.post(at_notify(link))
    assert response.status_code == 303
    form = {**dict(parse_qsl(urlsplit(response.headers["Location"]).query)), "oa_id": chosen}
    async with httpx.AsyncClient() as browser:
        granted = await browser.post(f"{notify.url}/v4/oa/permission", data=form)
    return dict(httpx.URL(granted.headers["Location"]).params)


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("loa_zalo_authorisations_total", {"outcome": outcome}) or 0


def recorded(notify: NotifyApp) -> Sequence[tuple[str, str, str]]:
    """What the audit trail has of authorisations: (action, OA, who made the link)."""
    records = [event for event in notify.log.events("audit.events") if isinstance(event, AuditRecorded)]
    return [(record.action, record.oa_id, record.actor_id) for record in records]


async def test_an_administrator_allows_us_and_words_that_waited_go(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    await notify.db["tokens"].delete_many({})
    to, before = notify.citizen(), counted("granted")
    await notify.handle(notify.reply(to, "Dạ có ạ"))
    link = await link_for(web)
    assert "Tiếp tục đến Zalo" in (await web.get(at_notify(link))).text
    page = await web.get("/oauth/callback", params=await consented(notify, web, link))
    assert page.status_code == 200
    assert "đã cho phép" in page.text
    assert await notify.settled() == {"sent": 1}
    assert [action for action, *_ in recorded(notify)] == ["authorisation.invite", "authorisation.grant"]
    assert counted("granted") - before == 1


async def test_the_code_of_another_oa_takes_over_nothing(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    """The administrator of another OA consents for theirs, and claims that it was the link's."""
    held, before = await notify.db["tokens"].find().to_list(None), counted("foreign")
    back = await consented(notify, web, await link_for(web), chosen=OTHER_OA)
    page = await web.get("/oauth/callback", params={**back, "oa_id": OA})
    assert page.status_code == 400
    assert "một Official Account khác" in page.text
    assert await notify.db["tokens"].find().to_list(None) == held
    assert counted("foreign") - before == 1


async def test_an_oa_that_no_link_was_made_for_cannot_begin(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    held = await notify.db["tokens"].find().to_list(None)
    assert (await web.post("/oauth/start", params={"oa_id": OTHER_OA})).status_code == 422
    assert (await web.post("/oauth/start", params={"link": "a-link-that-nobody-made"})).status_code == 400
    back = await consented(notify, web, await link_for(web), chosen=OTHER_OA)
    assert (await web.get("/oauth/callback", params=back)).status_code == 400, "Zalo says whose code it is"
    assert await notify.db["tokens"].find().to_list(None) == held


async def test_a_link_works_once_and_a_look_at_it_uses_nothing_up(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    link = at_notify(await link_for(web))
    for _ in range(3):
        assert (await web.get(link)).status_code == 200
    assert (await web.post(link)).status_code == 303
    again = await web.post(link)
    assert again.status_code == 400
    assert "liên kết mới" in again.text
    assert await notify.count("oauth") == 1


async def test_a_link_ends_after_a_day(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    link = at_notify(await link_for(web))
    stored = await notify.db["oauth_links"].find_one({})
    assert stored is not None
    assert timedelta(hours=23) < stored["exp"] - datetime.now(UTC) <= timedelta(days=1)
    await notify.db["oauth_links"].update_many({}, {"$set": {"exp": datetime.now(UTC) - timedelta(seconds=1)}})
    assert (await web.post(link)).status_code == 400


async def test_neither_link_nor_verifier_lies_open(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    link, used = await link_for(web), await link_for(web)
    await web.post(at_notify(used))
    secret = dict(parse_qsl(urlsplit(link).query))["link"]
    assert secret not in str(await notify.db["oauth_links"].find().to_list(None))
    pending = await notify.db["oauth"].find_one({})
    assert pending is not None
    assert len(pending["verifier"]) > 80, "sealed: longer than its 43 characters"


async def test_a_callback_works_once(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    back = await consented(notify, web, await link_for(web))
    assert (await web.get("/oauth/callback", params=back)).status_code == 200
    again = await web.get("/oauth/callback", params=back)
    assert again.status_code == 400
    assert "không hợp lệ" in again.text


@pytest.mark.parametrize("change", [{"state": "forged.0123"}, {"state": ""}, {"oa_id": OTHER_OA}])
async def test_a_callback_that_we_did_not_begin_changes_nothing(
    notify: NotifyApp, web: httpx.AsyncClient, change: dict[str, str]
) -> None:
    before = await notify.db["tokens"].find().to_list(None)
    back = await consented(notify, web, await link_for(web))
    page = await web.get("/oauth/callback", params={**back, **change})
    assert page.status_code == 400
    assert await notify.db["tokens"].find().to_list(None) == before


async def test_a_code_that_is_not_ours_is_refused_kindly(notify: NotifyApp, web: httpx.AsyncClient) -> None:
    back = await consented(notify, web, await link_for(web))
    page = await web.get("/oauth/callback", params={**back, "code": "made-up"})
    assert page.status_code == 400
    assert "xin đơn vị vận hành một liên kết mới" in page.text


async def test_replacing_a_living_authorisation_is_counted_and_on_record(
    notify: NotifyApp, web: httpx.AsyncClient
) -> None:
    before = counted("replaced")
    for _ in range(2):
        back = await consented(notify, web, await link_for(web))
        assert (await web.get("/oauth/callback", params=back)).status_code == 200
    assert counted("replaced") - before == 2, "the first one replaced what the fixture had authorised"
    invited, replaced = recorded(notify)[:2]
    assert invited[0] == "authorisation.invite"
    assert replaced == ("authorisation.replace", OA, invited[2])


async def test_a_link_is_made_only_with_the_scope_and_for_one_s_own_oas(
    notify: NotifyApp, web: httpx.AsyncClient
) -> None:
    allow(notify.secrets, API_KEY, Scope.AUTHORISATIONS_READ)
    assert (await web.post(f"/api/authorisations/{OA}/link")).status_code == 403
    allow(notify.secrets, API_KEY, Scope.AUTHORISATIONS_WRITE, oa_ids=frozenset({OTHER_OA}))
    assert (await web.post(f"/api/authorisations/{OA}/link")).status_code == 403
    assert (await web.post(f"/api/authorisations/{OTHER_OA}/link")).status_code == 201


@pytest.mark.parametrize(
    ("owner", "status"),
    [
        (Taken({"oa_id": OTHER_OA}), 400),
        (Taken({"oa_id": ""}), 502),
        (Taken(None), 502),
        (Refused(-216), 400),
        (Unreached(), 502),
        (Unknown(), 502),
    ],
)
def test_a_token_is_taken_only_when_zalo_says_that_it_is_of_this_oa(owner: Answer, status: int) -> None:
    refused = refusal(owner, OA)
    assert refused is not None
    assert refused[0] == status


@pytest.mark.parametrize("oa_id", [OA, int(OA)])
def test_whose_token_it_is_may_be_a_number_or_its_digits(oa_id: object) -> None:
    assert refusal(Taken({"oa_id": oa_id}), OA) is None
