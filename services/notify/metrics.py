"""The metrics of notify. Labels come from closed sets; no OA, person or message is a label.

A metric's help text is its documentation: the first sentence says what it counts, the rest what an operator does about it.
"""

from prometheus_client import Counter, Gauge, Histogram

from contracts.message import Lane
from services.notify.decide import REMEDIES
from services.notify.delivery import Delivery, Status
from services.notify.zalo.answer import Answer, Refused, Taken, Unreached

_JOURNEY = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 900, 3600)
_CALL = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

DELIVERY = Histogram(
    "loa_notify_delivery_seconds",
    "From acceptance into the ledger until the message ended. Rising: look at loa_notify_held_oas and loa_zalo_api_seconds.",
    ["lane", "outcome"],
    buckets=_JOURNEY,
)
ANSWER = Histogram(
    "loa_answer_seconds",
    "From the arrival of the citizen's message until Zalo took our answer. Above five seconds: look at loa_event_age_seconds.",
    ["lane"],
    buckets=_JOURNEY,
)
QUEUE = Gauge(
    "loa_notify_queue",
    "Open messages of the ledger. Growing: look at loa_notify_held_oas; otherwise add a replica.",
    ["lane", "status"],
)
IN_MEMORY = Gauge(
    "loa_notify_in_memory",
    "Messages this process has claimed. At QUEUE_LIMIT for long: sending is slower than arrival.",
)
IN_FLIGHT = Gauge(
    "loa_notify_in_flight", "Calls to Zalo under way. At IN_FLIGHT for long: Zalo is slow, or raise IN_FLIGHT."
)
ACCEPTED = Counter(
    "loa_notify_accepted",
    "Messages accepted into the ledger. At zero while replies are published: look at the log.",
    ["lane"],
)
REPEATED = Counter(
    "loa_notify_repeated", "Messages asked for again, and not accepted twice. Expected after a restart; nothing to do."
)
ENDED = Counter(
    "loa_notify_ended",
    "Messages that ended, by status and why. `failed` rising: read the code in `GET /api/deliveries/{id}`.",
    ["lane", "status", "why"],
)
REQUEUED = Counter(
    "loa_notify_released",
    "Messages put back to wait, by what they wait for. `needs_person`, `needs_money`: act as for loa_notify_held_oas.",
    ["why"],
)
UNCERTAIN_SENDS = Counter(
    "loa_notify_doubts",
    "Sends whose outcome was unknown, by how that was resolved. `not_told`: Zalo would not say, a citizen may get it twice.",
    ["resolution"],
)
PAUSED_OAS = Gauge(
    "loa_notify_held_oas",
    "OAs whose messages wait, by what they wait for. `needs_person`: authorise the OA; `needs_money`: fill its quota at Zalo.",
    ["reason"],
)
RATE_LIMITED = Counter(
    "loa_zalo_rate_limited",
    "Calls that waited for Zalo's rate limits or were refused by them. `zalo` rising: another program uses the same app.",
    ["where"],
)
API_SECONDS = Histogram(
    "loa_zalo_api_seconds",
    "Calls to Zalo. Slow or `unknown`: Zalo or the way to it is disturbed; sending waits and goes on by itself.",
    ["endpoint", "outcome"],
    buckets=_CALL,
)
API_REQUESTS = Counter(
    "loa_zalo_api_requests",
    "Calls to Zalo, by the code it answered. A code that rises: look it up in Zalo's table of error codes.",
    ["endpoint", "code"],
)
TOKENS = Gauge(
    "loa_zalo_tokens",
    "OAs by the state of their tokens. Any `needs_person`: `loa oa authorise` makes the link for its administrator.",
    ["state"],
)
REFRESHES = Counter(
    "loa_zalo_token_refreshes",
    "Token refreshes, by outcome. `spent`: the OA must be authorised again; others: they are repeated.",
    ["outcome"],
)
AUTHORISATIONS = Counter(
    "loa_zalo_authorisations",
    "Consents of OAs' administrators, by outcome. `replaced`, `foreign`: ask who made and who opened the link; "
    "`unproven`, `refused`: a new link (`loa oa authorise`).",
    ["outcome"],
)
RECEIPTS = Counter(
    "loa_notify_receipts",
    "Receipts, by their effect. Information only: `old` are repeats and overtaken ones.",
    ["status", "effect"],
)
REPUBLISHED = Counter(
    "loa_notify_told_again",
    "Results published again because the first publication was not recorded. Expected after a crash; nothing to do.",
)

