"""Handing over to a person: office hours, a place in the queue, and a bot that keeps silent meanwhile."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from services.chatbot.asks import Asking, Question, Unavailable, ask
from services.chatbot.content.hours import VIETNAM, in_words, is_open, spans_on
from services.chatbot.context import Context
from services.chatbot.decision import CallPerson, Decision, Say
from services.chatbot.speech import parts, tap
from services.chatbot.state import Conversation, Human, Line

WAIT = timedelta(hours=2)  # How long the bot keeps silent for an officer who has not come yet.

_LOOK_AHEAD_DAYS = 21  # Longer than any holiday.

Reason = Literal["asked", "no_answer", "attempts", "complaint"]


@dataclass(frozen=True, slots=True)
class JoinQueue(Question[int]):
    """Waits for an officer of this OA; answered with the place, 1 for the next. Joining twice keeps the first place."""

    conversation: str
    oa_id: str
    since: datetime
    reason: Reason
    talk: tuple[Line, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class LeaveQueue(Question[bool]):
    conversation: str
    oa_id: str


def call_officer(now: Conversation, ctx: Context, reason: Reason) -> Asking[Decision]:
    if not is_open(ctx.pack.hours, ctx.now) or ctx.content.calendar.holiday(ctx.now.astimezone(VIETNAM).date()):
        return _closed(now, ctx)
    place = yield from ask(JoinQueue(ctx.conversation, ctx.oa.oa_id, ctx.now, reason, now.talk))
    if isinstance(place, Unavailable):
        return Decision(now, (Say("handover", parts(ctx.text("common.try_later"))),))
    text = ctx.text("officer.next") if place <= 1 else ctx.text("officer.waiting", place=place)
    human = Human(since=ctx.now, until=ctx.now + WAIT)
    said = Say("handover", parts(text, [tap(ctx.text("button.menu"), "#menu")]))
    return Decision(now.model_copy(update={"human": human, "run": None}), (said, CallPerson(reason)))


def _closed(now: Conversation, ctx: Context) -> Decision:
    opens = _opens(ctx)
    holiday = ctx.content.calendar.holiday(ctx.now.astimezone(VIETNAM).date())
    if holiday is not None:
        text = ctx.text("officer.holiday", holiday=holiday.name, opens=opens)
    else:
        text = ctx.text("officer.closed", oa=ctx.oa.name, hours=in_words(ctx.pack.hours), opens=opens)
    return Decision(now, (Say("handover", parts(text, [tap(ctx.text("button.menu"), "#menu")])),))


def _opens(ctx: Context) -> str:
    """When officers are there next, in words: never a promise nobody keeps, so holidays count."""
    local = ctx.now.astimezone(VIETNAM)
    for ahead in range(_LOOK_AHEAD_DAYS):
        day = local.date() + timedelta(days=ahead)
        if ctx.content.calendar.holiday(day):
            continue
        for span in spans_on(ctx.pack.hours, day):
            if ahead or span.opens > local.time():
                return f"{span.opens:%H:%M} ngày {day:%d/%m/%Y}"
    return "ngày làm việc tới"
