"""Whatever comes: properties over made-up bodies, and a long run of broken ones through the route."""

import asyncio
import logging
import os
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

from services.gateway.judge import Outcome, judge
from services.gateway.zalo.catalogue import CATALOGUE
from tests.services.gateway import payloads
from tests.services.gateway.payloads import APP, NOW, STAMP, Json
from tests.services.gateway.rooms import FACTS, Room, directory, mac, raw, room, signed

KNOWN = directory()
FUZZ_BODIES = int(os.environ.get("FUZZ_BODIES", "100000"))

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
    told = orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS) if not isinstance(body, bytes) else body
    stamp = body.get("timestamp", "") if isinstance(body, dict) else ""
    return told, mac(told, APP, stamp if isinstance(stamp, str) else str(stamp))


@given(st.sampled_from(sorted(CATALOGUE)), st.dictionaries(st.sampled_from(members[2:]), anything, max_size=5))
def test_a_known_event_with_any_members_is_accepted_or_kept_with_a_reason(name: str, odd: dict[str, Any]) -> None:
    body = {**payloads.BODIES[name], **odd, "timestamp": STAMP}
    try:
        told = raw(body)
    except TypeError:  # Beyond 64 bits: orjson does not write it, so neither does this test.
        return
    verdict = judge(told, mac(told, APP, STAMP), KNOWN, NOW)
    assert verdict.outcome in {Outcome.ACCEPTED, Outcome.KEPT, Outcome.UNKNOWN_OA, Outcome.SAMPLE}
    if verdict.parsed is not None:
        said = FACTS.fact(verdict.parsed, told)
        assert type(said).model_validate_json(said.model_dump_json()) == said


@given(st.binary(max_size=200))
def test_any_bytes_get_an_outcome(body: bytes) -> None:
    assert isinstance(judge(body, b"mac=00", KNOWN, NOW).outcome, Outcome)


@given(st.sampled_from(sorted(CATALOGUE)), st.randoms(use_true_random=False))
def test_permuted_members_are_the_same_fact(name: str, dice: random.Random) -> None:
    mixed = permuted(payloads.BODIES[name], dice)
    ids = set()
    for body in (payloads.BODIES[name], mixed):
        verdict = judge(*signed(body), KNOWN, NOW)
        assert verdict.parsed is not None
        ids.add(FACTS.event_id(verdict.parsed))
    assert len(ids) == 1


@given(
    st.sampled_from(sorted(CATALOGUE)),
    st.dictionaries(st.text(min_size=1, max_size=9).map("x_{}".format), anything, max_size=3),
)
def test_members_that_nobody_knows_change_nothing_that_is_understood(name: str, more: dict[str, Any]) -> None:
    try:
        verdict = judge(*signed({**more, **payloads.BODIES[name]}), KNOWN, NOW)
    except TypeError:
        return
    before = judge(*signed(payloads.BODIES[name]), KNOWN, NOW)
    assert verdict.parsed is not None
    assert before.parsed is not None
    same = ("event_name", "shape", "oa_id", "person", "at_ms", "spoken", "receipt")
    assert all(getattr(verdict.parsed, one) == getattr(before.parsed, one) for one in same)


@pytest.fixture
def _quiet() -> Iterator[None]:
    """A line per batch is right for a house, and most of the time of this test."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    yield
    structlog.reset_defaults()


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("_quiet")
async def test_a_hundred_thousand_broken_bodies_without_one_500_or_hang() -> None:
    dice = random.Random(20_261_122)
    examples = [raw(body) for body in payloads.BODIES.values()]
    seen: Counter[int] = Counter()
    slowest = 0.0
    async with room() as one:
        for _ in range(FUZZ_BODIES // 100):
            started = time.process_time()  # Our own time: a busy machine is no hang.
            seen.update(await asyncio.gather(*(broken_delivery(one, dice, examples) for _ in range(100))))
            slowest = max(slowest, time.process_time() - started)
    assert set(seen) == {200}, seen
    assert slowest < 2
    assert len(one.broker.said) > FUZZ_BODIES / 100  # Enough of them were good enough to be understood.


async def broken_delivery(one: Room, dice: random.Random, examples: list[bytes]) -> int:
    told = _BREAKERS[dice.randrange(len(_BREAKERS))](dice.choice(examples), dice)
    if dice.random() < 0.5:
        return await one.post(told, dice.choice((None, b"mac=00", bytes(dice.randbytes(20)))))
    return await one.post(told, mac(told, APP, STAMP))


def flipped(told: bytes, dice: random.Random) -> bytes:
    spoiled = bytearray(told)
    for _ in range(dice.randrange(1, 6)):
        spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
    return bytes(spoiled)


def cut(told: bytes, dice: random.Random) -> bytes:
    return told[: dice.randrange(len(told))]


def spliced(told: bytes, dice: random.Random) -> bytes:
    at, to = sorted((dice.randrange(len(told)), dice.randrange(len(told))))
    return told[:to] + told[at:]


def swapped(told: bytes, dice: random.Random) -> bytes:
    """Valid JSON with a member of the wrong kind."""
    body: Json = orjson.loads(told)
    body[dice.choice(members[2:])] = dice.choice(_ODD)
    return raw(body)


def deepened(told: bytes, dice: random.Random) -> bytes:
    deep = dice.randrange(1, 3_000)
    return told[:-1] + b',"d":' + b"[" * deep + b"]" * deep + b"}"


def renamed(told: bytes, dice: random.Random) -> bytes:
    return raw(
        orjson.loads(told) | {"event_name": dice.choice(["", "user_send_", "user_send_smell", None, 7, "x" * 999])}
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
