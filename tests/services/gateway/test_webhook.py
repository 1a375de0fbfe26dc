"""The route itself: what each delivery is answered, and what then lies where."""

import asyncio
import time
from typing import Any

import pytest

from contracts.gateway import CitizenWithdrew, GatewayForgot, MessageReceived
from services.gateway.decide import Outcome
from services.gateway.quarantine import Delivery
from services.gateway.webhook import is_webhook
from tests.services.gateway import payloads
from tests.services.gateway.gateway_parts import call, gateway_parts, raw, signed
from tests.services.gateway.payloads import OA

TEXT = payloads.BODIES["user_send_text"]


async def test_a_signed_message_is_on_the_log_when_we_answer() -> None:
    async with gateway_parts() as gateway:
        assert await gateway.send(TEXT) == 200
        (event,) = gateway.broker.events()
        assert isinstance(event, MessageReceived)
        assert gateway.broker.sent[0].key.decode() == event.conversation


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{}", 200),
        (b"", 200),
        (b"[]", 200),
        (raw(TEXT), 200),
        (raw(TEXT)[:-7], 200),
        (b"x" * 2_000_000, 200),
        (b"x" * 5_000_000, 413),
    ],
)
async def test_what_is_not_proven_is_answered_and_publishes_nothing(body: bytes, status: int) -> None:
    async with gateway_parts() as gateway:
        assert await gateway.post(body) == status
        assert not gateway.broker.sent


@pytest.mark.parametrize(
    ("method", "status"), [("GET", 200), ("HEAD", 200), ("PUT", 405), ("DELETE", 405), ("PATCH", 405)]
)
async def test_other_methods(method: str, status: int) -> None:
    async with gateway_parts() as gateway:
        assert await gateway.post(b"", method=method) == status


async def test_a_body_in_pieces_is_put_together() -> None:
    payload, signature = signed(TEXT)
    pieces = [payload[at : at + 7] for at in range(0, len(payload), 7)]
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    async with gateway_parts() as gateway:
        end = {"type": "http.request", "body": b"", "more_body": False}
        assert await call(gateway.webhook, [*messages, end], [(b"x-zevent-signature", signature)]) == 200
        assert len(gateway.broker.sent) == 1


async def test_a_body_that_never_ends_is_given_up() -> None:
    async with gateway_parts(body_seconds=0.1) as gateway:
        assert await call(gateway.webhook, [{"type": "http.request", "body": b"{", "more_body": True}], []) == 408


async def test_who_hangs_up_gets_no_answer_and_does_no_harm() -> None:
    async with gateway_parts() as gateway:
        messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": b"{", "more_body": True},
            {"type": "http.disconnect"},
        ]
        assert await call(gateway.webhook, messages, []) == 0


async def test_a_doubled_delivery_is_one_event() -> None:
    async with gateway_parts() as gateway:
        assert await asyncio.gather(*(gateway.send(TEXT) for _ in range(5))) == [200] * 5
        assert await gateway.send(TEXT) == 200
        assert len(gateway.broker.sent) == 1


async def test_without_broker_and_database_nobody_is_answered_200() -> None:
    async with gateway_parts() as gateway:
        gateway.broker.unavailable = gateway.spool.unavailable = True
        assert await gateway.send(TEXT) == 503
        gateway.broker.unavailable = False
        gateway.publisher.direct = True
        assert await gateway.send(TEXT) == 200


async def test_what_is_not_understood_is_kept_sealed_before_it_is_acknowledged() -> None:
    odd = TEXT | {"sender": {}}
    async with gateway_parts() as gateway:
        assert await gateway.send(odd) == 200
        (document,) = gateway.quarantine_store.documents
        assert (document["why"], document["reason"], document["oa"]) == (Outcome.KEPT, "no_person", OA)
        assert "căn cước" not in str(document)
        assert gateway.ingest.quarantine.open(document) == Delivery(*signed(odd))
        gateway.quarantine_store.unavailable = True
        assert await gateway.send(odd) == 503  # Not durable: Zalo must send it again.


