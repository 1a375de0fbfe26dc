"""The metrics of the gateway. Labels come from closed sets.

A metric's help text is its documentation: the first sentence says what it counts, the rest what an operator does about it.
"""

from prometheus_client import REGISTRY, Counter, Gauge, Histogram

from services.gateway.fast_metrics import WEBHOOK_METRICS

REGISTRY.register(WEBHOOK_METRICS)

REASONS = Counter(
    "loa_webhook_rejects",
    "Proven events that were not understood, by why. Any: open them with `GET /api/rejects`, mend the cause, try them again.",
    ["reason"],
)
SKEW = Gauge(
    "loa_webhook_clock_skew_seconds",
    "This machine's clock minus the last event's timestamp. Below zero: this clock is behind; synchronise it.",
)
WAITING = Gauge(
    "loa_webhook_queue_depth",
    "Webhooks waiting for the batch in flight. Near QUEUE_LIMIT: more get 503; add a replica or look at the broker.",
)
BATCH = Histogram(
    "loa_webhook_batch_facts",
    "Events made durable in one batch. Information only: large batches are how load is carried.",
    buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 5000),
)
DIRECT = Gauge(
    "loa_webhook_direct",
    "1 while webhooks go straight to the broker, 0 while they go through the spool. 0 for a minute: restore the broker.",
)
FALLBACKS = Counter(
    "loa_webhook_detours", "Times the broker was given up for the spool. Any: look at the broker's log."
)
SPOOL_DEPTH = Gauge(
    "loa_spool_facts",
    "Events in the spool, of all replicas. Growing: restore the broker before it reaches SPOOL_LIMIT.",
)
SPOOL_AGE = Gauge(
    "loa_spool_oldest_seconds", "Age of the oldest event in the spool. As long citizens wait: restore the broker."
)
SPOOLED = Counter("loa_spooled_facts", "Events put into the spool. Rising: the broker is away or slow.")
DRAINED = Counter(
    "loa_drained_facts",
    "Events published from the spool. Not rising while the spool is full: look at the broker and the log.",
)
REJECTS_LOST = Counter(
    "loa_rejects_not_kept",
    "Events counted but not kept in quarantine, by why. `limit`: raise REJECT_LIMIT or empty it; `away`: restore MongoDB.",
    ["why"],
)
ACCOUNTS = Gauge(
    "loa_registry_accounts", "OAs this replica knows. Below what is registered: look at loa_registry_age_seconds."
)
REGISTRY_AGE = Gauge(
    "loa_registry_age_seconds",
    "Seconds since this replica last read the registry. Above ten: changed OAs are not seen; restore MongoDB.",
)
STALE_KEYS = Gauge(
    "loa_transit_key_stale",
    "1 while no transit key of the hour is known for a service, so an older one seals. 1: is that service up? It makes them.",
    ["reader"],
)
FLOORS = Gauge("loa_floors_known", "Conversations with a tip, under way or just over. Information only.")
UNCERTAIN = Counter(
    "loa_floor_uncertain",
    "Messages of which it was not certain who answers, by who got them. `chatbot`: tips was not ready; look at it first.",
    ["sent_to"],
)
FORGOTTEN = Counter("loa_forgotten", "Persons erased from spool and quarantine. Information only: people may leave.")

# What bounds the labels that have no series before they occur.
OPEN_LABELS = {
    "loa_webhook_events event": "the event names of `zalo/catalogue.py`, `unknown`",
    "loa_webhook_events outcome": "as of `loa_webhook_ack_seconds`",
}


def prepare() -> None:
    """Show every series at zero from the first scrape."""
    for reason in (
        "answer_too_long", "malformed", "no_info", "no_person", "not_an_object", "odd_attachment", "odd_coordinates",
        "odd_text", "out_of_bounds", "too_deep", "too_many_answers", "unknown_oa", "bad_signature",
    ):  # fmt: skip
        REASONS.labels(reason)
    for reader in ("tips", "chatbot"):
        STALE_KEYS.labels(reader)
        UNCERTAIN.labels(reader)
    for why in ("limit", "queue", "away"):
        REJECTS_LOST.labels(why)
