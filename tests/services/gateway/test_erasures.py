"""Erasures that are under way: they outlive the process that acknowledged them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from chassis.mongo import database
from contracts.gateway import CitizenWithdrew, GatewayForgot
from loa.testkit.servers import LiveMongo
from services.gateway.store.erasures import Erasures
from tests.doubles import make_event
from tests.services.gateway import payloads
from tests.services.gateway.gateway_parts import gateway_parts
from tests.waiting import until

TEXT = payloads.BODIES["user_send_text"]


async def test_an_erasure_is_kept_once_and_found_until_it_is_done(mongo: LiveMongo) -> None:
    async with database(mongo.url, f"gateway_{uuid4().hex[:8]}") as db:
        erasures, event = Erasures(db, 14), make_event(CitizenWithdrew, address="sealed")
        await erasures.prepare()
        for _ in range(2):
            await erasures.add(event)
        later = datetime.now(UTC) + timedelta(minutes=1)
        assert await erasures.due(datetime.now(UTC) - timedelta(minutes=1), (), 10) == [], "its own process is at it"
        assert await erasures.due(later, (), 10) == [event]
        assert await erasures.due(later, (str(event.id),), 10) == []
        await erasures.delete(event)
        assert await erasures.due(later, (), 10) == []
        await db.client.drop_database(db.name)


async def test_a_withdrawal_that_a_killed_process_had_acknowledged_is_carried_out_by_another() -> None:
    async with gateway_parts() as killed:
        await killed.send(payloads.BODIES["user_withdraw"])
        (withdrew,) = killed.erasures.added  # Before Zalo had its answer.
    async with gateway_parts() as gateway:
        await gateway.send(TEXT | {"message": {"text": {"odd": 1}, "msg_id": "m"}})
        gateway.erasures.left = [withdrew]
        gateway.eraser._wake.wake()
        await until(lambda: bool(gateway.erasures.done))
        assert not gateway.quarantine_store.documents
        assert [type(event) for event in gateway.broker.events()] == [GatewayForgot]
        assert not gateway.erasures.left


async def test_a_withdrawal_is_acknowledged_and_carried_out_while_mongodb_keeps_no_note_of_it() -> None:
    async with gateway_parts() as gateway:
        gateway.erasures.unavailable = True
        assert await gateway.send(payloads.BODIES["user_withdraw"]) == 200
        await until(lambda: len(gateway.broker.events()) == 2)
