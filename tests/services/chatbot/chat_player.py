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
from contracts.message import Attachment, Button, InboundMessage, Kind, MessagePart
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.decide import decide
from services.chatbot.dialogue.actions import Action, Decision, Reply
from services.chatbot.dialogue.context_factory import ContextFactory
from services.chatbot.dialogue.effects import Effect, Unavailable
from services.chatbot.dialogue.rules import Flows
from services.chatbot.dialogue.state import Conversation
from services.chatbot.dialogue.turn import Trigger, Turn
from services.chatbot.features.officer.effects import JoinQueue
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import Outcome, Understood
from tests.events import NOON, make_event, message_received, sealed_address, sealed_body

EffectHandlers = Mapping[type[Effect[Any]], Callable[[Any], Any]]


def meaning(key: str, facet: str = "whole", *others: str) -> Understood:
    """Returns what the model understands of a clear question about `key`."""
    outcome: Outcome = "flow" if key.startswith("f_") else "answer"
    return Understood(outcome, key, facet, 1.0, (key, *others), others)


@dataclass(slots=True)
class Chat:
    """One citizen with one OA. `answers` maps a kind of question to a function that answers it."""

    content: Content
    flows: Flows
    oa_id: str
    answers: dict[type[Effect[Any]], Callable[[Any], Any]] = field(default_factory=dict)
    now: datetime = NOON - timedelta(hours=3)  # Nine on a Monday morning: the offices are open.
    state: Conversation = field(default_factory=Conversation)
    decision: Decision = field(default_factory=lambda: Decision(Conversation()))
    performed: list[Effect[Any]] = field(default_factory=list)  # By the latest turn.

    def says(
        self, text: str, understood: Understood | None = None, *, kind: Kind = Kind.TEXT, **place: float
    ) -> tuple[MessagePart, ...]:
        """A message of the citizen; `read` is what the understanding makes of it."""
        if understood is not None:
            self.answers[Understand] = lambda _: understood
        attachments = (Attachment(kind=kind, **place),) if place else ()
        event = message_received(text, oa_id=self.oa_id, at=self.now, kind=kind, attachments=attachments)
        return self._turn(Turn.from_message(event, kind, InboundMessage(text=text, attachments=attachments)))

    def presses(self, title: str) -> tuple[MessagePart, ...]:
        """Press the button of that title under the last words."""
        matching = [
            button for part in self.parts for button in part.buttons if title.casefold() in button.title.casefold()
        ]
        assert matching, f"no button like {title!r} among {[b.title for b in self.buttons]}"
        return self.says(matching[0].payload)

    def officer_writes(self, text: str) -> tuple[MessagePart, ...]:
        body = sealed_body(InboundMessage(text=text), self.oa_id)
        event = make_event(
            OfficerReplied, oa_id=self.oa_id, at=self.now, body=body, address=sealed_address(oa_id=self.oa_id)
        )
        return self._turn(Turn(Trigger.OFFICER, event, self.now, Kind.TEXT, text))

    def follows(self) -> tuple[MessagePart, ...]:
        event = message_received("", oa_id=self.oa_id, at=self.now)
        return self._turn(Turn(Trigger.FOLLOWED, event, self.now))

    def waits(self, **how_long: float) -> tuple[MessagePart, ...]:
        """Time passes, and whatever is due by then rings, once."""
        self.now += timedelta(**how_long)
        due = self.state.due()
        if due is None or due > self.now:
            return ()
        return self._turn(Turn(Trigger.TIMER, message_received("", oa_id=self.oa_id, at=self.now), self.now))

    def _turn(self, turn: Turn) -> tuple[MessagePart, ...]:
        self.now += timedelta(seconds=1)
        contexts = ContextFactory(ContentEditions(self.content), "e_government")
        before = self.state.evolve(address="sealed")
        process = decide(before, turn, contexts.create(turn.event, turn.at, before), self.flows)
        self.performed, answer = [], None
        try:
            while True:
                effect = process.send(answer)
                self.performed.append(effect)
                handler = self.answers.get(type(effect))
                answer = handler(effect) if handler else Unavailable(type(effect).__name__)
        except StopIteration as end:
            self.decision = end.value
        self.state = self.decision.state
        return self.parts

    @property
    def parts(self) -> tuple[MessagePart, ...]:
        return tuple(part for action in self.decision.actions if isinstance(action, Reply) for part in action.parts)

    @property
    def last(self) -> str:
        """Everything the bot said in this turn."""
        return "\n".join(part.text for part in self.parts)

    @property
    def buttons(self) -> list[Button]:
        return [button for part in self.parts for button in part.buttons]

    @property
    def outcomes(self) -> list[str]:
        return [action.outcome for action in self.decision.actions if isinstance(action, Reply)]

    def actions(self, kind: type[Action]) -> list[Any]:
        return [action for action in self.decision.actions if isinstance(action, kind)]


def first_in_queue(_: JoinQueue) -> int:
    return 1
