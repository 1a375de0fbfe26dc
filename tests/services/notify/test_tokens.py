"""Tokens: a refresh token is spent once, by one process, and the new pair is stored before it is used."""

import asyncio
import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from chassis.errors import TransientError
from chassis.outcomes import RunOutcome
from services.notify.store.tokens import TokenRow
from services.notify.tokens import NoToken, TokenProvider
from services.notify.zalo.oauth import Denied, Grant, Unsettled
from tests.services.notify.notify_app import OA, OTHER_OA, NotifyApp, notify_app, now_ms, until

REFRESH = "/v4/oa/access_token"


def provider_of(notify: NotifyApp, index: int = 0) -> TokenProvider:
    return notify.replicas[index].pipeline.tokens


async def test_a_token_that_has_ended_is_refreshed_before_it_is_used(notify: NotifyApp) -> None:
    await notify.db["tokens"].update_one({"_id": OA}, {"$set": {"exp": now_ms() - 1}})
    token = await provider_of(notify).access(OA)
    assert notify.platform.tokens.grants[OA].access_token == token.text
    assert (token.version, notify.calls(REFRESH)) == (2, 1)


async def test_a_hundred_who_ask_at_once_cause_one_refresh(notify: NotifyApp) -> None:
    provider = provider_of(notify)
    first = await provider.access(OA)
    tokens = await asyncio.gather(*(provider.renew(OA, first.version) for _ in range(100)))
    assert len({token.text for token in tokens}) == 1
    assert notify.calls(REFRESH) == 1


