"""The metrics of the chatbot. Labels come from closed sets.

A metric's help text is its documentation: the first sentence says what it counts, the rest what an operator does about it.
"""

from prometheus_client import Counter, Gauge, Histogram

from chassis.metrics import WORK

OUTCOMES = (
    "answer", "choices", "courtesy", "danger", "errand", "failed", "form", "handover",
    "menu", "no_words", "reminder", "tip_offer", "unknown", "welcome",
)  # fmt: skip
REPLIES = Counter(
    "loa_bot_answers",
    "Replies to citizens, by kind. `unknown` rising: read `loa ask` for what people ask, add content; `failed`: `loa dead list`.",
    ["outcome"],
)
FLOWS_ENDED = Counter(
    "loa_bot_errands",
    "Errands ended, by how. `abandoned` or `refused` rising for one errand: its questions are hard to answer; look at its texts.",
    ["errand", "ending"],
)
OFFICERS_REQUESTED = Counter(
    "loa_bot_officers_called",
    "Times an officer was requested, by why. Rising: officers must be on duty; look at the queue.",
    ["reason"],
)
UNDERSTAND_SECONDS = Histogram(
    "loa_bot_understand_seconds",
    "Understanding one batch of questions. Rising: the processor is busy; add a replica.",
    buckets=WORK,
)
DISK_USED = Gauge(
    "loa_bot_disk_used",
    "Share of the database's disk in use when a paper was last kept. Above 0.9: give it a larger disk, or papers are refused.",
)
CONTENT_INFO = Gauge(
    "loa_bot_content_info",
    "1 for the content version that new dialogues begin with. Replicas differ for minutes: look for refused content.",
    ["version"],
)
CONTENT_REFUSED = Counter(
    "loa_bot_content_refused",
    "Content that was not published because of its faults. Any: run `loa content check` and mend what it names.",
)
TIMERS_FIRED = Counter(
    "loa_bot_timers_rang",
    "Reminders and endings of conversations that became due. At zero for a day: the job stands still.",
)
SOURCE_ANSWERS = Counter(
    "loa_bot_source_answers",
    "Calls to a province's own systems, by outcome. `failed`, `skipped`, `stale`: call whoever operates that system.",
    ["source", "outcome"],
)  # Outcomes: answered, failed, skipped (the circuit breaker is open), stale (answered from what was last known).

PROOFS = Counter(
    "loa_bot_proofs",
    "Proofs that citizens gave before something personal is shown. Alert when `failed` and `locked` outnumber `proven` for an "
    "hour: somebody is guessing, with many accounts; look at which kind, and ask its source to change what proves it.",
    ["kind", "outcome"],
)  # Outcomes: proven, failed, locked (not tried: too many failures before).

# What bounds the labels that have no series before they occur.
OPEN_LABELS = {
    "errand": "the flows of `features/`",
    "ending": "the endings of that flow, and `abandoned`, `cancelled`, `refused`",
    "reason": "why an officer is requested, from `features/officer/`",
    "version": "the current content version alone",
}


def prepare() -> None:
    """Show every series at zero from the first scrape."""
    for outcome in OUTCOMES:
        REPLIES.labels(outcome)
    for source in ("dossiers", "scores", "fines"):
        for outcome in ("answered", "failed", "skipped", "stale"):
            SOURCE_ANSWERS.labels(source, outcome)
    for kind in ("dossiers", "fines", "identities", "invites"):
        for outcome in ("proven", "failed", "locked"):
            PROOFS.labels(kind, outcome)
