"""What to do after a call to Zalo. Pure: the clock and the dice are arguments. Codes: Zalo's OpenAPI error table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from chassis.clock import VIETNAM
from services.notify.delivery import Status
from services.notify.zalo.answer import Answer, Refused, Taken, Unknown, Unreached

QUIET_HOURS_END = time(6, 0)


class Remedy(StrEnum):
    """What helps against an error."""

    REFRESH = "refresh"  # A new access token, then once more.
    UPLOAD = "upload"  # The picture has lapsed at Zalo: upload it again.
    MINUTE = "minute"  # Rate limit: the next minute.
    WAIT = "wait"  # Back off and try again.
    AFTER_QUIET_HOURS = "morning"  # Not before six.
    NEVER = "never"  # This message will not reach this citizen.
    NEEDS_OPERATOR = "person"  # The OA or the app is configured wrongly: everything of this OA waits.
    NEEDS_QUOTA = "money"  # Quota or wallet is empty: everything of this OA waits.


def _table() -> dict[int, Remedy]:
    rows: dict[Remedy, tuple[int, ...]] = {
        Remedy.REFRESH: (-216, -220, -124),
        Remedy.UPLOAD: (-100,),
        Remedy.MINUTE: (-32,),
        Remedy.WAIT: (-200, -214, -110, -1123, 404, 408, 425),
        Remedy.AFTER_QUIET_HOURS: (-218, -234, -133, -144, -147, -1441, -1471, -1472),
        Remedy.NEVER: (-201, -210, -213, -217, -227, -230, -232, -233, -244, -248, -249, -108, -114, -118, -119, -139, -140,
                       -141),
        Remedy.NEEDS_OPERATOR: (-204, -205, -209, -212, -219, -221, -223, -224, -235, -237, -238, -240, -241, -242,
                               -1241, -320, -403, -1340, -1341, 403),
        Remedy.NEEDS_QUOTA: (-211, -321, -115, -126, -137),
    }  # fmt: skip
    return {code: remedy for remedy, codes in rows.items() for code in codes}


REMEDIES: Mapping[int, Remedy] = _table()
_WINDOW_CLOSED = frozenset({-230, -232})  # The interaction window is closed: no fault, nothing was to be done.
_FEW_TRIES: Mapping[int, int] = {-200: 4, 404: 4}
_UNKNOWN_TRIES = 3  # A code in no table: perhaps a mood of the platform, perhaps not.

_FIRST_WAIT_MS, _LONGEST_WAIT_MS = 1_000, 300_000
_MINUTE_MS = 60_000
_OPERATOR_WAIT_MS, _QUOTA_WAIT_MS = 60_000, 900_000
_MORNING_SPREAD_MS = 1_800_000


@dataclass(frozen=True, slots=True)
class Situation:
    """`attempts` counts the one just made. `dice` is uniform in 0…1, so that replicas and messages do not retry in step."""

    now_ms: int
    deadline_ms: int
    attempts: int
    max_attempts: int
    dice: float
    uncertain_ms: int = 3_000
    late_ms: int = 30_000


@dataclass(frozen=True, slots=True)
class Sent:
    """Zalo has it, under this id; `reference` is the pseudonym of one that was found again."""

    message_id: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again at `at_ms`; what is uncertain may still arrive until `uncertain_until_ms`.

    `pause_reason` names why everything of this OA should wait until then, too.
    """

    at_ms: int
    code: int = 0
    counted: bool = True
    uncertain: bool = False
    uncertain_until_ms: int = 0
    pause_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    status: Status
    code: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Refresh:
    code: int


@dataclass(frozen=True, slots=True)
class Reupload:
    code: int


SendOutcome = Sent | Retry | Ended | Refresh | Reupload


