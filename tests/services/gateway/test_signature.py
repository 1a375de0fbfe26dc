"""X-ZEvent-Signature, held against answers that `sha256sum` gave, not this code."""

import json
import shutil
import subprocess

import pytest

from services.gateway.zalo.signature import mac, proven

# printf '%s' "<app><body><timestamp><secret>" | sha256sum
KNOWN = [
    (
        "1000000000000000001",
        '{"event_name":"follow","timestamp":"1790000000000"}',
        "1790000000000",
        "made-up-key-1",
        "62153d0625858c61f389bf5bba71a97f1988da2164a8392c1050afb6f1ff4780",
    ),
    (
        "1000000000000000001",
        '{"message":{"text":"L\\u00e0m c\\u0103n c\\u01b0\\u1edbc \\/ c\\u1ea7n g\\u00ec?"},"timestamp":1790000000000}',
        "1790000000000",
        "made-up-key-1",
        "105eed020e2c193b6e32fe1267e0e0ac44d705f4ab028be31e83acbdb606f4c9",
    ),
    (
        "22",
        '{"message":{"text":"Làm căn cước cần gì? 🙂"},"timestamp":"1790000000"}',
        "1790000000",
        "khoá-bí-mật",
        "fa662d507da8cdb724085b50511b842e964a3e2a4481a648de460e2cf607730d",
    ),
]


@pytest.mark.parametrize(("app_id", "body", "timestamp", "secret", "answer"), KNOWN)
def test_known_answers(app_id: str, body: str, timestamp: str, secret: str, answer: str) -> None:
    assert mac(app_id, body.encode(), timestamp, secret.encode()) == answer


@pytest.mark.parametrize(("app_id", "body", "timestamp", "secret", "answer"), KNOWN)
def test_openssl_agrees(app_id: str, body: str, timestamp: str, secret: str, answer: str) -> None:
    openssl = shutil.which("openssl")
    assert openssl, "install openssl: it is the second opinion of this test"
    payload = (app_id + body + timestamp + secret).encode()
    output = subprocess.run([openssl, "dgst", "-sha256", "-r"], input=payload, capture_output=True, check=True).stdout  # noqa: S603 — found above.
    assert output.split()[0].decode() == answer


@pytest.mark.parametrize("prefix", ["mac=", ""])
def test_with_or_without_its_prefix_in_either_case(prefix: str) -> None:
    app_id, body, timestamp, secret, answer = KNOWN[0]
    for header in (prefix + answer, prefix + answer.upper(), f" {prefix}{answer} "):
        assert proven(header.encode(), app_id, body.encode(), timestamp, [secret.encode()]) == 0


def test_either_of_two_live_secrets_is_good() -> None:
    app_id, body, timestamp, secret, answer = KNOWN[0]
    assert proven(f"mac={answer}".encode(), app_id, body.encode(), timestamp, [b"newer key", secret.encode()]) == 1


@pytest.mark.parametrize(
    "header", [None, b"", b"mac=", b"mac=00", b"mac=" + b"0" * 64, b"\xff\xfe", b"mac=" + b"z" * 5_000]
)
def test_anything_else_proves_nothing(header: bytes | None) -> None:
    app_id, body, timestamp, secret, _ = KNOWN[0]
    assert proven(header, app_id, body.encode(), timestamp, [secret.encode()]) is None


def test_one_changed_byte_proves_nothing() -> None:
    app_id, body, timestamp, secret, answer = KNOWN[0]
    header = f"mac={answer}".encode()
    assert proven(header, app_id, body.replace("follow", "Follow").encode(), timestamp, [secret.encode()]) is None
    assert proven(header, app_id, body.encode(), timestamp + "1", [secret.encode()]) is None
    assert proven(header, app_id, body.encode() + b" ", timestamp, [secret.encode()]) is None


def test_a_re_serialised_body_proves_nothing() -> None:
    """Escapes and order are part of what was signed."""
    app_id, body, timestamp, secret, answer = KNOWN[1]
    unescaped = json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":")).encode()
    assert unescaped != body.encode()
    assert proven(f"mac={answer}".encode(), app_id, unescaped, timestamp, [secret.encode()]) is None


def test_an_hmac_is_not_accepted() -> None:
    """Public clients that got the formula wrong are not a second formula."""
    import hmac  # noqa: PLC0415 — only to show what is refused.

    app_id, body, timestamp, secret, _ = KNOWN[0]
    wrong = hmac.new(secret.encode(), (app_id + body + timestamp).encode(), "sha256").hexdigest()
    assert proven(f"mac={wrong}".encode(), app_id, body.encode(), timestamp, [secret.encode()]) is None
