"""What the tip intake counts. Labels come from closed sets."""

from prometheus_client import Counter, Gauge, Histogram

from chassis.metrics import JOURNEY, WORK
from contracts.message import Kind

RECEIVED = Counter("loa_tips_received", "Messages of reporters kept, by kind.", ["kind"])
ENDED = Counter("loa_tips_ended", "Tips that ended, by how.", ["ending"])
DURABLE = Histogram(
    "loa_tip_durable_seconds", "From our walls until a reporter's message is stored, sealed.", buckets=JOURNEY
)
OPEN = Gauge("loa_tips_open", "Tips under way at the last look.")
SEAL = Histogram("loa_tip_seal_seconds", "Sealing one message under its case's key.", buckets=(0.0001, 0.0005, *WORK))
MEDIA = Counter("loa_tip_media", "Attempts to fetch a reporter's file, by how they ended.", ["outcome"])
MEDIA_SECONDS = Histogram("loa_tip_media_seconds", "Fetching and sealing one file.", buckets=JOURNEY)
MEDIA_WAITING = Gauge("loa_tip_media_waiting", "Files still to be fetched at the last look.")

OUTCOMES = ("kept", "refused", "later", "lost", "erased")


def prepare() -> None:
    """Show every series at zero from the first scrape."""
    for kind in Kind:
        RECEIVED.labels(kind)
    for ending in ("done", "idle", "cancelled"):
        ENDED.labels(ending)
    for outcome in OUTCOMES:
        MEDIA.labels(outcome)