def decide(answer: Answer, situation: Situation) -> SendOutcome:
    """What one send came to, and what follows from it. Whatever would happen after the deadline is an expiry now."""
    match answer:
        case Taken(data=data):
            return Sent(str(data.get("message_id", "")) if isinstance(data, dict) else "")
        case Unreached():
            return in_time(
                Retry(
                    situation.now_ms + backoff_ms(situation.attempts, situation.dice),
                    counted=False,
                    pause_reason="unreached",
                ),
                situation,
            )
        case Unknown(late=late):
            return Retry(
                situation.now_ms + max(situation.uncertain_ms, backoff_ms(situation.attempts, situation.dice)),
                uncertain=True,
                uncertain_until_ms=situation.now_ms + (situation.late_ms if late else situation.uncertain_ms),
            )
        case Refused():  # exhaustive
            return in_time(_decide_refused(answer, situation), situation)


def in_time(outcome: SendOutcome, situation: Situation) -> SendOutcome:
    if isinstance(outcome, Retry) and outcome.at_ms > situation.deadline_ms:
        return Ended(Status.EXPIRED, outcome.code, outcome.pause_reason or "too_late")
    return outcome


def backoff_ms(attempts: int, dice: float) -> int:
    """1, 2, 4 … 300 seconds, each between its half and its one and a half."""
    wait = min(_LONGEST_WAIT_MS, _FIRST_WAIT_MS * 2 ** min(max(0, attempts - 1), 20))
    return int(wait * (0.5 + dice))


def next_morning_ms(now_ms: int, dice: float) -> int:
    """Six o'clock in Vietnam, spread over half an hour: everybody's messages wait for the same moment."""
    now = datetime.fromtimestamp(now_ms / 1_000, UTC).astimezone(VIETNAM)
    six = datetime.combine(now.date(), QUIET_HOURS_END, VIETNAM)
    if now >= six:
        six += timedelta(days=1)
    return int(six.timestamp() * 1_000) + int(dice * _MORNING_SPREAD_MS)


def _decide_refused(answer: Refused, situation: Situation) -> SendOutcome:
    code = answer.code
    wait_ms = max(backoff_ms(situation.attempts, situation.dice), int(answer.retry_after_s * 1_000))
    match REMEDIES.get(code):
        case Remedy.REFRESH:
            return Refresh(code)
        case Remedy.UPLOAD:
            return Reupload(code)
        case Remedy.MINUTE:
            return Retry(_next_minute_ms(answer, situation), code, counted=False, pause_reason="rate_limited")
        case Remedy.AFTER_QUIET_HOURS:
            return Retry(next_morning_ms(situation.now_ms, situation.dice), code)
        case Remedy.NEEDS_OPERATOR:
            return Retry(
                situation.now_ms + int(_OPERATOR_WAIT_MS * (1 + situation.dice)),
                code,
                counted=False,
                pause_reason="needs_person",
            )
        case Remedy.NEEDS_QUOTA:
            return Retry(
                situation.now_ms + int(_QUOTA_WAIT_MS * (1 + situation.dice)),
                code,
                counted=False,
                pause_reason="needs_money",
            )
        case Remedy.NEVER:
            return Ended(Status.SUPPRESSED if code in _WINDOW_CLOSED else Status.FAILED, code, "refused")
        case Remedy.WAIT | None:  # exhaustive
            tries = min(
                situation.max_attempts,
                _FEW_TRIES.get(code, situation.max_attempts if code in REMEDIES else _UNKNOWN_TRIES),
            )
            spent = situation.attempts >= tries
            return Ended(Status.FAILED, code, "attempts") if spent else Retry(situation.now_ms + wait_ms, code)


def _next_minute_ms(answer: Refused, situation: Situation) -> int:
    if answer.retry_after_s:
        return situation.now_ms + int(answer.retry_after_s * 1_000 * (1 + 0.1 * situation.dice))
    until = _MINUTE_MS - situation.now_ms % _MINUTE_MS
    return situation.now_ms + until + int(situation.dice * 2_000)
