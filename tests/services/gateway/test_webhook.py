"""The route itself: what each delivery is answered, and what then lies where."""

import asyncio
import time
from typing import Any

import pytest

from contracts.gateway import CitizenWithdrew, GatewayForgot, MessageReceived
from services.gateway.judge import Outcome
from services.gateway.rejects import Delivery
from tests.services.gateway import payloads
from tests.services.gateway.payloads import OA
from tests.services.gateway.rooms import call, raw, room, signed

TEXT = payloads.BODIES["user_send_text"]


async def test_a_signed_message_is_on_the_log_when_we_answer() -> None:
    async with room() as one:
        assert await one.tell(TEXT) == 200
        (said,) = one.broker.facts()
        assert isinstance(said, MessageReceived)
        assert one.broker.said[0].key.decode() == said.conversation


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
async def test_what_is_not_proven_is_answered_and_says_nothing(body: bytes, status: int) -> None:
    async with room() as one:
        assert await one.post(body) == status
        assert not one.broker.said


@pytest.mark.parametrize(
    ("method", "status"), [("GET", 200), ("HEAD", 200), ("PUT", 405), ("DELETE", 405), ("PATCH", 405)]
)
async def test_other_methods(method: str, status: int) -> None:
    async with room() as one:
        assert await one.post(b"", method=method) == status


async def test_a_body_in_pieces_is_put_together() -> None:
    told, signature = signed(TEXT)
    pieces = [told[at : at + 7] for at in range(0, len(told), 7)]
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    async with room() as one:
        end = {"type": "http.request", "body": b"", "more_body": False}
        assert await call(one.webhook, [*messages, end], [(b"x-zevent-signature", signature)]) == 200
        assert len(one.broker.said) == 1


async def test_a_body_that_never_ends_is_given_up() -> None:
    async with room(body_seconds=0.1) as one:
        assert await call(one.webhook, [{"type": "http.request", "body": b"{", "more_body": True}], []) == 408


async def test_who_hangs_up_gets_no_answer_and_does_no_harm() -> None:
    async with room() as one:
        messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": b"{", "more_body": True},
            {"type": "http.disconnect"},
        ]
        assert await call(one.webhook, messages, []) == 0


async def test_a_doubled_delivery_is_one_fact() -> None:
    async with room() as one:
        assert await asyncio.gather(*(one.tell(TEXT) for _ in range(5))) == [200] * 5
        assert await one.tell(TEXT) == 200
        assert len(one.broker.said) == 1


async def test_without_broker_and_database_nobody_is_told_200() -> None:
    async with room() as one:
        one.broker.away = one.spool.away = True
        assert await one.tell(TEXT) == 503
        one.broker.away = False
        one.way.direct = True
        assert await one.tell(TEXT) == 200


async def test_what_is_not_understood_is_kept_sealed_before_it_is_acknowledged() -> None:
    odd = TEXT | {"sender": {}}
    async with room() as one:
        assert await one.tell(odd) == 200
        (kept,) = one.rejects.documents
        assert (kept["why"], kept["reason"], kept["oa"]) == (Outcome.KEPT, "no_person", OA)
        assert "căn cước" not in str(kept)
        assert one.intake.rejects.open(kept) == Delivery(*signed(odd))
        one.rejects.away = True
        assert await one.tell(odd) == 503  # Not durable: Zalo must send it again.


async def test_a_bad_signature_for_an_oa_of_ours_is_put_aside_for_the_day_the_key_is_corrected() -> None:
    told, signature = signed(TEXT, b"the key after a reset")
    async with room() as one:
        assert await one.post(told, signature) == 200
        await asyncio.sleep(0.01)
        (kept,) = one.rejects.documents
        assert kept["why"] == Outcome.BAD_SIGNATURE
        assert one.intake.rejects.open(kept) == Delivery(told, signature)


async def test_garbage_from_strangers_is_counted_and_not_kept() -> None:
    async with room() as one:
        for body in (b"{", raw({"a": 1}), raw(TEXT | {"app_id": "999"})):
            assert await one.post(body, b"mac=00") == 200
        await asyncio.sleep(0.01)
        assert not one.rejects.documents


async def test_a_person_who_withdraws_leaves_nothing_here_and_a_fact_says_so() -> None:
    async with room() as one:
        await one.tell(TEXT | {"message": {"text": {"odd": 1}, "msg_id": "m"}})
        assert one.rejects.documents
        one.broker.away = True
        await one.tell(TEXT)
        assert len(one.spool.kept) == 1
        assert await one.tell(payloads.BODIES["user_withdraw"]) == 200
        await asyncio.sleep(0.05)
        assert not one.rejects.documents
        left = [entry.word.headers["ce_type"].decode() for entry in one.spool.kept]
        assert left == ["citizen.withdrew.v1", "gateway.forgot.v1"]


async def test_the_withdrawal_itself_is_heard_by_every_house() -> None:
    async with room() as one:
        await one.tell(payloads.BODIES["user_withdraw"])
        await asyncio.sleep(0.01)
        withdrew, forgot = one.broker.facts()
        assert isinstance(withdrew, CitizenWithdrew)
        assert isinstance(forgot, GatewayForgot)
        assert forgot.caused_by == withdrew.id
        assert (withdrew.topic, forgot.topic) == ("gateway.messages", "gateway.receipts")


async def test_a_bug_of_ours_is_no_500_and_no_false_200(monkeypatch: pytest.MonkeyPatch) -> None:
    async with room() as one:
        monkeypatch.setattr("services.gateway.intake.judge", _broken)
        assert await one.tell(TEXT) == 503


async def test_a_hundred_citizens_at_once_do_not_wait_for_a_hundred_round_trips() -> None:
    async with room() as one:
        one.broker.slow = 0.02
        bodies = [TEXT | {"message": {"text": "a", "msg_id": f"m{n}"}} for n in range(100)]
        started = time.perf_counter()
        assert set(await asyncio.gather(*(one.tell(body) for body in bodies))) == {200}
        assert one.broker.calls <= 3
        assert time.perf_counter() - started < 0.5


def _broken(*_: object) -> None:
    raise KeyError("căn cước")
