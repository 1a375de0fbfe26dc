"""An acting token proves one call of one officer, once, for a minute: anything else about it is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.acting_tokens import Call, RefusedTokenError, parse_signers, verify
from tests.console import Console

CONSOLE = Console()
SIGNERS = parse_signers(CONSOLE.signers)
CALL = Call("chatbot", "GET", "/api/queue?oa_id=1001", b"")
NOW = datetime.now(UTC)
SECONDS = int(NOW.timestamp())


def token(**changes: Any) -> str:
    moment: dict[str, Any] = {"iat": SECONDS, "exp": SECONDS + 60}
    return CONSOLE.token(CALL.service, CALL.method, CALL.target, **moment | changes)


def refusal(text: str, call: Call = CALL, now: datetime = NOW) -> str:
    with pytest.raises(RefusedTokenError) as refused:
        verify(text, SIGNERS, call, now)
    return refused.value.reason


def test_a_token_for_this_call_states_who_acts() -> None:
    claims = verify(token(), SIGNERS, CALL, NOW)
    assert (claims.sub, claims.roles, claims.oa_ids, claims.unit) == ("officer-1", ["officer"], ["1001"], "unit-1")


@pytest.mark.parametrize(
    "other",
    [
        Call("tips", "GET", CALL.target, b""),
        Call("chatbot", "POST", CALL.target, b""),
        Call("chatbot", "GET", "/api/queue?oa_id=2002", b""),
        Call("chatbot", "GET", "/api/queue", b""),
        Call("chatbot", "GET", CALL.target, b"{}"),
    ],
    ids=["service", "method", "query", "path alone", "body"],
)
def test_a_token_for_another_call_is_refused(other: Call) -> None:
    assert refusal(token(), other) == "binding"


def test_a_token_ends_after_its_minute() -> None:
    text = token(iat=SECONDS, exp=SECONDS + 60)
    assert verify(text, SIGNERS, CALL, NOW + timedelta(seconds=58))
    assert refusal(text, now=NOW + timedelta(seconds=61)) == "expired"


def test_a_token_that_wants_to_live_longer_is_refused() -> None:
    assert refusal(token(iat=SECONDS, exp=SECONDS + 61)) == "expired"


def test_a_token_from_the_future_is_refused() -> None:
    assert verify(token(iat=SECONDS + 4, exp=SECONDS + 60), SIGNERS, CALL, NOW)
    assert refusal(token(iat=SECONDS + 7, exp=SECONDS + 60)) == "expired"


def test_a_token_of_another_signer_is_refused() -> None:
    stranger = Console()
    assert refusal(stranger.token(CALL.service, CALL.method, CALL.target)) == "signature"
    assert refusal(Console(key_id="c2").token(CALL.service, CALL.method, CALL.target)) == "signature"


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "roles", "oa_ids", "iat", "exp", "jti", "htm", "htu", "bh"])
def test_every_claim_is_required(claim: str) -> None:
    assert refusal(token(**{claim: None})) == "malformed"


@pytest.mark.parametrize(
    "changes",
    [{"iss": "another"}, {"exp": str(SECONDS + 60)}, {"jti": "x" * 65}, {"sub": ""}, {"roles": ["r"] * 17}],
)
def test_a_claim_of_another_shape_is_refused(changes: dict[str, Any]) -> None:
    assert refusal(token(**changes)) == "malformed"


def test_another_algorithm_is_refused_whatever_the_header_says() -> None:
    header, payload, signature = token().split(".")
    none = "eyJhbGciOiJub25lIiwia2lkIjoiYzEifQ"  # {"alg":"none","kid":"c1"}
    assert refusal(f"{none}.{payload}.") == "malformed"
    assert refusal(f"{none}.{payload}.{signature}") == "malformed"
    assert refusal(f"{header}.{payload}.") == "signature"


@given(at=st.integers(min_value=0), letter=st.sampled_from("AaZz09-_."))
def test_no_letter_of_a_token_can_be_another(at: int, letter: str) -> None:
    text = token()
    at %= len(text)
    changed = text[:at] + letter + text[at + 1 :]
    if changed == text or at == len(text) - 1:  # The last letter holds four bits that no byte depends on.
        return
    refusal(changed)


@given(st.text(max_size=300))
def test_whatever_comes_is_refused_and_nothing_else_is_raised(text: str) -> None:
    refusal(text)


def test_a_token_of_any_length_is_refused_without_being_read() -> None:
    assert refusal("a" * 100_000 + ".b.c") == "malformed"


@pytest.mark.parametrize("text", ["c1", "c1:", "c1:AAAA", "c-1:" + "A" * 43 + "="])
def test_a_signer_that_is_none_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        parse_signers(f"# the console's keys\n{text}\n")
