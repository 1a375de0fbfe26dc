"""What an answer of OAuth proves about the refresh token."""

import pytest

from services.notify.zalo.oauth import UNNUMBERED, Denied, Grant, Pair, Spent, Unsettled, challenge, new_verifier, read


def test_a_pair_is_a_pair_and_shows_nothing_of_itself() -> None:
    grant = read(200, b'{"access_token":"a-made-up","refresh_token":"r-made-up","expires_in":"90000"}')
    assert isinstance(grant, Pair)
    assert grant.expires_in_s == 90_000
    assert "made-up" not in repr(grant)


@pytest.mark.parametrize(
    ("status", "body", "grant"),
    [
        (200, b'{"error":-14014,"error_name":"Invalid refresh token"}', Spent(-14014)),
        (200, b'{"error":-14020}', Spent(-14020)),
        (200, b'{"error":-14002}', Denied(-14002)),
        (200, b'{"error_name":"Invalid refresh token"}', Spent(UNNUMBERED)),
        (200, b'{"error":"invalid_grant","error_reason":"refresh_token is used"}', Spent(UNNUMBERED)),
        (200, b'{"error":"invalid_app","error_name":"Invalid app"}', Denied(UNNUMBERED)),
        (400, b'{"error_reason":"secret key"}', Denied(UNNUMBERED)),
        (200, b'{"error":-32}', Unsettled()),
        (200, b'{"access_token":"a"}', Unsettled()),
        (200, b'{"access_token":"a\\r\\nX: 1","refresh_token":"r"}', Unsettled()),
        (404, b"empty api", Unsettled()),
        (502, b"<html>", Unsettled()),
        (200, b"[]", Unsettled()),
    ],
)
def test_only_a_clear_no_proves_a_token_spent(status: int, body: bytes, grant: Grant) -> None:
    assert read(status, body) == grant


def test_pkce_is_as_rfc_7636_has_it() -> None:
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert len(new_verifier()) == 43
    assert new_verifier() != new_verifier()
