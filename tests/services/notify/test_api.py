"""The API of notify."""

from typing import Any

import httpx
import pytest

from contracts.audit import AuditRecorded
from contracts.chatbot import ReplyChosen
from contracts.scopes import Scope
from tests.console import allow
from tests.services.notify.notify_app import API_KEY, OA, OTHER_OA, NotifyApp


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
