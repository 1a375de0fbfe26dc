"""POST /v4/oa/access_token: a code or a refresh token becomes a new pair."""

import hmac

from sandbox.calls import Call
from sandbox.endpoints import Endpoint
from sandbox.fast_router import EMPTY_API, NOT_FOUND, OtherReplyError
from sandbox.people import Json
from sandbox.platform import Platform
from sandbox.tokens import ACCESS_SECONDS, OAuthError


def access_token(platform: Platform, call: Call) -> Json:
    """{access_token, refresh_token, expires_in: "90000"}. Without the secret_key header: HTTP 404, as reported."""
    secret = call.header(b"secret_key")
    if not secret:
        raise OtherReplyError(NOT_FOUND, EMPTY_API)
    form = call.form()
    app_id = form.get("app_id", "")
    app_ids = {account.record.app_id for account in platform.network.accounts.values()}
    if app_id not in app_ids or not hmac.compare_digest(secret.encode(), platform.apps.secret.encode()):
        raise OAuthError(-14002, "Invalid app", "App id or secret key is invalid, or the app is inactive")
    if platform.apps.app(app_id).removed:
        raise OAuthError(-14002, "Invalid app", "App is inactive and the user is not its administrator")
    kind = form.get("grant_type")
    if kind == "authorization_code":
        grant = platform.tokens.exchange(form.get("code", ""), app_id, form.get("code_verifier", ""))
    elif kind == "refresh_token":
        grant = platform.tokens.refresh(form.get("refresh_token", ""), app_id)
    else:
        raise OAuthError(-14004, "Invalid grant type", "grant_type must be authorization_code or refresh_token")
    platform.save_tokens()
    return {
        "access_token": grant.access_token,
        "refresh_token": grant.refresh_token,
        "expires_in": str(ACCESS_SECONDS),
    }


EXAMPLE: Json = {"refresh_token": "…", "app_id": "1000000000000000001", "grant_type": "refresh_token"}
ENDPOINTS = (
    Endpoint(
        "POST", "/v4/oa/access_token", access_token, "Token by code or refresh token",
        "form", "oauth", EXAMPLE, open=True, raw=True,
    ),
)  # fmt: skip
