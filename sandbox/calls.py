"""One call to the fake Zalo: bytes in, checked members out. Hand-written checks, for this is the hot path."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson

from sandbox.accounts import Account
from sandbox.errors import Family, ZaloError
from sandbox.people import Json

MAX_ID = 64
T = TypeVar("T")


@dataclass(slots=True)
class Call:
    """Only what handlers look at. `oa` is set once the token has been recognised."""

    method: str
    path: str
    query: bytes
    body: bytes
    headers: dict[bytes, bytes]
    family: Family = "oa"
    oa: Account | None = None

    @property
    def account(self) -> Account:
        if self.oa is None:
            raise ZaloError(-216, family=self.family)
        return self.oa

    def json(self) -> Json:
        """The body as an object. Raise ZaloError -201 (ZNS: -122) for anything else."""
        try:
            value = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise self.bad("body") from None
        if not isinstance(value, dict):
            raise self.bad("body")
        return value

    def data(self) -> Json:
        """GET parameters: one JSON text in `data`. Without it, an empty object."""
        text = self.params().get("data", "")
        if not text:
            return {}
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise self.bad("data") from None
        if not isinstance(value, dict):
            raise self.bad("data")
        return value

    def params(self) -> dict[str, str]:
        return _pairs(self.query)

    def form(self) -> dict[str, str]:
        return _pairs(self.body)

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")

    def bad(self, member: str) -> ZaloError:
        if self.family == "zns":
            return ZaloError(-122, member, family="zns")
        return ZaloError(-201, member)


def _pairs(raw: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100))
    except ValueError:
        raise ZaloError(-201, "too many parameters") from None


def text_of(source: Json, name: str, limit: int, *, needed: bool = True) -> str:
    """A text member. -201 when missing or not text, -210 beyond the limit."""
    value = source.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or (needed and not value):
        raise ZaloError(-201, name)
    if len(value) > limit:
        raise ZaloError(-210, name)
    return value


def id_of(source: Json, name: str) -> str:
    """An id as text; a bare number is taken too, as the official samples have both."""
    value = source.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value or len(value) > MAX_ID:
        raise ZaloError(-201, name)
    return value


def choice_of(source: Json, name: str, choices: Container[str]) -> str:
    """Returns one of `choices`; -201 for anything else, hashable or not."""
    value = source.get(name)
    if not isinstance(value, str) or value not in choices:
        raise ZaloError(-201, name)
    return value


def object_of(source: Json, name: str) -> Json:
    value = source.get(name)
    if not isinstance(value, dict):
        raise ZaloError(-201, name)
    return value


def list_of(source: Json, name: str, most: int) -> list[Any]:
    value = source.get(name)
    if not isinstance(value, list):
        raise ZaloError(-201, name)
    if len(value) > most:
        raise ZaloError(-210, name)
    return value


def int_of(source: Json, name: str, default: int, low: int, high: int) -> int:
    """A whole number, as number or digits. -201 when it is neither, -210 outside low…high."""
    value = source.get(name, default)
    if isinstance(value, str) and value.isascii() and value.removeprefix("-").isdigit() and len(value) <= MAX_ID:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ZaloError(-201, name)
    if not low <= value <= high:
        raise ZaloError(-210, name)
    return value
