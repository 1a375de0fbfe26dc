"""Zalo's interaction window: a message is free for 48 hours after the citizen's last message, and refused after 7 days. Pure."""

from dataclasses import dataclass

HOUR_MS = 3_600_000
FREE_MS = 48 * HOUR_MS
CLOSED_MS = 7 * 24 * HOUR_MS

# What a citizen does that opens the window without being a message: Zalo's own event names.
OPENING_ACTS = frozenset(
    {"user_click_chatnow", "user_call_oa", "oa_call_user", "user_reply_consent", "user_submit_info",
     "user_click_response_button", "widget_interaction_accepted"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """`open_ms`: how long after the last message we send. Between 48 hours and 7 days each message costs the OA money."""

    open_ms: int = FREE_MS

    def closed_reason(self, last_interaction_ms: int, now_ms: int) -> str | None:
        """Why not to send, or None. A citizen of whom nothing is known is for Zalo to judge."""
        if not last_interaction_ms:
            return None
        silent = now_ms - last_interaction_ms
        if silent > CLOSED_MS:
            return "window_7d"
        return "window_48h" if silent > self.open_ms else None
