"""What the chatbot counts, beyond the chassis. Closed sets only."""

from prometheus_client import Counter, Gauge, Histogram

from chassis.metrics import WORK

OUTCOMES = (
    "answer", "choices", "courtesy", "danger", "errand", "form", "handover",
    "menu", "no_words", "reminder", "tip_offer", "unknown", "welcome",
)  # fmt: skip
REPLIES = Counter("loa_bot_answers", "What citizens were told, by kind.", ["outcome"])
FLOWS_ENDED = Counter("loa_bot_errands", "Errands ended, by how.", ["errand", "ending"])
OFFICERS_REQUESTED = Counter("loa_bot_officers_called", "Times a person was called, by why.", ["reason"])
UNDERSTAND_SECONDS = Histogram("loa_bot_understand_seconds", "Understanding one batch of questions.", buckets=WORK)
CONTENT_INFO = Gauge("loa_bot_content_info", "1 for the content version that new dialogues begin with.", ["version"])
CONTENT_REFUSED = Counter("loa_bot_content_refused", "Content an editor wrote that was not published, for its faults.")
TIMERS_FIRED = Counter("loa_bot_timers_rang", "Reminders and endings that no message provoked.")
SOURCE_ANSWERS = Counter(
    "loa_bot_source_answers", "What a province's own systems were asked, by how it ended.", ["source", "outcome"]
)  # Outcomes: answered, failed, skipped (the breaker is open), stale (told from what was last known).

for _outcome in OUTCOMES:
    REPLIES.labels(_outcome)
