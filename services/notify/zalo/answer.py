"""The result of a call to Zalo. HTTP 200 means nothing there: only `error == 0` is success."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from contracts.text import read_number


@dataclass(frozen=True, slots=True)
class Allowance:
    """X-RateLimit-Limit and -Remain, of this minute and all our replicas. 0 and 0 where Zalo does not state them."""

    limit: int = 0
    remain: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """Zalo accepted the call. `data` is its answer."""

    data: Any = field(repr=False)
    allowance: Allowance = Allowance()


@dataclass(frozen=True, slots=True)
class Refused:
    """Zalo refused, so nothing happened. `code` is Zalo's; without one, the HTTP status."""

    code: int
    retry_after_s: float = 0.0
    allowance: Allowance = Allowance()


@dataclass(frozen=True, slots=True)
class Unreached:
    """The call never left: nothing happened."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The call left and no answer came: it may have happened, or may happen yet. `late`: time ran out, Zalo is slow."""

    late: bool = False


Answer = Taken | Refused | Unreached | Unknown

_TOKEN_DEAD, _RATE_LIMITED = -216, -32
_OK, _UNAUTHORISED, _TOO_MANY, _SERVER, _GATEWAY_TIMEOUT = 200, 401, 429, 500, 504


def parse(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    allowance = Allowance(_number(headers.get("X-RateLimit-Limit")), _number(headers.get("X-RateLimit-Remain")))
    retry_after = float(min(3_600, _number(headers.get("Retry-After"))))
    try:
        payload = orjson.loads(body)
        code = int(payload["error"])
    except (ValueError, TypeError, KeyError):  # A proxy's page, or nothing Zalo documents.
        return _by_status(status, retry_after, allowance)
    if code == 0 and status == _OK:
        return Taken(payload.get("data"), allowance)
    if code == 0:
        return _by_status(status, retry_after, allowance)
    return Refused(code, retry_after, allowance)


def _by_status(status: int, retry_after: float, allowance: Allowance) -> Answer:
    if status == _UNAUTHORISED:
        return Refused(_TOKEN_DEAD, retry_after, allowance)
    if status == _TOO_MANY:
        return Refused(_RATE_LIMITED, retry_after, allowance)
    if status >= _SERVER or status == _OK:
        return Unknown(
            status == _GATEWAY_TIMEOUT
        )  # Something in between failed, perhaps behind the point where it was taken.
    return Refused(status, retry_after, allowance)


def _number(text: str | None) -> int:
    return read_number(text or "") or 0
