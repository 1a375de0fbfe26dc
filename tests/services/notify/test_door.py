"""The pages and the API of notify."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from chassis.door import door
from contracts.chatbot import ReplyChosen
from tests.services.notify.inside import OA, OTHER_OA, Inside


@pytest.fixture
async def web(play: Inside) -> AsyncIterator[httpx.AsyncClient]:
    app = door("notify", lambda: True, {}, play.house.routers)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://notify.test") as client:
        yield client


async def consented(play: Inside, web: httpx.AsyncClient, oa_id: str) -> httpx.URL:
    """Through Zalo's page and back: the address of our callback."""
    asked = await web.get("/oauth/start", params={"oa_id": oa_id})
    assert asked.status_code == 303
    form = {**dict(parse_qsl(urlsplit(asked.headers["Location"]).query)), "oa_id": oa_id}
    async with httpx.AsyncClient() as browser:
        granted = await browser.post(f"{play.url}/v4/oa/permission", data=form)
    return httpx.URL(granted.headers["Location"])


async def test_an_administrator_allows_us_and_words_that_waited_go(play: Inside, web: httpx.AsyncClient) -> None:
    await play.db["tokens"].delete_many({})
    to = play.citizen()
    await play.hear(play.reply(to, "Dạ có ạ"))
    page = await web.get((await consented(play, web, OA)).raw_path.decode())
    assert page.status_code == 200
    assert "đã cho phép" in page.text
    assert await play.settled() == {"sent": 1}


async def test_a_link_works_once(play: Inside, web: httpx.AsyncClient) -> None:
    back = (await consented(play, web, OA)).raw_path.decode()
    assert (await web.get(back)).status_code == 200
    again = await web.get(back)
    assert again.status_code == 400
    assert "không hợp lệ" in again.text


@pytest.mark.parametrize("change", [{"state": "forged.0123"}, {"state": ""}, {"oa_id": OTHER_OA}])
async def test_a_callback_that_we_did_not_begin_changes_nothing(
    play: Inside, web: httpx.AsyncClient, change: dict[str, str]
) -> None:
    before = await play.db["tokens"].find().to_list(None)
    back = await consented(play, web, OA)
    page = await web.get("/oauth/callback", params={**dict(back.params), **change})
    assert page.status_code == 400
    assert await play.db["tokens"].find().to_list(None) == before


async def test_a_code_that_is_not_ours_is_refused_kindly(play: Inside, web: httpx.AsyncClient) -> None:
    back = await consented(play, web, OA)
    page = await web.get("/oauth/callback", params={**dict(back.params), "code": "made-up"})
    assert page.status_code == 400
    assert "Vui lòng bắt đầu lại" in page.text


async def test_the_verifier_does_not_lie_open(play: Inside, web: httpx.AsyncClient) -> None:
    await web.get("/oauth/start", params={"oa_id": OA})
    pending = await play.db["oauth"].find_one({})
    assert pending is not None
    assert len(pending["verifier"]) > 80, "sealed: longer than its 43 characters"


async def test_the_ledger_adds_up(play: Inside, web: httpx.AsyncClient) -> None:
    assert (await _invariant(web))["holds"] is True
    to = play.citizen()
    await play.hear(play.reply(to, "một", "hai"), play.reply(play.citizen(), "ba"))
    await play.settled()
    told = await _invariant(web)
    assert (told["holds"], told["accepted"], told["delivered"], told["in_flight"]) == (True, 3, 3, 0)


async def test_a_lost_part_breaks_the_invariant(play: Inside, web: httpx.AsyncClient) -> None:
    await play.hear(play.reply(play.citizen(), "một", "hai"))
    await play.settled()
    await play.db["deliveries"].delete_one({"n": 1})
    told = await _invariant(web)
    assert (told["holds"], told["incomplete"], told["accepted"]) == (False, 1, 2)


async def test_a_delivery_is_told_by_the_fact_that_asked_for_it(play: Inside, web: httpx.AsyncClient) -> None:
    said = play.reply(play.citizen(), "một", "hai")
    assert isinstance(said, ReplyChosen)
    await play.hear(said)
    await play.settled()
    found = (await web.get(f"/api/deliveries/{said.id}")).json()
    assert [(one["part"], one["of"], one["status"], one["attempts"]) for one in found] == [
        (1, 2, "sent", 1),
        (2, 2, "sent", 1),
    ]
    (alone,) = (await web.get(f"/api/deliveries/{found[1]['id']}")).json()
    assert alone == found[1]
    assert "một" not in str(found)


@pytest.mark.parametrize("name", ["5f2b7c1e-0000-4000-8000-000000000000", "x", "..%2f..", "0" * 33])
async def test_what_is_not_in_the_ledger_is_not_found(web: httpx.AsyncClient, name: str) -> None:
    assert (await web.get(f"/api/deliveries/{name}")).status_code == 404


async def test_authorisations_tell_states_and_no_token(play: Inside, web: httpx.AsyncClient) -> None:
    told = (await web.get("/api/authorisations")).json()
    assert {(one["oa_id"], one["state"]) for one in told} == {(OA, "ok"), (OTHER_OA, "ok")}
    assert play.platform.tokens.grants[OA].access_token not in str(told)


async def _invariant(web: httpx.AsyncClient) -> dict[str, Any]:
    answer = await web.get("/api/ledger/invariant")
    return dict(answer.json())
