"""Whatever comes: properties over made-up bodies, and a long run of broken ones through the route."""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.decide import Outcome, decide
from services.gateway.zalo.catalogue import CATALOGUE
from tests.services.gateway import payloads
from tests.services.gateway.gateway_parts import (
    EVENT_FACTORY,
    GatewayParts,
    gateway_parts,
    mac,
    raw,
    registry_cache,
    signed,
)
from tests.services.gateway.payloads import APP, NOW, STAMP, Json

REGISTRY = registry_cache()

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
members = (
    "event_name", "app_id", "sender", "recipient", "message", "timestamp", "oa_id", "follower", "user_id", "info",
    "source", "data",
)  # fmt: skip


def proven(body: Any) -> tuple[bytes, bytes]:
    """Signed, whatever it is: the worst that a secret's holder can send."""
    payload = orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS) if not isinstance(body, bytes) else body
    stamp = body.get("timestamp", "") if isinstance(body, dict) else ""
    return payload, mac(payload, APP, stamp if isinstance(stamp, str) else str(stamp))


@given(st.sampled_from(sorted(CATALOGUE)), st.dictionaries(st.sampled_from(members[2:]), anything, max_size=5))
def test_a_known_event_with_any_members_is_accepted_or_kept_with_a_reason(name: str, odd: dict[str, Any]) -> None:
    body = {**payloads.BODIES[name], **odd, "timestamp": STAMP}
    try:
        payload = raw(body)
    except TypeError:  # Beyond 64 bits: orjson does not write it, so neither does this test.
        return
    verdict = decide(payload, mac(payload, APP, STAMP), REGISTRY, NOW)
    assert verdict.outcome in {Outcome.ACCEPTED, Outcome.KEPT, Outcome.UNKNOWN_OA, Outcome.SAMPLE}
    if verdict.parsed is not None:
        event = EVENT_FACTORY.build(verdict.parsed, payload)
        assert type(event).model_validate_json(event.model_dump_json()) == event


@given(st.binary(max_size=200))
def test_any_bytes_get_an_outcome(body: bytes) -> None:
    assert isinstance(decide(body, b"mac=00", REGISTRY, NOW).outcome, Outcome)


@given(st.sampled_from(sorted(CATALOGUE)), st.randoms(use_true_random=False))
def test_permuted_members_are_the_same_event(name: str, dice: random.Random) -> None:
    mixed = permuted(payloads.BODIES[name], dice)
    ids = set()
    for body in (payloads.BODIES[name], mixed):
        verdict = decide(*signed(body), REGISTRY, NOW)
        assert verdict.parsed is not None
        ids.add(EVENT_FACTORY.event_id(verdict.parsed))
    assert len(ids) == 1


@given(
    st.sampled_from(sorted(CATALOGUE)),
    st.dictionaries(st.text(min_size=1, max_size=9).map("x_{}".format), anything, max_size=3),
)
def test_members_that_nobody_knows_change_nothing_that_is_understood(name: str, more: dict[str, Any]) -> None:
    try:
        verdict = decide(*signed({**more, **payloads.BODIES[name]}), REGISTRY, NOW)
    except TypeError:
        return
    before = decide(*signed(payloads.BODIES[name]), REGISTRY, NOW)
    assert verdict.parsed is not None
    assert before.parsed is not None
    same = ("event_name", "shape", "oa_id", "person", "at_ms", "message", "receipt")
    assert all(getattr(verdict.parsed, field) == getattr(before.parsed, field) for field in same)


@pytest.fixture
def _quiet() -> Iterator[None]:
    """A line per batch is right for a service, and most of the time of this test."""
    usual = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    yield
    structlog.configure(wrapper_class=usual)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("bodies", [5_000, pytest.param(100_000, marks=pytest.mark.verify)])
async def test_many_broken_bodies_without_one_500_or_hang(bodies: int) -> None:
    dice = random.Random(20_261_122)
    examples = [raw(body) for body in payloads.BODIES.values()]
    seen: Counter[int] = Counter()
    slowest = 0.0
    async with gateway_parts() as gateway:
        for _ in range(bodies // 100):
            started = time.process_time()  # Our own time: a busy machine is no hang.
            seen.update(await asyncio.gather(*(broken_delivery(gateway, dice, examples) for _ in range(100))))
            slowest = max(slowest, time.process_time() - started)
    assert set(seen) == {200}, seen
    assert slowest < 2
    assert len(gateway.broker.sent) > bodies / 100  # Enough of them were good enough to be understood.


async def broken_delivery(gateway: GatewayParts, dice: random.Random, examples: list[bytes]) -> int:
    payload = _BREAKERS[dice.randrange(len(_BREAKERS))](dice.choice(examples), dice)
    if dice.random() < 0.5:
        return await gateway.post(payload, dice.choice((None, b"mac=00", bytes(dice.randbytes(20)))))
    return await gateway.post(payload, mac(payload, APP, STAMP))


def flipped(payload: bytes, dice: random.Random) -> bytes:
    spoiled = bytearray(payload)
    for _ in range(dice.randrange(1, 6)):
        spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
    return bytes(spoiled)


def cut(payload: bytes, dice: random.Random) -> bytes:
    return payload[: dice.randrange(len(payload))]


def spliced(payload: bytes, dice: random.Random) -> bytes:
    at, to = sorted((dice.randrange(len(payload)), dice.randrange(len(payload))))
    return payload[:to] + payload[at:]


def swapped(payload: bytes, dice: random.Random) -> bytes:
    """Valid JSON with a member of the wrong kind."""
    body: Json = orjson.loads(payload)
    body[dice.choice(members[2:])] = dice.choice(_ODD)
    return raw(body)


def deepened(payload: bytes, dice: random.Random) -> bytes:
    deep = dice.randrange(1, 3_000)
    return payload[:-1] + b',"d":' + b"[" * deep + b"]" * deep + b"}"


def renamed(payload: bytes, dice: random.Random) -> bytes:
    return raw(
        orjson.loads(payload) | {"event_name": dice.choice(["", "user_send_", "user_send_smell", None, 7, "x" * 999])}
    )


def noise(_: bytes, dice: random.Random) -> bytes:
    return dice.randbytes(dice.randrange(300))


def permuted(body: Json, dice: random.Random) -> Json:
    names = list(body)
    dice.shuffle(names)
    return {name: permuted(body[name], dice) if isinstance(body[name], dict) else body[name] for name in names}


_BREAKERS = (flipped, cut, spliced, swapped, deepened, renamed, noise)
_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, "", "x", "\u0000", "🙂" * 9, [], [[]], {}, {"id": None}, {"id": []}, {"id": 7}, {"msg_id": {}},
    {"attachments": {}}, {"attachments": [None]}, {"attachments": [{"type": 5, "payload": "x"}]}, {"text": ["a"]},
    {"msg_ids": {}}, {"msg_ids": ["a", 5, None]}, "9" * 400, 2**63,
)  # fmt: skip