async def test_a_bad_signature_for_an_oa_of_ours_is_quarantined_for_the_day_the_key_is_corrected() -> None:
    payload, signature = signed(TEXT, b"the key after a reset")
    async with gateway_parts() as gateway:
        assert await gateway.post(payload, signature) == 200
        await asyncio.sleep(0.01)
        (document,) = gateway.quarantine_store.documents
        assert document["why"] == Outcome.BAD_SIGNATURE
        assert gateway.ingest.quarantine.open(document) == Delivery(payload, signature)


async def test_garbage_from_strangers_is_counted_and_not_kept() -> None:
    async with gateway_parts() as gateway:
        for body in (b"{", raw({"a": 1}), raw(TEXT | {"app_id": "999"})):
            assert await gateway.post(body, b"mac=00") == 200
        await asyncio.sleep(0.01)
        assert not gateway.quarantine_store.documents


async def test_a_person_who_withdraws_leaves_nothing_here_and_an_event_announces_it() -> None:
    async with gateway_parts() as gateway:
        await gateway.send(TEXT | {"message": {"text": {"odd": 1}, "msg_id": "m"}})
        assert gateway.quarantine_store.documents
        gateway.broker.unavailable = True
        await gateway.send(TEXT)
        assert len(gateway.spool.entries) == 1
        assert await gateway.send(payloads.BODIES["user_withdraw"]) == 200
        await asyncio.sleep(0.05)
        assert not gateway.quarantine_store.documents
        event_types = [entry.record.headers["ce_type"].decode() for entry in gateway.spool.entries]
        assert event_types == ["citizen.withdrew.v1", "reporter.withdrew.v1", "gateway.forgot.v1"]


async def test_a_withdrawal_that_another_replica_hears_again_leaves_what_the_citizen_wrote_since() -> None:
    async with gateway_parts() as gateway:
        gateway.broker.unavailable = True
        withdrew = payloads.BODIES["user_withdraw"]
        since = TEXT | {"timestamp": str(int(withdrew["timestamp"]) + 1_000)}
        await gateway.send(since)
        assert await gateway.send(withdrew) == 200
        await asyncio.sleep(0.05)
        event_types = [entry.record.headers["ce_type"].decode() for entry in gateway.spool.entries]
        assert event_types == [
            "message.received.v1",
            "citizen.withdrew.v1",
            "reporter.withdrew.v1",
            "gateway.forgot.v1",
        ]


async def test_the_withdrawal_itself_is_published_for_every_service() -> None:
    async with gateway_parts() as gateway:
        await gateway.send(payloads.BODIES["user_withdraw"])
        await asyncio.sleep(0.01)
        withdrew, to_tips, forgot = gateway.broker.events()
        assert isinstance(withdrew, CitizenWithdrew)
        assert isinstance(forgot, GatewayForgot)
        assert forgot.caused_by == withdrew.id
        topics = [event.topic for event in (withdrew, to_tips, forgot)]
        assert topics == ["gateway.messages", "gateway.tips", "gateway.receipts"]


@pytest.mark.expects_errors("intake_failed")
async def test_a_bug_of_ours_is_no_500_and_no_false_200(monkeypatch: pytest.MonkeyPatch) -> None:
    async with gateway_parts() as gateway:
        monkeypatch.setattr("services.gateway.ingest.decide", _broken)
        assert await gateway.send(TEXT) == 503


async def test_a_hundred_citizens_at_once_do_not_wait_for_a_hundred_round_trips() -> None:
    async with gateway_parts() as gateway:
        gateway.broker.slow = 0.02
        bodies = [TEXT | {"message": {"text": "a", "msg_id": f"m{n}"}} for n in range(100)]
        started = time.perf_counter()
        assert set(await asyncio.gather(*(gateway.send(body) for body in bodies))) == {200}
        assert gateway.broker.calls <= 3
        assert time.perf_counter() - started < 0.5


def _broken(*_: object) -> None:
    raise KeyError("căn cước")


@pytest.mark.parametrize("path", ["/webhooks/zalo", "/webhooks/zalo/", "//webhooks/zalo", "/Webhooks/Zalo"])
def test_an_address_typed_with_a_slash_or_a_capital_too_many_is_the_webhooks(path: str) -> None:
    assert is_webhook(path)


@pytest.mark.parametrize("path", ["/", "/webhooks", "/webhooks/zalo2", "/webhooks/zalo/x", "/api/webhooks/zalo"])
def test_any_other_address_is_not(path: str) -> None:
    assert not is_webhook(path)
