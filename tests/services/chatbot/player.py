"""A chat, played against the real decisions: `chat.says("…")` gives the bot's words. The world's answers are handed in by kind.

chat = Chat(content)
chat.says("làm căn cước cần giấy tờ gì", meaning("cc_cap_tu14", "papers"))
assert "Cấp thẻ căn cước" in chat.last
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from contracts.gateway import OfficerReplied
from contracts.message import Attachment, Button, Kind, Part, Spoken
from services.chatbot.asks import Question, Unavailable
from services.chatbot.content.content import Content
from services.chatbot.content.shelf import Shelf
from services.chatbot.decide import Flows, decide
from services.chatbot.decision import Decision, Do, Say
from services.chatbot.officer import JoinQueue
from services.chatbot.profile import Profiles
from services.chatbot.reading import Understand
from services.chatbot.state import Conversation
from services.chatbot.turn import Turn, What
from services.chatbot.understand.understood import Codes
from tests.facts import NOON, fact, heard, sealed_address, sealed_body

Answers = Mapping[type[Question[Any]], Callable[[Any], Any]]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an understanding would make of a text."""

    outcome: str = "decline"
    key: str | None = None
    facet: str | None = None
    choices: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    codes: Codes = field(default_factory=Codes)
    danger: bool = False
    tip: bool = False
    wish: str | None = None


def meaning(key: str, facet: str = "whole", *others: str) -> Meaning:
    return Meaning("flow" if key.startswith("f_") else "answer", key, facet, (key, *others), others)


@dataclass(slots=True)
class Chat:
    """One citizen with one OA. `answers` maps a kind of question to a function that answers it."""

    content: Content
    flows: Flows
    oa_id: str
    answers: dict[type[Question[Any]], Callable[[Any], Any]] = field(default_factory=dict)
    now: datetime = NOON - timedelta(hours=3)  # Nine on a Monday morning: the offices are open.
    after: Conversation = field(default_factory=Conversation)
    decision: Decision = field(default_factory=lambda: Decision(Conversation()))

    def says(
        self, text: str, read: Meaning | None = None, *, kind: Kind = Kind.TEXT, **place: float
    ) -> tuple[Part, ...]:
        """A message of the citizen; `read` is what the understanding makes of it."""
        if read is not None:
            self.answers[Understand] = lambda _: read
        attachments = (Attachment(kind=kind, **place),) if place else ()
        event = heard(text, oa_id=self.oa_id, at=self.now, kind=kind, attachments=attachments)
        return self._turn(Turn.said(event, kind, Spoken(text=text, attachments=attachments)))

    def taps(self, title: str) -> tuple[Part, ...]:
        """Press the button of that title under the last words."""
        found = [
            button for part in self.parts for button in part.buttons if title.casefold() in button.title.casefold()
        ]
        assert found, f"no button like {title!r} among {[b.title for b in self.buttons]}"
        return self.says(found[0].payload)

    def officer_writes(self, text: str) -> tuple[Part, ...]:
        body = sealed_body(Spoken(text=text), self.oa_id)
        event = fact(OfficerReplied, oa_id=self.oa_id, at=self.now, body=body, address=sealed_address(oa_id=self.oa_id))
        return self._turn(Turn(What.OFFICER, event, self.now, Kind.TEXT, text))

    def follows(self) -> tuple[Part, ...]:
        event = heard("", oa_id=self.oa_id, at=self.now)
        return self._turn(Turn(What.FOLLOWED, event, self.now))

    def waits(self, **how_long: float) -> tuple[Part, ...]:
        """Time passes, and whatever is due by then rings, once."""
        self.now += timedelta(**how_long)
        due = self.after.due()
        if due is None or due > self.now:
            return ()
        return self._turn(Turn(What.RANG, heard("", oa_id=self.oa_id, at=self.now), self.now))

    def _turn(self, turn: Turn) -> tuple[Part, ...]:
        self.now += timedelta(seconds=1)
        profiles = Profiles(Shelf(self.content), "e_government")
        context = profiles.context(turn.event, turn.at, self.after)
        before = self.after.model_copy(update={"address": "sealed"})
        asking = decide(before, turn, context, self.flows)
        answer: Any = None
        try:
            while True:
                question = asking.send(answer)
                known = self.answers.get(type(question))
                answer = known(question) if known else Unavailable(type(question).__name__)
        except StopIteration as end:
            self.decision = end.value
        self.after = self.decision.after
        return self.parts

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(part for do in self.decision.do if isinstance(do, Say) for part in do.parts)

    @property
    def last(self) -> str:
        """Everything the bot said in this turn."""
        return "\n".join(part.text for part in self.parts)

    @property
    def buttons(self) -> list[Button]:
        return [button for part in self.parts for button in part.buttons]

    @property
    def outcomes(self) -> list[str]:
        return [do.outcome for do in self.decision.do if isinstance(do, Say)]

    def did(self, kind: type[Do]) -> list[Any]:
        return [do for do in self.decision.do if isinstance(do, kind)]


def first_place(_: JoinQueue) -> int:
    return 1
