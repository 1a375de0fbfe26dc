"""News, crime warnings and clips: the latest, by topic; and which topics a citizen wants to be sent."""

from contracts.text import fold, read_number
from services.chatbot.content.models.news import Article
from services.chatbot.dialogue.actions import ReportSubscription
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.messages import compose, link, tap
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    Finish,
    Flow,
    GoTo,
    HandleResult,
    NotHandled,
    Opening,
    PromptResult,
    Step,
    picked,
    pure,
)
from services.chatbot.dialogue.turn import Turn

MAX_SHOWN = 4
ALL_TOPICS = "tat_ca"
_MIN_LETTERS = 4  # Letters of a topic's name that are enough, when no other has them.


def _latest(ctx: Context, flow_state: FlowState) -> PromptResult:
    topic = flow_state.slots.get("topic")
    articles = ctx.content.news_of(ctx.pack.id, topic, MAX_SHOWN)
    if not articles:
        return Finish(ctx.say("news.none", ctx.menu_button))
    title = ctx.text("news.by_topic", topic=ctx.content.topics[topic].name) if topic else ctx.text("news.latest")
    entries = "\n\n".join(f"{number}. {_entry(ctx, article)}" for number, article in enumerate(articles, start=1))
    buttons = [
        tap(f"{number}. {article.title}", f"#chon doc {article.id}")
        for number, article in enumerate(articles[:3], start=1)
    ]
    buttons.append(tap(ctx.text("button.other"), "#chon chu_de"))
    buttons.append(tap(ctx.text("button.subscribe"), f"#lam f_dang_ky_tin {topic}" if topic else "#lam f_dang_ky_tin"))
    return Ask(compose(f"{title}\n\n{entries}", buttons))


def _entry(ctx: Context, article: Article) -> str:
    if article.kind == "warning":
        return ctx.text("news.warning", title=article.title, summary=article.summary)
    return ctx.text("news.entry", date=f"{article.date:%d/%m/%Y}", title=article.title, summary=article.summary)


def _chosen(ctx: Context, flow_state: FlowState, turn: Turn) -> HandleResult:
    chosen = picked(turn)
    if chosen == "chu_de":
        return GoTo("topics")
    if chosen and chosen.startswith("doc "):
        return _article(ctx, chosen.removeprefix("doc "))
    place = read_number(turn.text.strip(" ."), 1)
    articles = ctx.content.news_of(ctx.pack.id, flow_state.slots.get("topic"), MAX_SHOWN)
    if place is not None and 1 <= place <= len(articles):
        return _article(ctx, articles[place - 1].id)
    return NotHandled()


def _article(ctx: Context, article_id: str) -> HandleResult:
    article = next((candidate for candidate in ctx.content.news if candidate.id == article_id), None)
    if article is None:
        return Ask(ctx.say("news.none"))
    body = "\n\n".join(article.body) or article.summary
    text = ctx.text("news.read", title=article.title, body=body)
    buttons = [link(ctx.text("button.more"), article.url)] if article.url else []
    return Ask(compose(text, [*buttons, tap(ctx.text("button.other"), "#chon chu_de"), ctx.menu_button]))


def _topics(ctx: Context, _flow_state: FlowState) -> PromptResult:
    buttons = [tap(ctx.content.topics[topic].name, f"#chon {topic}") for topic in ctx.pack.topics]
    message = ctx.say("news.topics", *buttons[:5])
    return Ask((*message, *ctx.say("menu.more", *buttons[5:])) if len(buttons) > 5 else message)  # noqa: PLR2004 — Zalo's five buttons.


def _topic_chosen(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    topic = _topic(ctx, turn)
    return GoTo("latest", {"topic": topic}) if topic else NotHandled()


def _topic(ctx: Context, turn: Turn) -> str | None:
    """By button, or by its name as typed."""
    chosen = picked(turn)
    if chosen in ctx.pack.topics:
        return chosen
    typed = fold(turn.text)
    matches = [
        topic
        for topic in ctx.pack.topics
        if len(typed) >= _MIN_LETTERS and typed in fold(ctx.content.topics[topic].name)
    ]
    return matches[0] if len(matches) == 1 else None


def _start(ctx: Context, words: tuple[str, ...]) -> Opening | None:
    match words:
        case ():
            return "latest", {}
        case (topic,) if topic in ctx.content.topics:
            return "latest", {"topic": topic}
        case _:
            return None


def _prompt_subscription(ctx: Context, flow_state: FlowState) -> PromptResult:
    if flow_state.slots.get("topic") in ctx.pack.topics:
        return GoTo("change", {"topic": flow_state.slots["topic"]})
    buttons = [tap(ctx.content.topics[topic].name, f"#chon {topic}") for topic in ctx.pack.topics]
    message = ctx.say("news.subscribe_ask", *buttons[:5])
    more = [*buttons[5:8], tap(ctx.text("button.unsubscribe"), "#chon bo_het")]
    return Ask((*message, *ctx.say("menu.more", *more)))


def _handle_subscription(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    if picked(turn) == "bo_het" or fold(turn.text) in {"bo dang ky", "bo dang ky tin", "ngung nhan tin"}:
        return GoTo("change", {"topic": ALL_TOPICS})
    topic = _topic(ctx, turn)
    return GoTo("change", {"topic": topic}) if topic else NotHandled()


def _change(ctx: Context, flow_state: FlowState) -> PromptResult:
    topic, subscribed = flow_state.slots["topic"], set(ctx.subscriptions)
    menu_buttons = [ctx.menu_button]
    if topic == ALL_TOPICS:
        reports = tuple(ReportSubscription(topic_id, subscribed=False) for topic_id in ctx.pack.topics)
        return Finish(ctx.say("news.unsubscribed_all", *menu_buttons), changes={"subscriptions": ()}, actions=reports)
    name = ctx.content.topics[topic].name
    if topic in subscribed:
        return Finish(
            ctx.say(
                "news.already",
                tap(ctx.text("button.unsubscribe"), f"#lam f_dang_ky_tin {ALL_TOPICS}"),
                *menu_buttons,
                topic=name,
            )
        )
    subscriptions = tuple(sorted({*subscribed, topic}))
    message = ctx.say("news.subscribed", *menu_buttons, topic=name)
    return Finish(
        message, changes={"subscriptions": subscriptions}, actions=(ReportSubscription(topic, subscribed=True),)
    )


def _start_subscription(ctx: Context, words: tuple[str, ...]) -> Opening | None:
    match words:
        case ():
            return "ask", {}
        case (topic,) if topic == ALL_TOPICS:
            return "change", {"topic": topic}
        case (topic,) if topic in ctx.content.topics:
            return "ask", {"topic": topic}
        case _:
            return None


NEWS = Flow(
    "f_tin_tuc",
    {
        "latest": Step(pure(_latest), pure(_chosen)),
        "topics": Step(pure(_topics), pure(_topic_chosen)),
    },
    "latest",
    _start,
    surveyed=False,
)
SUBSCRIPTIONS = Flow(
    "f_dang_ky_tin",
    {
        "ask": Step(pure(_prompt_subscription), pure(_handle_subscription)),
        "change": Step(pure(_change), pure(_handle_subscription)),
    },
    "ask",
    _start_subscription,
    surveyed=False,
)
FLOWS = (NEWS, SUBSCRIPTIONS)