async def test_a_machine_whose_clock_is_set_ahead_takes_no_token_for_ended(
    notify: NotifyApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor a neighbour's lease on a refresh token, which would be spent twice: both are told in MongoDB's time."""
    provider, before = provider_of(notify), time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: before() + 30 * 3_600 * 10**9)
    await provider.access(OA)
    assert notify.calls(REFRESH) == 0


async def test_two_replicas_race_and_one_spends_the_token(mongo_url: str, tmp_path: Path) -> None:
    async with notify_app(mongo_url, tmp_path, replicas=2) as notify:
        provider_of(notify, 1)._worker_id = "other|0|0"
        await notify.authorise(OA)
        tokens = await asyncio.gather(*(provider_of(notify, index % 2).renew(OA, 1) for index in range(20)))
        assert {token.version for token in tokens} == {2}
        assert {token.text for token in tokens} == {notify.platform.tokens.grants[OA].access_token}
        assert notify.calls(REFRESH) == 1


async def test_the_other_replicas_new_pair_is_found_without_refreshing(mongo_url: str, tmp_path: Path) -> None:
    async with notify_app(mongo_url, tmp_path, replicas=2) as notify:
        await notify.authorise(OA)
        old = await provider_of(notify, 1).access(OA)
        await provider_of(notify, 0).renew(OA, old.version)
        assert (await provider_of(notify, 1).renew(OA, old.version)).version == 2
        assert notify.calls(REFRESH) == 1


async def test_the_pair_is_stored_before_anybody_gets_it_even_while_mongodb_is_down(notify: NotifyApp) -> None:
    provider = provider_of(notify)
    replace, tries = provider._store.replace, 0

    async def unavailable(row: TokenRow, access: str, refresh: str, expires_ms: int) -> bool:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise TransientError("away, says the test")
        return await replace(row, access, refresh, expires_ms)

    provider._store.replace = unavailable  # type: ignore[method-assign]  # MongoDB is away, says the test.
    token = await provider.renew(OA, 1)
    row = await provider._store.get(OA)
    assert row is not None
    assert (
        provider._keys.open(row.access, provider._store.place(OA, "access", row.version)).get_secret_value()
        == token.text
    )
    assert (tries, notify.calls(REFRESH)) == (3, 1)


async def test_who_asked_may_leave_and_the_pair_is_kept_all_the_same(notify: NotifyApp) -> None:
    provider = provider_of(notify)
    renewal = asyncio.ensure_future(provider.renew(OA, 1))
    await until(lambda: notify.calls(REFRESH) > 0)
    renewal.cancel()
    await provider.close()
    row = await provider._store.get(OA)
    assert row is not None
    assert row.version == 2


@pytest.mark.expects_errors("authorisation_lost")
async def test_a_token_proven_spent_needs_a_person_and_says_so(
    notify: NotifyApp, capsys: pytest.CaptureFixture[str]
) -> None:
    notify.platform.tokens.issue("1000000000000000001", OA)  # Our pair is dead: the answer with the new one was lost.
    with pytest.raises(NoToken) as fault:
        await provider_of(notify).renew(OA, 1)
    assert fault.value.why == "needs_person"
    row = await provider_of(notify)._store.get(OA)
    assert row is not None
    assert row.state == "needs_person"
    assert "loa oa authorise" in capsys.readouterr().out
    await notify.service.run_job("refresh_tokens")
    assert await provider_of(notify)._store.count(0) == {"ok": 1, "expiring": 0, "needs_person": 1}


async def test_a_dead_refresh_token_does_not_stop_an_access_token_that_still_lives(notify: NotifyApp) -> None:
    row = await provider_of(notify)._store.get(OA)
    assert row is not None
    await provider_of(notify)._store.give_up(row)
    assert (await provider_of(notify).access(OA)).version == 1


@pytest.mark.parametrize(("grant", "why"), [(Unsettled(), "token"), (Denied(-14002), "needs_person")])
@pytest.mark.expects_errors("refresh_denied")
async def test_what_proves_nothing_leaves_the_token_to_be_tried_again(
    notify: NotifyApp, grant: Grant, why: str
) -> None:
    provider = provider_of(notify)
    refresh = provider._oauth.refresh

    async def unclear(token: SecretStr) -> Grant:
        del token
        return grant

    provider._oauth.refresh = unclear  # type: ignore[method-assign]  # Zalo's answer, says the test.
    with pytest.raises(NoToken) as fault:
        await provider.renew(OA, 1)
    assert fault.value.why == why
    provider._oauth.refresh = refresh  # type: ignore[method-assign]
    assert (await provider.renew(OA, 1)).version == 2


async def test_a_refresh_that_died_half_way_is_taken_over(notify: NotifyApp) -> None:
    """Killed before Zalo was asked: the token was not spent, and the claim of the dead is free at once."""
    provider = provider_of(notify)
    row = await provider._store.get(OA)
    assert isinstance(row, TokenRow)
    dead_holder = f"{provider._worker_id.split('|')[0]}|4194304|1"
    assert await provider._store.lease(row, dead_holder, now_ms(), now_ms() + 60_000)
    assert (await asyncio.wait_for(provider.renew(OA, 1), 5)).version == 2


async def test_tokens_are_refreshed_ahead_of_their_end(notify: NotifyApp) -> None:
    await notify.db["tokens"].update_one({"_id": OA}, {"$set": {"exp": now_ms() + 4 * 3_600_000}})
    await notify.service.run_job("refresh_tokens")
    row = await provider_of(notify)._store.get(OA)
    assert row is not None
    assert row.version == 2


async def test_no_token_lies_open_in_the_database(notify: NotifyApp) -> None:
    await provider_of(notify).renew(OA, 1)
    grant = notify.platform.tokens.grants[OA]
    stored = str(await notify.db["tokens"].find().to_list(None))
    assert grant.access_token not in stored
    assert grant.refresh_token not in stored


@pytest.mark.expects_errors("item_parked")
async def test_a_refresh_token_whose_key_is_gone_is_parked_and_the_other_oas_are_refreshed(notify: NotifyApp) -> None:
    await notify.authorise(OA, OTHER_OA)
    await notify.db["tokens"].update_many({}, {"$set": {"exp": now_ms() + 4 * 3_600_000}})
    await notify.db["tokens"].update_one({"_id": OA}, {"$set": {"refresh": "t0.AAAA"}})
    done = await notify.service.run_job("refresh_tokens")
    assert done.outcome is RunOutcome.DONE
    row = await provider_of(notify)._store.get(OTHER_OA)
    assert row is not None
    assert row.expires_ms > now_ms() + 5 * 3_600_000
