"""OAuth v4: a person consents, a code becomes a pair of tokens, and a pair becomes the next, once."""

import base64
import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.sandbox.builders import Reply
from tests.zalo import APP_ID, APP_SECRET, OA, SandboxHarness

BACK = "https://loa.test/callback?from=zalo"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


async def token(play: SandboxHarness, headers: dict[str, str] | None = None, **form: str) -> httpx.Response:
    fields = {"app_id": APP_ID, **form}
    sent_headers = {"secret_key": APP_SECRET} if headers is None else headers
    return await play.client.post("/v4/oa/access_token", data=fields, headers=sent_headers)


async def consent(play: SandboxHarness, **more: str) -> dict[str, list[str]]:
    form = {"app_id": APP_ID, "oa_id": OA, "redirect_uri": BACK, "state": "s-1", "code_challenge": CHALLENGE, **more}
    answer = await play.client.post("/v4/oa/permission", data=form)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["location"]).query)


async def exchange(play: SandboxHarness, code: str, verifier: str = VERIFIER) -> Reply:
    answer = await token(play, grant_type="authorization_code", code=code, code_verifier=verifier)
    return dict(answer.json())


async def test_the_consent_page_is_vietnamese_and_names_the_oas(play: SandboxHarness) -> None:
    page = await play.client.get("/v4/oa/permission", params={"app_id": APP_ID, "redirect_uri": BACK, "state": '"><b>'})
    assert "Đồng ý cấp quyền" in page.text
    assert "Công an Quận 12" in page.text
    assert '"><b>' not in page.text
    assert len(re.findall('type="radio"', page.text)) == 5


async def test_consent_leads_back_with_code_oa_and_state(play: SandboxHarness) -> None:
    query = await consent(play)
    assert query["oa_id"] == [OA]
    assert query["state"] == ["s-1"]
    assert query["from"] == ["zalo"]
    assert query["code"]


async def test_a_code_becomes_a_pair_once(play: SandboxHarness) -> None:
    code = (await consent(play))["code"][0]
    pair = await exchange(play, code)
    assert set(pair) == {"access_token", "refresh_token", "expires_in"}
    assert pair["expires_in"] == "90000"
    play.token = pair["access_token"]
    assert (await play.send())["error"] == 0
    assert (await exchange(play, code))["error"] == -14010


async def test_a_code_lives_ten_minutes(play: SandboxHarness) -> None:
    code = (await consent(play))["code"][0]
    await play.pass_time(601)
    assert (await exchange(play, code))["error"] == -14010


async def test_the_verifier_must_fit_where_a_challenge_was_given(play: SandboxHarness) -> None:
    refused = await exchange(play, (await consent(play))["code"][0], "w" * 43)
    assert (refused["error"], refused["error_name"]) == (-14003, "Invalid code verifier")
    assert set(refused) == {"error", "error_name", "error_reason", "error_description", "ref_doc"}
    assert "access_token" in await exchange(play, (await consent(play, code_challenge=""))["code"][0], "")


async def test_a_refresh_token_works_once_and_the_old_access_token_is_dead(play: SandboxHarness) -> None:
    old = play.token
    pair = (await token(play, grant_type="refresh_token", refresh_token=play.refresh)).json()
    assert (await play.send())["error"] == -216
    play.token = pair["access_token"]
    assert (await play.send())["error"] == 0
    spent = (await token(play, grant_type="refresh_token", refresh_token=play.refresh)).json()
    assert spent["error"] == -14014
    assert old != pair["access_token"]


async def test_an_access_token_lives_25_hours_and_a_refresh_token_three_months(play: SandboxHarness) -> None:
    await play.pass_time(90_001)
    reply = await play.send()
    assert (reply["error"], "expired" in reply["message"]) == (-216, True)
    await play.pass_time(90 * 86_400)
    assert (await token(play, grant_type="refresh_token", refresh_token=play.refresh)).json()["error"] == -14014


async def test_without_the_secret_there_is_no_such_api(play: SandboxHarness) -> None:
    answer = await token(play, {}, grant_type="refresh_token", refresh_token=play.refresh)
    assert (answer.status_code, answer.json()["message"]) == (404, "Empty api")


async def test_a_wrong_app_or_address_is_told_on_the_page(play: SandboxHarness) -> None:
    assert "-14002" in (await play.client.get("/v4/oa/permission", params={"app_id": "5", "redirect_uri": BACK})).text
    for address in ("", "javascript:alert(1)", "http://["):
        page = await play.client.get("/v4/oa/permission", params={"app_id": APP_ID, "redirect_uri": address})
        assert "-14003" in page.text


async def test_tokens_are_not_for_reading_back(play: SandboxHarness) -> None:
    pair = (await token(play, grant_type="refresh_token", refresh_token=play.refresh)).json()
    text = (await play.client.get("/sandbox/requests")).text
    assert "/v4/oa/access_token" in text
    for secret in (play.refresh, pair["access_token"], pair["refresh_token"], APP_SECRET):
        assert secret not in text
