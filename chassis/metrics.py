"""Every number the chassis counts, declared once. Labels come from closed sets; nothing a citizen types is a label."""

from collections.abc import Iterable
from enum import StrEnum

from prometheus_client import Counter, Gauge, Histogram

WORK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
JOURNEY = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 900, 3600)


class Outcome(StrEnum):
    DONE = "done"
    DEAD_LETTERED = "buried"  # Alert on any.
    IGNORED = "not_ours"


class RunOutcome(StrEnum):
    DONE = "done"
    WAITING = "waiting"  # The world is away; tried again.
    FAILED = "failed"  # Our own fault. Alert on any.
    PAUSED = "paused"  # Too many parked items. Alert on any.


class ItemOutcome(StrEnum):
    DONE = "done"
    PARKED = "parked"  # Alert on any.


RECORDS = Counter("loa_records", "Records taken to an end, by how they ended.", ["topic", "outcome"])
RETRIES = Counter("loa_retries", "Attempts repeated because the world was at fault.")
BATCH_RECORDS = Histogram(
    "loa_batch_records", "Records in one turn of the loop.", buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500)
)
BATCH_SECONDS = Histogram(
    "loa_turn_seconds", "One turn of the loop: gather to done, waiting for records not counted.", buckets=WORK
)
EVENT_AGE = Histogram(
    "loa_event_age_seconds", "From our walls to done: the age of what was settled.", ["topic"], buckets=JOURNEY
)
EVENTS_SENT = Counter("loa_said", "Facts said and acknowledged by the broker.", ["topic"])
SEND_SECONDS = Histogram(
    "loa_say_seconds", "One batch of words: until the broker has acknowledged all of it.", buckets=WORK
)
SEND_FAILURES = Counter("loa_say_failures", "Batches of words the broker did not acknowledge in time.")
REBALANCES = Counter("loa_rebalances", "Partitions given to or taken from this process.", ["event"])
PARTITIONS = Gauge("loa_assigned_partitions", "Partitions this process reads.")
LAG = Gauge("loa_lag_records", "Records on the log that this process has not taken yet.", ["topic"])
COMMITS = Counter("loa_commits", "Offset commits, by outcome.", ["outcome"])
CONSUMER_STALLED = Counter(
    "loa_consumer_stuck", "Times the consumer stood still with records waiting, and was replaced."
)
VERSION_CONFLICTS = Counter("loa_version_races_lost", "Writes refused because another process had written first.")
UP = Gauge("loa_dependency_up", "1 when the last look at the dependency succeeded.", ["dependency"])
LOOP_LAG = Histogram(
    "loa_event_loop_lag_seconds", "How late the event loop woke: blocked loops miss heartbeats.", buckets=WORK
)
MONGO_SECONDS = Histogram("loa_mongo_command_seconds", "MongoDB commands.", ["command", "outcome"], buckets=WORK)
JOB_RUNS = Counter("loa_job_runs", "Rounds of a job, by how they ended.", ["job", "outcome"])
JOB_ITEMS = Counter("loa_job_items", "Items a job has taken to an end, by how.", ["job", "outcome"])
JOB_SECONDS = Histogram("loa_job_seconds", "One round of a job that had something to do.", ["job"], buckets=JOURNEY)
JOB_LAST_SUCCESS = Gauge(
    "loa_job_last_success_seconds", "When a job's last good round ended, or its process started: Unix time.", ["job"]
)
JOB_PARKED = Gauge(
    "loa_job_parked_items", "Items set aside that wait for `loa jobs redrive`, of all replicas.", ["job"]
)
API_CALLS = Counter(
    "loa_api_calls", "Calls of the HTTP API, by what the caller shows and how that ended.", ["actor", "outcome"]
)

_API_OUTCOMES = {
    "client": ("accepted", "forbidden", "no_credentials", "unknown_key", "expired_key"),
    "officer": ("accepted", "forbidden", "malformed", "signature", "expired", "binding", "replayed"),
}
API_OUTCOMES = tuple((actor, outcome) for actor, outcomes in _API_OUTCOMES.items() for outcome in outcomes)
MONGO_COMMANDS = ("find", "insert", "update", "delete", "aggregate", "findAndModify", "getMore")


def prepare(consumes: Iterable[str], produces: Iterable[str] = ()) -> None:
    """Show every series at zero from the first scrape, so "no data" always means "not running". Arguments are topics."""
    for topic in consumes:
        EVENT_AGE.labels(topic)
        LAG.labels(topic)
        for outcome in Outcome:
            RECORDS.labels(topic, outcome)
    for topic in produces:
        EVENTS_SENT.labels(topic)
    for actor, api_outcome in API_OUTCOMES:
        API_CALLS.labels(actor, api_outcome)
    for dependency in ("kafka", "mongo"):
        UP.labels(dependency)
    for commit in ("ok", "lost", "failed"):
        COMMITS.labels(commit)
    for event in ("assigned", "revoked"):
        REBALANCES.labels(event)
    for command in MONGO_COMMANDS:
        for ending in ("ok", "failed"):
            MONGO_SECONDS.labels(command, ending)


def prepare_job(name: str) -> None:
    """Show a job's series from the first scrape: at zero, and its last success as of now."""
    for run in RunOutcome:
        JOB_RUNS.labels(name, run)
    for item in ItemOutcome:
        JOB_ITEMS.labels(name, item)
    JOB_SECONDS.labels(name)
    JOB_PARKED.labels(name)
    JOB_LAST_SUCCESS.labels(name).set_to_current_time()
