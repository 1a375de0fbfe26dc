"""The metrics of the auditor."""

from prometheus_client import Gauge

ENTRIES = Gauge(
    "loa_audit_entries", "The number of the newest entry of the chain. Falling: `loa audit verify` at once."
)
CHECKPOINT_ENTRY = Gauge(
    "loa_audit_checkpoint_entry",
    "The newest entry that a signed checkpoint covers. Behind loa_audit_entries for ten minutes: read the auditor's log.",
)
CHECKPOINT_TIME = Gauge(
    "loa_audit_checkpoint_timestamp_seconds",
    "When the newest checkpoint was signed, in Unix time. Old while loa_audit_entries grows: read the auditor's log.",
)


def prepare() -> None:
    """Gauges without labels are there from the first scrape."""
