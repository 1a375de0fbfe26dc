"""Handing over to an officer: office hours, a place in the queue, and a bot that keeps silent meanwhile."""

from datetime import timedelta

from chassis.clock import VIETNAM
from services.chatbot.content.hours import in_words
from services.chatbot.content.slots import next_opening, open_now
from services.chatbot.dialogue.actions import Decision, Reply, RequestOfficer
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import compose
from services.chatbot.dialogue.state import Conversation, OfficerSession
from services.chatbot.features.officer.effects import JoinQueue, Reason

MAX_WAIT = timedelta(hours=2)  # How long the bot keeps silent for an officer who has not come yet.


def request_officer(now: Conversation, ctx: Context, reason: Reason) -> EffectProcess[Decision]:
    if not open_now(ctx.pack.hours, ctx.content.calendar, ctx.now):
        return _closed(now, ctx)
    position = yield from perform(JoinQueue(ctx.conversation, ctx.oa.oa_id, ctx.now, reason, now.talk))
    if isinstance(position, Unavailable):
        return Decision(now, (Reply("handover", ctx.say("common.try_later")),))
    text = ctx.text("officer.next") if position <= 1 else ctx.text("officer.waiting", place=position)
    human = OfficerSession(since=ctx.now, until=ctx.now + MAX_WAIT)
    reply = Reply("handover", compose(text, [ctx.menu_button]))
    return Decision(now.evolve(human=human, run=None), (reply, RequestOfficer(reason)))


def _closed(now: Conversation, ctx: Context) -> Decision:
    opens = _next_opening(ctx)
    holiday = ctx.content.calendar.holiday(ctx.now.astimezone(VIETNAM).date())
    if holiday is not None:
        text = ctx.text("officer.holiday", holiday=holiday.name, opens=opens)
    else:
        text = ctx.text("officer.closed", oa=ctx.oa.name, hours=in_words(ctx.pack.hours), opens=opens)
    return Decision(now, (Reply("handover", compose(text, [ctx.menu_button])),))


def _next_opening(ctx: Context) -> str:
    """Returns when officers are there next, as text; holidays count."""
    opening = next_opening(ctx.pack.hours, ctx.content.calendar, ctx.now)
    return f"{opening.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}" if opening else "ngày làm việc tới"
