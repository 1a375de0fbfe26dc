"""Every call that reached the fake Zalo, for assertions. Bounded; bodies are parsed only when they are read."""

from collections import deque
from dataclasses import dataclass, field
from itertools import islice

import orjson

from sandbox.calls import Call
from sandbox.people import Json

MAX_CALLS = 100_000


@dataclass(frozen=True, slots=True)
class LoggedCall:
    seq: int
    at_ms: int
    method: str
    path: str
    query: bytes
    body: bytes
    oa_id: str
    error: int
    status: int

    def to_json(self) -> Json:
        try:
            body = orjson.loads(self.body) if self.body else None
        except orjson.JSONDecodeError:
            body = self.body[:4_000].decode("utf-8", "replace")
        return {
            "seq": self.seq, "at_ms": self.at_ms, "method": self.method, "path": self.path,
            "query": self.query.decode("utf-8", "replace"), "body": body, "oa_id": self.oa_id,
            "error": self.error, "status": self.status,
        }  # fmt: skip


@dataclass(slots=True)
class Ledger:
    calls: "deque[LoggedCall]" = field(default_factory=lambda: deque(maxlen=MAX_CALLS))
    seq: int = 0

    def note(self, call: Call, at_ms: int, error: int, status: int) -> None:
        self.seq += 1
        body = b"" if call.family == "oauth" else call.body  # Tokens are not for reading back.
        oa_id = call.oa.oa_id if call.oa else ""
        self.calls.append(LoggedCall(self.seq, at_ms, call.method, call.path, call.query, body, oa_id, error, status))

    def after(self, seq: int, limit: int) -> list[LoggedCall]:
        """Oldest first, at most `limit`."""
        newer = self.seq - seq
        if newer <= 0:
            return []
        begin = max(0, len(self.calls) - newer)
        return list(islice(self.calls, begin, begin + limit))
