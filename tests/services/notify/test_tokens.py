"""Tokens: a refresh token is spent once, by one process, and the new pair is stored before it is used."""

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from chassis.blame import Transient
from services.notify.store.tokens import Row
from services.notify.tokens import Keeper, NoToken, now_ms
from services.notify.zalo.oauth import Denied, Grant, Unsettled
from tests.services.notify.inside import OA, Inside, inside, until

REFRESH = "/v4/oa/access_token"


def keeper_of(play: Inside, nth: int = 0) -> Keeper:
    return play.houses[nth].outbound.keeper


async def test_a_token_that_has_ended_is_refreshed_before_it_is_used(play: Inside) -> None:
    await play.db["tokens"].update_one({"_id": OA}, {"$set": {"exp": now_ms() - 1}})
    token = await keeper_of(play).access(OA)
    assert play.platform.tokens.grants[OA].access_token == token.text
    assert (token.version, play.calls(REFRESH)) == (2, 1)


async def test_a_hundred_who_ask_at_once_cause_one_refresh(play: Inside) -> None:
    keeper = keeper_of(play)
    first = await keeper.access(OA)
    tokens = await asyncio.gather(*(keeper.renew(OA, first.version) for _ in range(100)))
    assert len({token.text for token in tokens}) == 1
    assert play.calls(REFRESH) == 1


async def test_two_replicas_race_and_one_spends_the_token(mongo_url: str, tmp_path: Path) -> None:
    async with inside(mongo_url, tmp_path, houses=2) as play:
        keeper_of(play, 1)._owner = "other|0|0"
        await play.authorise(OA)
        tokens = await asyncio.gather(*(keeper_of(play, nth % 2).renew(OA, 1) for nth in range(20)))
        assert {token.version for token in tokens} == {2}
        assert {token.text for token in tokens} == {play.platform.tokens.grants[OA].access_token}
        assert play.calls(REFRESH) == 1


async def test_the_other_replicas_new_pair_is_found_without_refreshing(mongo_url: str, tmp_path: Path) -> None:
    async with inside(mongo_url, tmp_path, houses=2) as play:
        await play.authorise(OA)
        old = await keeper_of(play, 1).access(OA)
        await keeper_of(play, 0).renew(OA, old.version)
        assert (await keeper_of(play, 1).renew(OA, old.version)).version == 2
        assert play.calls(REFRESH) == 1


async def test_the_pair_is_stored_before_anybody_gets_it_even_while_mongodb_is_away(play: Inside) -> None:
    keeper = keeper_of(play)
    keep, tries = keeper._store.keep, 0

    async def away(row: Row, access: str, refresh: str, expires_ms: int) -> bool:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise Transient("away, says the test")
        return await keep(row, access, refresh, expires_ms)

    keeper._store.keep = away  # type: ignore[method-assign]  # MongoDB is away, says the test.
    token = await keeper.renew(OA, 1)
    row = await keeper._store.get(OA)
    assert row is not None
    assert keeper._vault.open_token(row.access, OA).get_secret_value() == token.text
    assert (tries, play.calls(REFRESH)) == (3, 1)


async def test_who_asked_may_leave_and_the_pair_is_kept_all_the_same(play: Inside) -> None:
    keeper = keeper_of(play)
    asking = asyncio.ensure_future(keeper.renew(OA, 1))
    await until(lambda: play.calls(REFRESH) > 0)
    asking.cancel()
    await keeper.close()
    row = await keeper._store.get(OA)
    assert row is not None
    assert row.version == 2


async def test_a_token_proven_spent_needs_a_person_and_says_so(
    play: Inside, capsys: pytest.CaptureFixture[str]
) -> None:
    play.platform.tokens.issue("1000000000000000001", OA)  # Our pair is dead: the answer with the new one was lost.
    with pytest.raises(NoToken) as fault:
        await keeper_of(play).renew(OA, 1)
    assert fault.value.why == "needs_person"
    row = await keeper_of(play)._store.get(OA)
    assert row is not None
    assert row.state == "needs_person"
    assert "/oauth/start" in capsys.readouterr().out
    await keeper_of(play).look()
    assert await keeper_of(play)._store.count(0) == {"ok": 1, "expiring": 0, "needs_person": 1}


async def test_a_dead_refresh_token_does_not_stop_an_access_token_that_still_lives(play: Inside) -> None:
    row = await keeper_of(play)._store.get(OA)
    assert row is not None
    await keeper_of(play)._store.give_up(row)
    assert (await keeper_of(play).access(OA)).version == 1


@pytest.mark.parametrize(("grant", "why"), [(Unsettled(), "token"), (Denied(-14002), "needs_person")])
async def test_what_proves_nothing_leaves_the_token_to_be_tried_again(play: Inside, grant: Grant, why: str) -> None:
    keeper = keeper_of(play)
    refresh = keeper._oauth.refresh

    async def unclear(token: SecretStr) -> Grant:
        del token
        return grant

    keeper._oauth.refresh = unclear  # type: ignore[method-assign]  # Zalo's answer, says the test.
    with pytest.raises(NoToken) as fault:
        await keeper.renew(OA, 1)
    assert fault.value.why == why
    keeper._oauth.refresh = refresh  # type: ignore[method-assign]
    assert (await keeper.renew(OA, 1)).version == 2


async def test_a_refresh_that_died_half_way_is_taken_over(play: Inside) -> None:
    """Killed before Zalo was asked: the token was not spent, and the claim of the dead is free at once."""
    keeper = keeper_of(play)
    row = await keeper._store.get(OA)
    assert isinstance(row, Row)
    dead = f"{keeper._owner.split('|')[0]}|4194304|1"
    assert await keeper._store.lease(row, dead, now_ms(), now_ms() + 60_000)
    assert (await asyncio.wait_for(keeper.renew(OA, 1), 5)).version == 2


async def test_tokens_are_refreshed_ahead_of_their_end(play: Inside) -> None:
    await play.db["tokens"].update_one({"_id": OA}, {"$set": {"exp": now_ms() + 4 * 3_600_000}})
    await keeper_of(play).look()
    row = await keeper_of(play)._store.get(OA)
    assert row is not None
    assert row.version == 2


async def test_no_token_lies_open_in_the_database(play: Inside) -> None:
    await keeper_of(play).renew(OA, 1)
    grant = play.platform.tokens.grants[OA]
    stored = str(await play.db["tokens"].find().to_list(None))
    assert grant.access_token not in stored
    assert grant.refresh_token not in stored
