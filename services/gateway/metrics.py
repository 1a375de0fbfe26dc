"""Every number the gateway counts, besides the answers themselves (`tally.py`). Labels are closed sets."""

from prometheus_client import Counter, Gauge, Histogram

REASONS = Counter("loa_webhook_rejects", "Proven events that were not understood, by why.", ["reason"])
SKEW = Gauge(
    "loa_webhook_clock_skew_seconds", "Our clock minus the last event's timestamp: below zero, our clock is behind."
)
WAITING = Gauge("loa_webhook_queue_depth", "Webhooks waiting for the batch in flight.")
BATCH = Histogram(
    "loa_webhook_batch_facts", "Facts made durable at once.", buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 5000)
)
DIRECT = Gauge("loa_webhook_direct", "1 while webhooks go straight to the broker, 0 while they go through the spool.")
FALLBACKS = Counter("loa_webhook_detours", "Times the way to the broker was given up for the spool.")
SPOOL_DEPTH = Gauge("loa_spool_facts", "Facts in the spool, of all replicas.")
SPOOL_AGE = Gauge("loa_spool_oldest_seconds", "Age of the oldest fact in the spool.")
SPOOLED = Counter("loa_spooled_facts", "Facts put into the spool.")
DRAINED = Counter("loa_drained_facts", "Facts taken from the spool to the log.")
REJECTS_LOST = Counter("loa_rejects_not_kept", "Rejects counted but not kept, by why.", ["why"])
ACCOUNTS = Gauge("loa_registry_accounts", "OAs this replica knows.")
REGISTRY_AGE = Gauge("loa_registry_age_seconds", "Since this replica last saw the registry.")
FORGOTTEN = Counter("loa_forgotten", "Persons erased from spool and rejects.")
