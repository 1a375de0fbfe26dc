"""What is counted of an HTTP port: who called, who looked at personal data, what was refused. Part of chassis/metrics.py."""

from collections.abc import Iterable, Sequence
from itertools import product

from prometheus_client import Counter

API_CALLS = Counter(
    "loa_api_calls",
    "Calls of the HTTP API, by what the caller shows and how that ended. `signature`, `replayed`: look into it.",
    ["actor", "outcome"],
)
HTTP_REFUSED = Counter(
    "loa_http_refused",
    "Connections closed and requests refused at a limit of an HTTP port. `requests`: too little capacity. Others: an attack.",
    ["reason"],
)
AUDIT_RECORDS = Counter(
    "loa_audit_records",
    "Looks at personal data, recorded or `failed` and therefore not answered. Any `failed`: look at the broker.",
    ["outcome"],
)

_CLIENT = ("accepted", "forbidden", "no_credentials", "unknown_key", "expired_key")
_OFFICER = ("accepted", "forbidden", "malformed", "signature", "expired", "binding", "replayed")
LABELS: Sequence[tuple[Counter, Iterable[tuple[str, ...]]]] = (
    (API_CALLS, (*product(("client",), _CLIENT), *product(("officer",), _OFFICER))),
    (HTTP_REFUSED, (("header_time",), ("header_size",), ("request_time",), ("connections",), ("requests",))),
    (AUDIT_RECORDS, (("recorded",), ("failed",))),
)
