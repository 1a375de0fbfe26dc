"""A greeting, thanks, a nod, a farewell: answered in kind. None of them is a question that was not understood."""

from services.chatbot.answers import menu_answer
from services.chatbot.context import Context
from services.chatbot.decision import Decision, Say
from services.chatbot.speech import parts, tap
from services.chatbot.state import Conversation


def courtesy(which: str, now: Conversation, ctx: Context) -> Decision:
    """`which` is one of understand.wishes.COURTESIES. A greeting begins with what can be done here."""
    after = now.model_copy(update={"misses": 0})
    if which == "greeting":
        hello = ctx.text("welcome.hello", oa=ctx.oa.name)
        return Decision(after, (Say("courtesy", (*parts(hello), *menu_answer(ctx))),))
    said = parts(ctx.text(f"welcome.{which}"), [tap(ctx.text("button.menu"), "#menu")])
    return Decision(after, (Say("courtesy", said),))
