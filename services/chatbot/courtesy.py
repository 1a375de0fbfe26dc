"""A greeting, thanks, a nod, a farewell: answered in kind. None of them is a question that was not understood."""

from services.chatbot.answers import menu_answer
from services.chatbot.context import Context
from services.chatbot.decision import Decision, Reply
from services.chatbot.speech import compose, tap
from services.chatbot.state import Conversation


def smalltalk_reply(kind: str, now: Conversation, ctx: Context) -> Decision:
    """`which` is one of understand.wishes.COURTESIES. A greeting begins with what can be done here."""
    after = now.model_copy(update={"misses": 0})
    if kind == "greeting":
        greeting = ctx.text("welcome.hello", oa=ctx.oa.name)
        return Decision(after, (Reply("courtesy", (*compose(greeting), *menu_answer(ctx))),))
    message = compose(ctx.text(f"welcome.{kind}"), [tap(ctx.text("button.menu"), "#menu")])
    return Decision(after, (Reply("courtesy", message),))
