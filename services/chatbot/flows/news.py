"""News, crime warnings and clips: the latest, by topic; and which topics a citizen wants to be sent."""

from services.chatbot.content.models.news import Article
from services.chatbot.context import Context
from services.chatbot.decision import TellSubscription
from services.chatbot.flows.kit import Done, Entered, Flow, Go, NotMine, StepTable, Taken, Wait, at_once, picked
from services.chatbot.speech import link, parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn, plain

SHOWN = 4
ALL = "tat_ca"
_SHORTEST = 4  # Letters of a topic's name that are enough, when no other has them.


def _latest(ctx: Context, run: Run) -> Entered:
    topic = run.slots.get("topic")
    articles = ctx.content.news_of(ctx.pack.id, topic, SHOWN)
    if not articles:
        return Done(parts(ctx.text("news.none"), [tap(ctx.text("button.menu"), "#menu")]))
    title = ctx.text("news.by_topic", topic=ctx.content.topics[topic].name) if topic else ctx.text("news.latest")
    entries = "\n\n".join(f"{number}. {_entry(ctx, one)}" for number, one in enumerate(articles, start=1))
    buttons = [tap(f"{number}. {one.title}", f"#chon doc {one.id}") for number, one in enumerate(articles[:3], start=1)]
    buttons.append(tap(ctx.text("button.other"), "#chon chu_de"))
    buttons.append(tap(ctx.text("button.subscribe"), f"#lam f_dang_ky_tin {topic}" if topic else "#lam f_dang_ky_tin"))
    return Wait(parts(f"{title}\n\n{entries}", buttons))


def _entry(ctx: Context, one: Article) -> str:
    if one.kind == "warning":
        return ctx.text("news.warning", title=one.title, summary=one.summary)
    return ctx.text("news.entry", date=f"{one.date:%d/%m/%Y}", title=one.title, summary=one.summary)


def _chosen(ctx: Context, run: Run, turn: Turn) -> Taken:
    chosen = picked(turn)
    if chosen == "chu_de":
        return Go("topics")
    if chosen and chosen.startswith("doc "):
        return _read(ctx, chosen.removeprefix("doc "))
    number = turn.text.strip(" .")
    articles = ctx.content.news_of(ctx.pack.id, run.slots.get("topic"), SHOWN)
    if number.isdigit() and 1 <= int(number) <= len(articles):
        return _read(ctx, articles[int(number) - 1].id)
    return NotMine()


def _read(ctx: Context, article: str) -> Taken:
    one = next((known for known in ctx.content.news if known.id == article), None)
    if one is None:
        return Wait(parts(ctx.text("news.none")))
    body = "\n\n".join(one.body) or one.summary
    text = ctx.text("news.read", title=one.title, body=body)
    buttons = [link(ctx.text("button.more"), one.url)] if one.url else []
    return Wait(
        parts(text, [*buttons, tap(ctx.text("button.other"), "#chon chu_de"), tap(ctx.text("button.menu"), "#menu")])
    )


def _topics(ctx: Context, run: Run) -> Entered:  # noqa: ARG001 — a step's shape.
    buttons = [tap(ctx.content.topics[topic].name, f"#chon {topic}") for topic in ctx.pack.topics]
    said = parts(ctx.text("news.topics"), buttons[:5])
    return Wait((*said, *parts(ctx.text("menu.more"), buttons[5:])) if len(buttons) > 5 else said)  # noqa: PLR2004 — Zalo's five buttons.


def _topic_chosen(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    topic = _topic(ctx, turn)
    return Go("latest", {"topic": topic}) if topic else NotMine()


def _topic(ctx: Context, turn: Turn) -> str | None:
    """By button, or by its name as typed."""
    chosen = picked(turn)
    if chosen in ctx.pack.topics:
        return chosen
    said = plain(turn.text)
    meant = [
        topic for topic in ctx.pack.topics if len(said) >= _SHORTEST and said in plain(ctx.content.topics[topic].name)
    ]
    return meant[0] if len(meant) == 1 else None


def _start(words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    return "latest", {"topic": words[0]} if words else {}


def _ask_subscription(ctx: Context, run: Run) -> Entered:
    if run.slots.get("topic") in ctx.pack.topics:
        return Go("change", {"topic": run.slots["topic"]})
    buttons = [tap(ctx.content.topics[topic].name, f"#chon {topic}") for topic in ctx.pack.topics]
    said = parts(ctx.text("news.subscribe_ask"), buttons[:5])
    more = [*buttons[5:8], tap(ctx.text("button.unsubscribe"), "#chon bo_het")]
    return Wait((*said, *parts(ctx.text("menu.more"), more)))


def _subscription_chosen(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    if picked(turn) == "bo_het" or plain(turn.text) in {"bo dang ky", "bo dang ky tin", "ngung nhan tin"}:
        return Go("change", {"topic": ALL})
    topic = _topic(ctx, turn)
    return Go("change", {"topic": topic}) if topic else NotMine()


def _change(ctx: Context, run: Run) -> Entered:
    topic, now = run.slots["topic"], set(ctx.before.subscriptions)
    menu = [tap(ctx.text("button.menu"), "#menu")]
    if topic == ALL:
        told = tuple(TellSubscription(one, subscribed=False) for one in ctx.pack.topics)
        return Done(parts(ctx.text("news.unsubscribed_all"), menu), changes={"subscriptions": ()}, do=told)
    name = ctx.content.topics[topic].name
    if topic in now:
        return Done(
            parts(
                ctx.text("news.already", topic=name),
                [tap(ctx.text("button.unsubscribe"), f"#lam f_dang_ky_tin {ALL}"), *menu],
            )
        )
    after = tuple(sorted({*now, topic}))
    said = parts(ctx.text("news.subscribed", topic=name), menu)
    return Done(said, changes={"subscriptions": after}, do=(TellSubscription(topic, subscribed=True),))


def _start_subscription(words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    return ("change" if words[:1] == (ALL,) else "ask"), {"topic": words[0]} if words else {}


NEWS = Flow(
    "f_tin_tuc",
    {
        "latest": StepTable(at_once(_latest), at_once(_chosen)),
        "topics": StepTable(at_once(_topics), at_once(_topic_chosen)),
    },
    "latest",
    _start,
)
SUBSCRIPTIONS = Flow(
    "f_dang_ky_tin",
    {
        "ask": StepTable(at_once(_ask_subscription), at_once(_subscription_chosen)),
        "change": StepTable(at_once(_change), at_once(_subscription_chosen)),
    },
    "ask",
    _start_subscription,
)