# What bounds the labels that have no series before they occur.
OPEN_LABELS = {
    "status": "`sent`, `failed`, `expired`, `suppressed`",
    "lane": "`urgent`, `reply`, `bulk`",
    "loa_notify_released why": "as `reason` of `loa_notify_held_oas`, and what else `dispatch/` waits for",
    "why": "the reasons of `decide.py` and `dispatch/`, `none`",
    "endpoint": "`message`, `upload`, `conversation`, `owner`, `oauth_code`, `oauth_refresh`",
    "loa_zalo_token_refreshes outcome": "`pair`, `spent`, `denied`, `unsettled`",
    "loa_zalo_authorisations outcome": "`granted`, `replaced`, `foreign`, `unproven`, `refused`",
    "outcome": "`ok`, `refused`, `unreached`, `unknown`",
    "code": "the codes of `decide.py`, `0`, `other`, `none`",
}


def observe_call(endpoint: str, answer: Answer, seconds: float) -> None:
    outcome, code = _labels(answer)
    API_SECONDS.labels(endpoint, outcome).observe(seconds)
    API_REQUESTS.labels(endpoint, code).inc()


def observe_end(delivery: Delivery, status: Status, why: str, at_ms: int) -> None:
    """Count a message that ended at `at_ms`, in milliseconds since 1970."""
    lane = delivery.priority.lane.value
    DELIVERY.labels(lane, status.value).observe((at_ms - delivery.accepted_ms) / 1_000)
    ENDED.labels(lane, status.value, why or "none").inc()
    if status is Status.SENT and delivery.arrived_ms:
        ANSWER.labels(lane).observe(max(0, at_ms - delivery.arrived_ms) / 1_000)


def _labels(answer: Answer) -> tuple[str, str]:
    match answer:
        case Taken():
            return "ok", "0"
        case Refused(code=code):
            return "refused", str(code) if code in REMEDIES else "other"
        case Unreached():
            return "unreached", "none"
        case _:
            return "unknown", "none"


def prepare() -> None:
    """Show every series at zero from the first scrape."""
    for state in ("ok", "expiring", "needs_person"):
        TOKENS.labels(state).set(0)
    for reason in ("needs_person", "needs_money", "rate_limited", "unreached", "token"):
        PAUSED_OAS.labels(reason).set(0)
    for outcome in ("granted", "replaced", "foreign", "unproven", "refused"):
        AUTHORISATIONS.labels(outcome)
    for where in ("bucket", "zalo"):
        RATE_LIMITED.labels(where)
    _prepare_deliveries()


def _prepare_deliveries() -> None:
    for lane in Lane:
        ACCEPTED.labels(lane.value)
        ANSWER.labels(lane.value)
        for status in (Status.ACCEPTED, Status.SENDING):
            QUEUE.labels(lane.value, status.value).set(0)
        for status in (Status.SENT, Status.FAILED, Status.EXPIRED, Status.SUPPRESSED):
            DELIVERY.labels(lane.value, status.value)
    for resolution in ("arose", "arrived", "not_there", "not_told"):
        UNCERTAIN_SENDS.labels(resolution)
    for status in (Status.DELIVERED, Status.SEEN):
        for effect in ("rose", "old"):
            RECEIPTS.labels(status.value, effect)
