"""The metrics that every service has. Labels come from closed sets; nothing a citizen types is a label.

A metric's help text is its documentation: the first sentence says what it counts, the rest what an operator does about it.
"""

from collections.abc import Iterable, Sequence
from itertools import product

from prometheus_client import Counter, Gauge, Histogram

from chassis import http_metrics
from chassis.outcomes import ItemOutcome, Outcome, RunOutcome

WORK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
JOURNEY = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 900, 3600)

RECORDS = Counter(
    "loa_records",
    "Records processed, by outcome. Any `buried`: read why with `loa dead list`, mend it, `loa dead redrive`.",
    ["topic", "outcome"],
)
SELF_TESTS = Counter(
    "loa_self_tests",
    "Batches of which no record could be handled, by whether a known-good message could. Any `failed`: the service has stopped "
    "by its own fault; look at the newest deploy, then at its log.",
    ["outcome"],
)
RETRIES = Counter(
    "loa_retries", "Attempts repeated because a dependency was unavailable. A steady rate: look at loa_dependency_up."
)
BATCH_RECORDS = Histogram(
    "loa_batch_records",
    "Records in one batch of the consumer loop. Always at BATCH_RECORDS: the service is behind; add a replica.",
    buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500),
)
BATCH_SECONDS = Histogram(
    "loa_turn_seconds",
    "Processing one batch, from poll to commit, without waiting for records. Rising: compare with loa_mongo_command_seconds.",
    buckets=WORK,
)
EVENT_AGE = Histogram(
    "loa_event_age_seconds",
    "From the arrival of a webhook until its record was committed. Above a few seconds citizens wait: look at loa_lag_records.",
    ["topic"],
    buckets=JOURNEY,
)
EVENTS_SENT = Counter(
    "loa_said",
    "Events published and acknowledged by the broker. At zero while records arrive: look at the log.",
    ["topic"],
)
SEND_SECONDS = Histogram(
    "loa_say_seconds",
    "Publishing one batch, until the broker has acknowledged all of it. Rising: look at the broker's disk and network.",
    buckets=WORK,
)
SEND_FAILURES = Counter(
    "loa_say_failures",
    "Batches that the broker did not acknowledge in time. Any: look at the broker; the batch is repeated.",
)
REBALANCES = Counter(
    "loa_rebalances",
    "Partitions assigned to or revoked from this process. Often, without a restart: look at loa_event_loop_lag_seconds.",
    ["event"],
)
PARTITIONS = Gauge(
    "loa_assigned_partitions", "Partitions this process reads. Zero in all replicas: nobody reads; restart the service."
)
LAG = Gauge(
    "loa_lag_records",
    "Records on the log that this process has not taken yet. Growing for minutes: add a replica, up to the number of partitions.",
    ["topic"],
)
RECORDS_LOST = Counter(
    "loa_records_lost",
    "Records deleted by the broker before this service read them. Any: citizens were not answered; look at retention and lag.",
    ["topic"],
)
COMMITS = Counter(
    "loa_commits",
    "Offset commits, by outcome. `failed` for long: look at the broker; after a restart records are repeated, harmlessly.",
    ["outcome"],
)
CONSUMER_STALLED = Counter(
    "loa_consumer_stuck",
    "Times the consumer stalled with records waiting, and was replaced. More than one an hour: look at the broker's log.",
)
VERSION_CONFLICTS = Counter(
    "loa_version_races_lost",
    "Writes refused because another process had written first. Expected while partitions move; else two groups share a database.",
)
UP = Gauge(
    "loa_dependency_up",
    "1 when the last call to the dependency succeeded. 0 for a minute: restore the dependency.",
    ["dependency"],
)
LOOP_LAG = Histogram(
    "loa_event_loop_lag_seconds",
    "How late the event loop woke up. Above a second: something computes in the loop; heartbeats are missed at ten.",
    buckets=WORK,
)
MONGO_SECONDS = Histogram(
    "loa_mongo_command_seconds",
    "MongoDB commands, by outcome. Slow or failed: look at MongoDB's log, its disk and its indexes.",
    ["command", "outcome"],
    buckets=WORK,
)
JOB_RUNS = Counter(
    "loa_job_runs",
    "Rounds of a job, by outcome. Any `failed` is our own fault: read the log; `paused`: too many items are parked.",
    ["job", "outcome"],
)
JOB_ITEMS = Counter(
    "loa_job_items",
    "Items a job has processed, by outcome. Any `parked`: read its reason with `loa jobs parked`, mend it, `loa jobs redrive`.",
    ["job", "outcome"],
)
JOB_SECONDS = Histogram(
    "loa_job_seconds",
    "One round of a job that had something to do. Rising: look at loa_mongo_command_seconds.",
    ["job"],
    buckets=JOURNEY,
)
JOB_LAST_SUCCESS = Gauge(
    "loa_job_last_success_seconds",
    "When a job's last successful round ended, or its process started, in Unix time. Minutes ago: read the log.",
    ["job"],
)
JOB_PARKED = Gauge(
    "loa_job_parked_items",
    "Items of a job that were set aside, of all replicas. Any: read the reasons with `loa jobs parked`, then `loa jobs redrive`.",
    ["job"],
)
TRANSIT_KEYS_DUE = Gauge(
    "loa_transit_keys_overdue",
    "Transit keys overdue by six hours, since what they seal was not read. Any: let the service catch up; they die after 72 h.",
)

MONGO_COMMANDS = ("find", "insert", "update", "delete", "aggregate", "findAndModify", "getMore")
_LABELS: Sequence[tuple[Counter | Gauge | Histogram, Iterable[tuple[str, ...]]]] = (
    *http_metrics.LABELS,
    (UP, (("kafka",), ("mongo",))),
    (COMMITS, (("ok",), ("lost",), ("failed",))),
    (REBALANCES, (("assigned",), ("revoked",))),
    (MONGO_SECONDS, tuple(product(MONGO_COMMANDS, ("ok", "failed")))),
    (SELF_TESTS, (("passed",), ("failed",))),
)

# What bounds the labels that have no series before they occur.
OPEN_LABELS = {
    "job": "the jobs of the service",
    "loa_job_runs outcome": ", ".join(f"`{outcome}`" for outcome in RunOutcome),
    "loa_job_items outcome": ", ".join(f"`{outcome}`" for outcome in ItemOutcome),
}


def prepare(consumes: Iterable[str], produces: Iterable[str] = ()) -> None:
    """Show every series at zero from the first scrape, so "no data" always means "not running". Arguments are topics."""
    for topic in consumes:
        EVENT_AGE.labels(topic)
        LAG.labels(topic)
        RECORDS_LOST.labels(topic)
        for outcome in Outcome:
            RECORDS.labels(topic, outcome)
    for topic in produces:
        EVENTS_SENT.labels(topic)
    for metric, values in _LABELS:
        for labels in values:
            metric.labels(*labels)
