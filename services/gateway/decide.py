"""What a delivery is, and what becomes of it: the answers of Zalo's contract in one place. Pure.

The answer never says what was expected. Everything Zalo might have sent gets 200, whatever we do with it: another answer
lets Zalo switch the webhook off for every OA of the app. Only what could not be made durable gets 503: Zalo sends it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from services.gateway.registry.cache import RegistryCache
from services.gateway.zalo.catalogue import UNKNOWN
from services.gateway.zalo.envelope import Envelope, UnreadableError, find_marks, open_envelope
from services.gateway.zalo.message import UnclearError
from services.gateway.zalo.parse import Parsed, is_sample, oa_of, parse, row_of
from services.gateway.zalo.signature import proven


class Outcome(StrEnum):
    """How a delivery ended: a closed set, the label of every count."""

    ACCEPTED = "accepted"  # Durable on the log.
    SPOOLED = "spooled"  # Durable in the spool.
    REPEAT = "repeat"  # Known and durable already.
    PROBE = "probe"  # The unsigned `{}` Zalo sends when the URL is saved.
    SAMPLE = "sample"  # The console's test button.
    KEPT = "kept"  # Zalo's, but not understood: sealed in quarantine, durable.
    BAD_SIGNATURE = "bad_signature"
    UNSIGNED = "unsigned"
    UNKNOWN_APP = "unknown_app"
    UNKNOWN_OA = "unknown_oa"  # Proven to be Zalo's; the OA is not registered here.
    DISABLED = "disabled"
    MALFORMED = "malformed"
    NOT_AN_OBJECT = "not_an_object"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    SHED = "shed"
    UNAVAILABLE = "unavailable"
    METHOD = "method"


@dataclass(slots=True)  # Not frozen: made once per webhook, and freezing trebles what that costs.
class Verdict:
    outcome: Outcome
    event_name: str = UNKNOWN
    oa_id: str | None = None
    app_id: str | None = field(default=None, repr=False)
    parsed: Parsed | None = field(default=None, repr=False)
    reason: str = ""  # Why it was not understood: from a closed set.

    def with_outcome(self, outcome: Outcome) -> "Verdict":
        if outcome is self.outcome:
            return self
        return Verdict(outcome, self.event_name, self.oa_id, self.app_id, self.parsed, self.reason)


def decide(raw: bytes, signature: bytes | None, registry: RegistryCache, arrived_ms: int) -> Verdict:
    """Returns what follows from the bytes, the header and the registry. The result's text holds no secret and no content."""
    try:
        envelope = open_envelope(raw)
    except UnreadableError as fault:
        return _decide_unreadable(raw, signature, registry, Outcome(str(fault)))
    if not envelope.body:
        return Verdict(Outcome.PROBE)
    if not registry.loaded:
        return Verdict(Outcome.UNAVAILABLE)  # Just started: its OA is not known yet, so nothing of it may be dropped.
    name, _ = row_of(envelope.event_name)
    oa_id = oa_of(envelope, registry.knows)
    account = registry.account(oa_id)
    app_id = envelope.app_id or (account.app_id if account else None)
    unproven = _unproven(raw, signature, envelope, app_id, registry.secrets(app_id or "", oa_id))
    if unproven:
        return Verdict(unproven, name, oa_id, app_id)
    if is_sample(envelope, oa_id):
        return Verdict(Outcome.SAMPLE, name, oa_id, app_id)
    if account is None or oa_id is None or account.app_id != app_id:  # One app's secret proves nothing of another's OA.
        return Verdict(Outcome.UNKNOWN_OA, name, oa_id, app_id)
    if not account.enabled:
        return Verdict(Outcome.DISABLED, name, oa_id, app_id)
    try:
        parsed = parse(envelope, oa_id, registry.knows, arrived_ms)
    except UnclearError as fault:
        return Verdict(Outcome.KEPT, name, oa_id, app_id, reason=str(fault))
    return Verdict(Outcome.ACCEPTED, name, oa_id, app_id, parsed)


def _decide_unreadable(raw: bytes, signature: bytes | None, registry: RegistryCache, outcome: Outcome) -> Verdict:
    """What Zalo has signed is kept even when it cannot be read; everybody else's rubbish is not."""
    if not signature:
        return Verdict(outcome)
    if not registry.loaded:
        return Verdict(Outcome.UNAVAILABLE)
    marks = find_marks(raw)
    oa_id = next(filter(registry.knows, marks.ids), None)
    secrets = registry.secrets(marks.app_id, oa_id) if marks.app_id else ()
    if not marks.app_id or proven(signature, marks.app_id, raw, marks.timestamp, secrets) is None:
        return Verdict(outcome)
    return Verdict(Outcome.KEPT, UNKNOWN, oa_id, marks.app_id, reason=outcome)


def _unproven(
    raw: bytes, signature: bytes | None, envelope: Envelope, app_id: str | None, secrets: Sequence[bytes]
) -> Outcome | None:
    if not signature:
        return Outcome.UNSIGNED
    if not app_id or not secrets:
        return Outcome.UNKNOWN_APP
    secret_index = proven(signature, app_id, raw, envelope.timestamp, secrets)
    return Outcome.BAD_SIGNATURE if secret_index is None else None
