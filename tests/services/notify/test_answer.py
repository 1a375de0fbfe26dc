"""What Zalo's bytes come to. HTTP 200 alone proves nothing."""

import pytest

from services.notify.zalo.answer import Allowance, Answer, Refused, Taken, Unknown, parse

RATES = {"X-RateLimit-Limit": "4000", "X-RateLimit-Remain": "3999"}


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (200, b'{"error":0,"data":{"message_id":"m"}}', Taken({"message_id": "m"})),
        (200, b'{"error":-216,"message":"Access token is invalid"}', Refused(-216)),
        (200, b'{"error":"-201"}', Refused(-201)),
        (401, b"", Refused(-216)),
        (429, b"<html>slow down</html>", Refused(-32)),
        (404, b"not json", Refused(404)),
        (502, b"<html>bad gateway</html>", Unknown()),
        (500, b'{"error":0}', Unknown()),
        (504, b"<html>gateway timeout</html>", Unknown(late=True)),
        (200, b"", Unknown()),
        (200, b"[]", Unknown()),
        (200, b'{"error":null}', Unknown()),
    ],
)
def test_an_answer_is_what_it_says(status: int, body: bytes, answer: Answer) -> None:
    assert parse(status, {}, body) == answer


def test_the_headers_carry_the_allowance() -> None:
    answer = parse(200, RATES, b'{"error":-32}')
    assert answer == Refused(-32, 0.0, Allowance(4_000, 3_999))


def test_retry_after_is_read_and_bounded() -> None:
    assert parse(429, {"Retry-After": "7"}, b"") == Refused(-32, 7.0)
    assert parse(429, {"Retry-After": "99999999"}, b"") == Refused(-32, 3_600.0)
    assert parse(429, {"Retry-After": "Mon, 02 Mar 2026 05:00:00 GMT"}, b"") == Refused(-32, 0.0)
