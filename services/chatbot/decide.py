"""What the chatbot does next: the first rule that fits wins. Pure: no clock, no network, no storage, no log.

It is a generator: where it needs to know something (what a question means, a dossier's status) it yields the question and is
resumed with the answer. See asks.py.
"""

from collections.abc import Mapping
from dataclasses import replace

from contracts.floor import OPEN, Holder, hear
from contracts.message import Button
from services.chatbot.answers import menu_answer, written_on_a_button
from services.chatbot.asks import Asking, ask
from services.chatbot.content.flows import FLOWS
from services.chatbot.context import Context
from services.chatbot.danger import in_danger
from services.chatbot.decision import Decision, Do, EndErrand, Release, Say
from services.chatbot.flows.kit import Flow, Unfit, ask_again, back, cancel, take
from services.chatbot.flows.survey import invited
from services.chatbot.grants import read_invite
from services.chatbot.officer import LeaveQueue
from services.chatbot.questions import free_text
from services.chatbot.reading import clear, interrupted
from services.chatbot.shown import meant, remembered
from services.chatbot.speech import parts, tap
from services.chatbot.state import ABANDON_AFTER, OFFICER_SILENCE, REMIND_AFTER, Conversation, Human, Line, Run
from services.chatbot.taps import tapped
from services.chatbot.turn import Command, Turn, What, command, global_word

LINES = 8  # Of the talk so far, kept for the officer who may take over.
LINE_CHARACTERS = 160

Flows = Mapping[str, Flow]


def decide(before: Conversation, turn: Turn, ctx: Context, flows: Flows) -> Asking[Decision]:
    match turn.what:
        case What.RANG:
            return (yield from _rang(before, ctx))
        case What.FOLLOWED:
            return _welcome(before, ctx)
        case What.OFFICER:
            return (yield from _officer_spoke(before, turn, ctx))
        case What.SAID:
            return (yield from _said(before, turn, ctx, flows))


def _said(before: Conversation, turn: Turn, ctx: Context, flows: Flows) -> Asking[Decision]:
    floor, holder = hear(before.floor, turn.text, turn.at)
    if holder is Holder.TIPS:
        # Tips answers this one; we only keep count of who has the floor.
        return Decision(before.model_copy(update={"floor": floor, "last_at": turn.at}))
    now = before.model_copy(update={"floor": floor, "last_at": turn.at, "talk": _told(before.talk, turn)})
    do: tuple[Do, ...] = ()
    if now.human is not None:
        if turn.at < now.human.until and _waits_for_officer(turn):
            return Decision(now)  # An officer has the talk; a bot that butts in is worse than none.
        yield from ask(LeaveQueue(ctx.conversation, ctx.oa.oa_id))
        do = (Release("citizen" if turn.at < now.human.until else "idle"),)
        now = now.model_copy(update={"human": None})
    decision = remembered(invited((yield from _answer(now, turn, ctx, flows)), ctx))
    return Decision(decision.after, (*do, *decision.do))


def _answer(now: Conversation, turn: Turn, ctx: Context, flows: Flows) -> Asking[Decision]:
    told = command(turn.text)
    word = global_word(turn.text)
    if now.run is not None and (expired := _expired(now, now.run, ctx)):
        decision = yield from _answer(expired.after, turn, ctx, flows)
        return Decision(decision.after, (*expired.do, *decision.do))
    if word is not None and not (told and told.words):
        return (yield from _global(word, now, ctx, flows))
    if now.run is not None and now.run.flow in flows and (told is None or told.verb == "chon"):
        return (yield from _errand(now, now.run, turn, ctx, flows))
    if told is not None:
        return (yield from tapped(told, now, ctx, flows))
    if (invite := read_invite(turn.text)) is not None:  # Passed on by somebody, as typed or forwarded.
        return (yield from tapped(Command("lam", ("f_uy_quyen", invite)), now, ctx, flows))
    return (yield from _own_words(now, turn, ctx, flows))


def _errand(now: Conversation, run: Run, turn: Turn, ctx: Context, flows: Flows) -> Asking[Decision]:
    """The errand's own answer, however it is given; unless the words plainly are about something else."""
    flow = flows[run.flow]
    interruption, pressed = (yield from interrupted(run, turn, ctx)), meant(run, turn.text)
    if interruption == "danger":
        return in_danger(now, ctx)  # Whatever was asked for: a life comes first.
    if interruption == "wish" and pressed is None:
        return (yield from _digress(now, run, turn, ctx, flows))
    taken = yield from take(flow, now, run, ctx, turn)
    if not isinstance(taken, Decision) and pressed is not None:
        taken = yield from take(flow, now, run, ctx, replace(turn, text=pressed))
    if isinstance(taken, Unfit) and not (yield from clear(turn, ctx)):
        return taken.sorry
    if isinstance(taken, Decision):
        return taken
    return (yield from _digress(now, run, turn, ctx, flows))


def _own_words(now: Conversation, turn: Turn, ctx: Context, flows: Flows) -> Asking[Decision]:
    """Free text. What reads like a button of the menu is that button."""
    written = written_on_a_button(turn.text, ctx)
    button = command(written) if written else None
    if button is not None and written != OPEN:
        return (yield from tapped(button, now, ctx, flows))
    return (yield from free_text(now, turn, ctx, flows))


