"""The table of Zalo's own addresses: path, handler, and its entry on the OpenAPI page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.calls import Call
from sandbox.errors import Family
from sandbox.people import Json
from sandbox.platform import Platform

Handler = Callable[[Platform, Call], Any]
Shape = Literal["json", "data", "query", "form", "file", "none"]
JSON_BYTES = 1_000_000
FILE_BYTES = 7_000_000  # Above the largest upload, so that its own limit can answer.


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`shape` says where the parameters are: a JSON body, JSON text in ?data=, plain query, form, or an upload."""

    method: str
    path: str
    handler: Handler
    summary: str
    shape: Shape = "json"
    family: Family = "oa"
    example: Json | None = None
    open: bool = False  # Needs no access token.
    raw: bool = False  # The handler's answer is the whole reply, without {data, error, message}.

    @property
    def max_bytes(self) -> int:
        return FILE_BYTES if self.shape == "file" else JSON_BYTES


Table = dict[tuple[str, str], Endpoint]


def table(endpoints: Iterable[Endpoint]) -> Table:
    """Raise ValueError when two handlers claim one address."""
    by_address: Table = {}
    for endpoint in endpoints:
        key = endpoint.method, endpoint.path
        if key in by_address:
            raise ValueError(f"{key} is claimed twice")
        by_address[key] = endpoint
    return by_address
