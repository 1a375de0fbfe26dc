"""A greeting, thanks, a nod, a farewell: answered in kind. None of them is a question that was not understood."""

from services.chatbot.dialogue.actions import Decision, Reply
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.messages import compose
from services.chatbot.dialogue.state import Conversation
from services.chatbot.replies.procedures import menu_answer


def smalltalk_reply(kind: str, now: Conversation, ctx: Context) -> Decision:
    """`which` is one of understand.wishes.COURTESIES. A greeting begins with what can be done here."""
    after = now.evolve(misses=0)
    if kind == "greeting":
        greeting = ctx.text("welcome.hello", oa=ctx.oa.name)
        return Decision(after, (Reply("courtesy", (*compose(greeting), *menu_answer(ctx))),))
    message = ctx.say(f"welcome.{kind}", ctx.menu_button)
    return Decision(after, (Reply("courtesy", message),))