def _digress(now: Conversation, run: Run, turn: Turn, ctx: Context, flows: Flows) -> Asking[Decision]:
    """Another question in the middle of an errand: answered, and the errand's own question asked once more."""
    aside = yield from _own_words(now, turn, ctx, flows)
    if aside.after.run is not run:
        return aside  # It began another errand, or left this one.
    said = tuple(part for do in aside.do if isinstance(do, Say) for part in do.parts)
    rest = tuple(do for do in aside.do if not isinstance(do, Say))
    decision = yield from ask_again(flows[run.flow], aside.after, run, ctx, said)
    return Decision(decision.after, (*decision.do, *rest))


def _global(word: str, now: Conversation, ctx: Context, flows: Flows) -> Asking[Decision]:
    run = now.run
    match word:
        case "cancel":
            if run is not None:
                return cancel(now, run, ctx)
            return Decision(now, (Say("menu", parts(ctx.text("common.nothing_to_cancel"), [_menu(ctx)])),))
        case "back" if run is not None and run.flow in flows:
            return (yield from back(flows[run.flow], now, run, ctx))
        case "back":
            return Decision(now, (Say("menu", parts(ctx.text("common.no_back"), [_menu(ctx)])),))
        case "help" if run is not None and run.flow in flows:
            said = parts(ctx.text("common.help_in_flow", flow=FLOWS[run.flow], hint=""))
            return (yield from ask_again(flows[run.flow], now, run, ctx, said))
        case "help":
            return Decision(now, (Say("menu", (*parts(ctx.text("common.help")), *menu_answer(ctx))),))
        case "officer":
            return (yield from tapped(Command("canbo"), now, ctx, flows))
        case _:
            left: tuple[Do, ...] = (EndErrand(run.flow, "abandoned"),) if run else ()
            return Decision(now.model_copy(update={"run": None}), (Say("menu", menu_answer(ctx)), *left))


def _welcome(before: Conversation, ctx: Context) -> Decision:
    after = before.model_copy(update={"welcomed": True, "last_at": ctx.now})
    key = "welcome.again" if before.welcomed else "welcome.followed"
    said = parts(ctx.text(key, oa=ctx.oa.name) if key == "welcome.followed" else ctx.text(key))
    return Decision(after, (Say("welcome", (*said, *menu_answer(ctx))),))


def _officer_spoke(before: Conversation, turn: Turn, ctx: Context) -> Asking[Decision]:
    """Nobody waits any more: the officer is here."""
    if before.human is not None and not before.human.answered:
        yield from ask(LeaveQueue(ctx.conversation, ctx.oa.oa_id))
    human = before.human or Human(since=turn.at, until=turn.at)
    human = human.model_copy(update={"until": turn.at + OFFICER_SILENCE, "answered": True})
    line = Line(at=turn.at, who="officer", text=turn.text[:LINE_CHARACTERS])
    talk = (*before.talk, line)[-LINES:]
    return Decision(before.model_copy(update={"human": human, "talk": talk, "last_at": turn.at}))


def _rang(before: Conversation, ctx: Context) -> Asking[Decision]:
    """Something is due: an officer's silence ends, a half-done errand is recalled once, or let go of."""
    if before.human is not None and ctx.now >= before.human.until:
        yield from ask(LeaveQueue(ctx.conversation, ctx.oa.oa_id))
        said = parts(ctx.text("officer.returned"), [_menu(ctx)])
        return Decision(before.model_copy(update={"human": None}), (Say("handover", said), Release("idle")))
    run = before.run
    if run is None:
        return Decision(before)
    if (expired := _expired(before, run, ctx)) is not None:
        return expired
    if run.reminded or ctx.now < run.touched_at + REMIND_AFTER:
        return Decision(before)
    buttons = [tap(ctx.text("button.resume"), "#tieptuc"), tap(ctx.text("button.cancel"), "#huy")]
    said = parts(ctx.text("common.reminder", flow=FLOWS[run.flow]), buttons)
    return Decision(
        before.model_copy(update={"run": run.model_copy(update={"reminded": True})}), (Say("reminder", said),)
    )


def _expired(now: Conversation, run: Run, ctx: Context) -> Decision | None:
    if ctx.now < run.touched_at + ABANDON_AFTER:
        return None
    return Decision(now.model_copy(update={"run": None}), (EndErrand(run.flow, "abandoned"),))


def _waits_for_officer(turn: Turn) -> bool:
    """Anything but a clear wish to have the bot back."""
    return global_word(turn.text) not in {"menu", "cancel"} and command(turn.text) is None


def _told(talk: tuple[Line, ...], turn: Turn) -> tuple[Line, ...]:
    text = turn.text if not turn.text.startswith("#") else ""
    told = text or f"({turn.kind})" if turn.kind != "text" or text else ""
    return (*talk, Line(at=turn.at, who="citizen", text=told[:LINE_CHARACTERS]))[-LINES:] if told else talk


def _menu(ctx: Context) -> Button:
    return tap(ctx.text("button.menu"), "#menu")
