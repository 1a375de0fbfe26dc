"""OAuth v4: a code or a refresh token becomes a pair. A refresh token works once: what an answer proves matters."""

import base64
import hashlib
import re
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp
import orjson
from pydantic import SecretStr

from contracts.text import read_number
from services.notify.metrics import observe_call
from services.notify.zalo.answer import Answer, Refused, Taken, Unknown

_ANSWER_BYTES = 64 * 1024
SPENT = frozenset({-14014, -14020})  # Used up or invalid: no second try can help.
UNNUMBERED = 0  # A refusal in words alone.
_DEFAULT_SECONDS = 90_000
_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")
_OK, _RATE_LIMITED = 200, -32


@dataclass(frozen=True, slots=True)
class Pair:
    access: SecretStr = field(repr=False)
    refresh: SecretStr = field(repr=False)
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class Spent:
    """Zalo states that this code or refresh token is used up."""

    code: int


@dataclass(frozen=True, slots=True)
class Denied:
    """Zalo refuses us (wrong app or secret, …): the token itself may still be good."""

    code: int


@dataclass(frozen=True, slots=True)
class Unsettled:
    """No answer, or an unclear one: the token may be spent or not."""


Grant = Pair | Spent | Denied | Unsettled


def new_verifier() -> str:
    """43 characters, as RFC 7636 and Zalo want it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class OAuth:
    def __init__(self, session: aiohttp.ClientSession, base: str, app_id: str, secret: SecretStr) -> None:
        self._session, self._base, self._app_id, self._secret = session, base, app_id, secret

    def permission_url(self, redirect_uri: str, state: str, verifier: str) -> str:
        query = {
            "app_id": self._app_id,
            "redirect_uri": redirect_uri,
            "code_challenge": challenge(verifier),
            "state": state,
        }
        return f"{self._base}/v4/oa/permission?{urlencode(query)}"

    async def exchange(self, code: str, verifier: str) -> Grant:
        return await self._request({"grant_type": "authorization_code", "code": code, "code_verifier": verifier})

    async def refresh(self, token: SecretStr) -> Grant:
        return await self._request({"grant_type": "refresh_token", "refresh_token": token.get_secret_value()})

    async def _request(self, form: dict[str, str]) -> Grant:
        started = time.perf_counter()
        grant = await self._exchange({**form, "app_id": self._app_id})
        endpoint = "oauth_refresh" if "refresh_token" in form else "oauth_code"
        observe_call(endpoint, _as_answer(grant), time.perf_counter() - started)
        return grant

    async def _exchange(self, form: dict[str, str]) -> Grant:
        headers = {"secret_key": self._secret.get_secret_value()}
        url = f"{self._base}/v4/oa/access_token"
        try:
            async with self._session.post(url, data=form, headers=headers, allow_redirects=False) as response:
                return read(response.status, await response.content.read(_ANSWER_BYTES))
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Unsettled()


def _is_token(value: object) -> bool:
    """It travels in a header: nothing else may hide in it."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def _number(value: object) -> int | None:
    text = str(value)
    number = read_number(text.removeprefix("-"))
    return -number if number is not None and text.startswith("-") else number


def _words(payload: dict[str, object]) -> str:
    """What Zalo says of a refusal, in lower case."""
    said = " ".join(str(payload[name]) for name in ("error", "error_name", "error_reason") if payload.get(name))
    return said.lower().replace("_", " ")


def _as_answer(grant: Grant) -> Answer:
    match grant:
        case Pair():
            return Taken(None)
        case Unsettled():
            return Unknown()
        case _:
            return Refused(grant.code)


def read(status: int, body: bytes) -> Grant:
    """Pure. Zalo answers 200 with either a pair or an error, sometimes one without a number."""
    try:
        payload = orjson.loads(body)
    except ValueError:
        return Unsettled()
    if not isinstance(payload, dict):
        return Unsettled()
    code = _number(payload.get("error", 0))
    if code is None or (code == 0 and _words(payload) and "access_token" not in payload):
        return Spent(UNNUMBERED) if "refresh token" in _words(payload) else Denied(UNNUMBERED)
    if (
        code == 0
        and status == _OK
        and _is_token(payload.get("access_token"))
        and _is_token(payload.get("refresh_token"))
    ):
        lives = read_number(str(payload.get("expires_in", "")))
        lives = _DEFAULT_SECONDS if lives is None else lives
        return Pair(SecretStr(str(payload["access_token"])), SecretStr(str(payload["refresh_token"])), lives)
    if code in (0, _RATE_LIMITED):
        return Unsettled()
    return Spent(code) if code in SPENT else Denied(code)
