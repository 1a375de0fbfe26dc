"""The outside of a body: JSON that may be odd, ids that may be numbers, times in every unit seen in the wild. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import orjson

from contracts.text import read_number
from services.gateway.zalo.catalogue import Path

Json = Mapping[str, Any]

_ID_LONGEST = 128
_OA_ID = re.compile(r"[0-9A-Za-z_-]{1,32}\Z")
_APP_ID = re.compile(rb'"app_id"\s*:\s*"?([0-9A-Za-z_-]{1,32})')
_TIMESTAMP = re.compile(rb'"timestamp"\s*:\s*"?([0-9]{1,32})')
_IDS = re.compile(rb'"(?:id|oa_id)"\s*:\s*"?([0-9A-Za-z_-]{1,32})')
_IDS_AT_MOST = 16
_MS_DIGITS = 13
_FEWEST_DIGITS = 10  # Seconds. Fewer digits are no time of this century.
_EARLIEST_MS, _LATEST_MS = 1_000_000_000_000, 9_999_999_999_999  # 2001 to 2286: exactly thirteen digits.
_AHEAD_MS = 86_400_000  # A body from further in the future than a day has a broken clock.


class UnreadableError(Exception):
    """Not a JSON object. `str` is the reason, from a closed set: `malformed`, `not_an_object`."""


def read(raw: bytes) -> Json:
    """The object that `raw` is. Raises UnreadableError, quoting nothing."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        body = _read_leniently(raw)
    if not isinstance(body, dict):
        raise UnreadableError("not_an_object")
    return body


def _read_leniently(raw: bytes) -> Any:
    """Half a letter or half an emoji, cut by whoever sent it, is replaced: the rest of the message is worth an answer."""
    try:
        lenient = json.loads(raw.decode("utf-8", "replace"), strict=False)
        return orjson.loads(json.dumps(lenient, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise UnreadableError("malformed") from None


def at(body: Json, path: Path) -> Any:
    """What stands at `path`, or None."""
    value: Any = body.get(path[0])
    for name in path[1:]:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def first(body: Json, paths: Sequence[Path]) -> tuple[str, Path] | None:
    """The first id that is there, and where it stood."""
    for path in paths:
        identifier = ident(at(body, path))
        if identifier is not None:
            return identifier, path
    return None


def ident(value: Any) -> str | None:
    """An id as text. Numbers keep their digits; everything else is no id."""
    if isinstance(value, str):
        text = value.strip()
    elif isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
    else:
        return None
    return text if 0 < len(text) <= _ID_LONGEST and text.isprintable() else None


def is_oa_id(text: str) -> bool:
    return _OA_ID.match(text) is not None


def digits(value: Any) -> str:
    """A timestamp as the signature wants it: the text as it stands, or a number's digits. Empty when there is none."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return ""


def moment_ms(value: Any, arrived_ms: int) -> int:
    """Epoch milliseconds by magnitude: seconds, truncated samples of 11 and 12 digits, micro- and nanoseconds all occur.

    What is no time of this century, or lies more than a day ahead of `arrived_ms`, counts as now.
    """
    text = digits(value).strip().partition(".")[0]
    number = read_number(text, 2 * _MS_DIGITS) if len(text) >= _FEWEST_DIGITS else None
    if number is None:
        return arrived_ms
    shift = _MS_DIGITS - len(text)
    number = number * 10**shift if shift >= 0 else number // 10**-shift
    return number if _EARLIEST_MS <= number <= min(_LATEST_MS, arrived_ms + _AHEAD_MS) else arrived_ms


def when(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1_000, UTC)


@dataclass(slots=True)  # Not frozen: made once per webhook, and freezing trebles what that costs.
class Envelope:
    """What the signature needs, before anything is believed."""

    body: Json = field(repr=False)
    message: Json = field(repr=False)
    app_id: str | None = field(repr=False)
    event_name: str | None = field(repr=False)
    timestamp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Marks:
    """What can be found in a body that is no JSON, for proving whose it is. `ids` are all that may be the OA's."""

    app_id: str | None = field(repr=False)
    timestamp: str = field(repr=False)
    ids: tuple[str, ...] = field(repr=False)


def find_marks(raw: bytes) -> Marks:
    app_id, timestamp = _APP_ID.search(raw), _TIMESTAMP.search(raw)
    ids = dict.fromkeys(found.decode() for found in islice(_IDS.findall(raw), _IDS_AT_MOST))
    return Marks(app_id[1].decode() if app_id else None, timestamp[1].decode() if timestamp else "", tuple(ids))


def open_envelope(raw: bytes) -> Envelope:
    """Raises UnreadableError."""
    body = read(raw)
    name, message = body.get("event_name"), body.get("message")
    return Envelope(
        body,
        message if isinstance(message, dict) else {},
        ident(body.get("app_id")),
        name if isinstance(name, str) else None,
        digits(body.get("timestamp")),
    )
