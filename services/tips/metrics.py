"""The metrics of tips. Labels come from closed sets.

A metric's help text is its documentation: the first sentence says what it counts, the rest what an operator does about it.
"""

from prometheus_client import Counter, Gauge, Histogram

from chassis.metrics import JOURNEY, WORK
from contracts.message import Kind
from services.tips.media.missing import Missing

RECEIVED = Counter(
    "loa_tips_received", "Messages of reporters stored, by kind. Information only: how many people report.", ["kind"]
)
ENDED = Counter(
    "loa_tips_ended", "Tips that ended, by how. Information only: `idle` ended by thirty silent minutes.", ["ending"]
)
DURABLE = Histogram(
    "loa_tip_durable_seconds",
    "From the arrival of a reporter's message until it is stored, sealed. Above a few seconds: look at loa_lag_records.",
    buckets=JOURNEY,
)
OPEN = Gauge(
    "loa_tips_open", "Tips under way at the last count. Only growing: the job that closes silent cases stands still."
)
SEAL = Histogram(
    "loa_tip_seal_seconds",
    "Sealing one message under its case's key. Rising: the processor is busy; add a replica.",
    buckets=(0.0001, 0.0005, *WORK),
)
MEDIA = Counter(
    "loa_tip_media",
    "Attempts to fetch a reporter's file, by outcome. `lost` rising: the links' host is away or missing in MEDIA_HOSTS.",
    ["outcome"],
)
MEDIA_SECONDS = Histogram(
    "loa_tip_media_seconds",
    "Fetching and sealing one file. Rising: the network is slow; raise MEDIA_WORKERS.",
    buckets=JOURNEY,
)
MEDIA_WAITING = Gauge(
    "loa_tip_media_waiting", "Files still to be fetched at the last count. Growing: raise MEDIA_WORKERS; links expire."
)
DISK_USED = Gauge(
    "loa_tip_disk_used",
    "Share of the database's disk in use when a file was last fetched. Above 0.9: give it a larger disk, or files have to wait.",
)
MEDIA_NOTICES = Counter(
    "loa_tip_media_notices",
    "Files whose reporter was told that they could not be taken, by why. `size` often: raise MEDIA_BYTES; `disk`: it is full.",
    ["why"],
)

OUTCOMES = ("kept", "refused", "later", "lost", "erased")


def prepare() -> None:
    """Show every series at zero from the first scrape."""
    for kind in Kind:
        RECEIVED.labels(kind)
    for ending in ("done", "idle", "cancelled"):
        ENDED.labels(ending)
    for outcome in OUTCOMES:
        MEDIA.labels(outcome)
    for why in Missing:
        MEDIA_NOTICES.labels(why)
