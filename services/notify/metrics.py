"""Every number notify counts. Labels come from closed sets; no OA, person or message is a label."""

from prometheus_client import Counter, Gauge, Histogram

from services.notify.decide import REMEDIES
from services.notify.delivery import Delivery, Status
from services.notify.zalo.answer import Answer, Refused, Taken, Unreached

_JOURNEY = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 900, 3600)
_CALL = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

DELIVERY = Histogram(
    "loa_notify_delivery_seconds",
    "From acceptance into the ledger until the entry settled.",
    ["lane", "outcome"],
    buckets=_JOURNEY,
)
ANSWER = Histogram(
    "loa_answer_seconds",
    "From the citizen's message at our walls until Zalo took our answer.",
    ["lane"],
    buckets=_JOURNEY,
)
QUEUE = Gauge("loa_notify_queue", "Open entries of the ledger.", ["lane", "status"])
IN_MEMORY = Gauge("loa_notify_in_memory", "Entries in this process's hands.")
IN_FLIGHT = Gauge("loa_notify_in_flight", "Calls to Zalo under way.")
ACCEPTED = Counter("loa_notify_accepted", "Entries accepted into the ledger.", ["lane"])
REPEATED = Counter("loa_notify_repeated", "Entries asked for again: heard twice, accepted once.")
ENDED = Counter("loa_notify_ended", "Entries that left the queue, by how.", ["lane", "status", "why"])
REQUEUED = Counter("loa_notify_released", "Entries put back to wait, by what they wait for.", ["why"])
UNCERTAIN_SENDS = Counter(
    "loa_notify_doubts", "Sends whose outcome was unknown, by how that was resolved.", ["resolution"]
)
PAUSED_OAS = Gauge("loa_notify_held_oas", "OAs whose messages wait, by what they wait for.", ["reason"])
RATE_LIMITED = Counter("loa_zalo_rate_limited", "Calls that waited for or ran into Zalo's rate limits.", ["where"])
API_SECONDS = Histogram("loa_zalo_api_seconds", "Calls to Zalo.", ["endpoint", "outcome"], buckets=_CALL)
API_REQUESTS = Counter("loa_zalo_api_requests", "Calls to Zalo, by the code it answered.", ["endpoint", "code"])
TOKENS = Gauge("loa_zalo_tokens", "OAs by the state of their tokens. Alert on needs_person.", ["state"])
REFRESHES = Counter("loa_zalo_token_refreshes", "Token refreshes, by how they ended.", ["outcome"])
RECEIPTS = Counter("loa_notify_receipts", "Receipts, by what they did.", ["status", "effect"])
REPUBLISHED = Counter(
    "loa_notify_told_again", "Endings said again from the ledger, since the first telling was not noted."
)


def observe_call(endpoint: str, answer: Answer, seconds: float) -> None:
    outcome, code = _labels(answer)
    API_SECONDS.labels(endpoint, outcome).observe(seconds)
    API_REQUESTS.labels(endpoint, code).inc()


def observe_end(delivery: Delivery, status: Status, why: str, at_ms: int) -> None:
    """An entry left the queue."""
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
    """Show what is alerted on from the first scrape."""
    for state in ("ok", "expiring", "needs_person"):
        TOKENS.labels(state).set(0)
    for reason in ("needs_person", "needs_money", "rate_limited", "unreached", "token"):
        PAUSED_OAS.labels(reason).set(0)
    for lane in ("urgent", "reply", "bulk"):
        for status in ("accepted", "sending"):
            QUEUE.labels(lane, status).set(0)
