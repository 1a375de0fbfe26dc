"""A conversation's messages leave in order, or not at all, when it is not known whether they are still ours to send."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from chassis.errors import TransientError
from services.notify.decide import SendOutcome, Sent
from services.notify.delivery import Delivery, LanePriority
from services.notify.dispatch.admission import Admission
from services.notify.dispatch.circuit import CircuitBreakers
from services.notify.dispatch.claims import Claims
from services.notify.dispatch.dispatcher import Dispatcher
from services.notify.rate import Rates
from services.notify.store.ledger import Completed, DeliveryResult, Requeued
from tests.waiting import until

NOW_MS = 1_000_000


class MemoryLedger:
    """Renews claims, unless MongoDB is away or another process has them."""

    def __init__(self) -> None:
        self.unavailable = False
        self.lost: set[str] = set()

    async def renew(self, ids: Iterable[str], _: int) -> set[str]:
        if self.unavailable:
            raise TransientError("MongoDB is away, says the test")
        return self.lost & set(ids)


@dataclass
class Results:
    """What would be written to the ledger; nothing is, until the test says so."""

    put_back: list[str] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    all: list[DeliveryResult] = field(default_factory=list)

    def put(self, result: DeliveryResult) -> None:
        self.all.append(result)
        {Completed: self.completed, Requeued: self.put_back}[type(result)].append(result.delivery.id)


@dataclass
class Zalo:
    """Takes every message at once; `during` happens while it does."""

    sent: list[str] = field(default_factory=list)
    during: Callable[[Delivery], None] = lambda _: None

    async def send(self, delivery: Delivery) -> SendOutcome:
        self.sent.append(delivery.id)
        self.during(delivery)
        await asyncio.sleep(0)
        return Sent("")


@dataclass
class Scene:
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    results: Results = field(default_factory=Results)
    zalo: Zalo = field(default_factory=Zalo)
    now_ms: int = NOW_MS

    def __post_init__(self) -> None:
        results = cast("Any", self.results)
        self.claims = Claims(cast("Any", self.ledger), results, 100, 15_000, 8_000, 3_000, lambda: self.now_ms)
        self.dispatcher = Dispatcher(
            cast("Any", self.zalo),
            self.claims,
            results,
            admission=Admission(Rates(60_000, 60_000), CircuitBreakers(), lambda: self.now_ms),
            max_in_flight=4,
            max_in_flight_per_oa=4,
            now_ms=lambda: self.now_ms,
        )

    async def idle(self) -> None:
        await until(lambda: not self.dispatcher._calls)


def deliveries(conversation: str, orders: Sequence[int], due_ms: int) -> list[Delivery]:
    reply = LanePriority.REPLY
    return [
        Delivery(f"{conversation}{order}", "e", 0, 1, conversation, "oa", reply, order, "", "", 0, 0, due_ms)
        for order in orders
    ]


def claimed(conversation: str, *orders: int) -> list[Delivery]:
    return deliveries(conversation, orders, NOW_MS + 15_000)


def fading(conversation: str, *orders: int) -> list[Delivery]:
    """Claims that must be renewed before a call."""
    return deliveries(conversation, orders, NOW_MS + 5_000)


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_nothing_of_a_conversation_is_sent_while_the_claim_on_its_first_message_is_unknown(scene: Scene) -> None:
    scene.ledger.unavailable = True
    scene.dispatcher.submit([*fading("a", 1), *claimed("a", 2, 3), *claimed("b", 1)])
    await scene.idle()
    assert scene.zalo.sent == ["b1"]
    assert scene.results.put_back == ["a1", "a2", "a3"]


async def test_nothing_of_a_conversation_is_sent_when_another_process_has_its_first_message(scene: Scene) -> None:
    scene.ledger.lost = {"a1"}
    scene.dispatcher.submit([*fading("a", 1), *claimed("a", 2, 3)])
    await scene.idle()
    assert scene.zalo.sent == []
    assert {"a2", "a3"} <= set(scene.results.put_back)


async def test_what_follows_a_message_that_was_lost_while_it_waited_is_not_sent(scene: Scene) -> None:
    scene.ledger.lost = {"a2"}

    def lose_the_second(delivery: Delivery) -> None:
        if delivery.id == "a1":
            scene.claims.discard("a2")

    scene.zalo.during = lose_the_second
    scene.dispatcher.submit(claimed("a", 1, 2, 3))
    await scene.idle()
    assert scene.zalo.sent == ["a1"]
    assert scene.results.put_back == ["a3"]


async def test_what_follows_a_message_that_was_lost_while_it_was_sent_is_not_sent(scene: Scene) -> None:
    scene.zalo.during = lambda delivery: cast("None", scene.claims.discard(delivery.id))
    scene.dispatcher.submit(claimed("a", 1, 2))
    await scene.idle()
    assert scene.zalo.sent == ["a1"]
    assert scene.results.put_back == ["a2"]


async def test_a_conversation_that_was_put_back_goes_on_in_order_once_it_is_claimed_again(scene: Scene) -> None:
    scene.ledger.unavailable = True
    scene.dispatcher.submit([*fading("a", 1), *claimed("a", 2)])
    await scene.idle()
    scene.claims.on_written(scene.results.all)
    scene.ledger.unavailable = False
    scene.dispatcher.submit(claimed("a", 1, 2), swept=True)
    await scene.idle()
    assert scene.zalo.sent == ["a1", "a2"]


async def test_what_is_on_its_way_back_to_the_ledger_is_not_told_as_ours(scene: Scene) -> None:
    """Its line's next message, which is there already, would be claimed and sent before it."""
    scene.ledger.unavailable = True
    scene.dispatcher.submit([*fading("a", 1), *claimed("a", 2)])
    await scene.idle()
    assert scene.claims.ids == set()
    assert set(scene.claims.claimed) == {"a1", "a2"}, "until the ledger has them"


async def test_a_message_that_was_claimed_anew_outlives_the_news_that_it_was_put_back(scene: Scene) -> None:
    (first,) = claimed("a", 1)
    scene.claims.add(first, swept=False)
    scene.claims.requeue([first], NOW_MS, "lost")
    (again,) = claimed("a", 1)
    scene.claims.add(again, swept=True)
    scene.claims.on_written(scene.results.all)
    assert scene.claims.holds(again)
    assert scene.claims.ids == {"a1"}
    assert not await scene.claims.may_send(first)
