"""A chat, played against the real decisions: what the citizen does goes in, the bot's messages come out.

chat = Chat(content, flows, oa_id, now, {Understand: lambda effect: model.understand([effect.text])[0]})
chat.says("làm căn cước cần giấy tờ gì")
print(chat.last)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from contracts.event import Event
from contracts.gateway import CitizenFollowed, MessageReceived, OfficerReplied
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
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import Understood

DEFAULT_PACK = "e_government"
SEALED = "in-memory"  # Nothing is sealed here: nothing leaves the process.

Handler = Callable[[Any], Any]
Handlers = dict[type[Effect[Any]], Handler]


@dataclass(slots=True)
class Chat:
    """One citizen with one OA. A kind of effect without a handler is answered as by a source that is away."""

    content: Content
    flows: Flows
    oa_id: str
    now: datetime
    handlers: Handlers = field(default_factory=dict)
    conversation: str = "citizen"
    state: Conversation = field(default_factory=Conversation)
    decision: Decision = field(default_factory=lambda: Decision(Conversation()))
    performed: list[tuple[Effect[Any], Any]] = field(default_factory=list)  # By the latest turn, with its answers.
    turns: int = 0

    def says(
        self,
        text: str,
        understood: Understood | None = None,
        *,
        kind: Kind = Kind.TEXT,
        attachments: Sequence[Attachment] = (),
    ) -> tuple[MessagePart, ...]:
        """A message of the citizen; `understood` is what the language model answers from now on."""
        if understood is not None:
            self.handlers[Understand] = lambda _: understood
        event = self._event(MessageReceived, kind=kind, body=SEALED)
        message = InboundMessage(text=text, attachments=tuple(attachments))
        return self.play(Turn.from_message(event, kind, message))

    def presses(self, title: str) -> tuple[MessagePart, ...]:
        """Press the button under the latest messages whose title has these words. Raises LookupError where none has."""
        wanted = title.casefold()
        button = next((button for button in self.buttons if wanted in button.title.casefold()), None)
        if button is None:
            raise LookupError(f"no button like {title!r} among {[button.title for button in self.buttons]}")
        return self.says(button.payload)

    def officer_writes(self, text: str) -> tuple[MessagePart, ...]:
        event = self._event(OfficerReplied, body=SEALED)
        return self.play(Turn(Trigger.OFFICER, event, self.now, Kind.TEXT, text))

    def follows(self) -> tuple[MessagePart, ...]:
        return self.play(Turn(Trigger.FOLLOWED, self._event(CitizenFollowed), self.now))

    def waits(self, **how_long: float) -> tuple[MessagePart, ...]:
        """Time passes; what is due by then is due once."""
        self.now += timedelta(**how_long)
        due = self.state.due()
        if due is None or due > self.now:
            self.decision = Decision(self.state)
            return ()
        return self.play(Turn(Trigger.TIMER, self._event(MessageReceived, kind=Kind.TEXT, body=SEALED), self.now))

    def _event(self, event_type: type[Event], **fields: Any) -> Any:
        """With an id that is the same whenever the same chat is played."""
        self.turns += 1
        event_id = uuid5(NAMESPACE_URL, f"{self.conversation} {self.oa_id} {self.turns}")
        about = {"occurred_at": self.now, "conversation": self.conversation, "oa_id": self.oa_id, "address": SEALED}
        return event_type(id=event_id, **about, **fields)

    def play(self, turn: Turn) -> tuple[MessagePart, ...]:
        """Decide this turn and go on from there."""
        self.now += timedelta(seconds=1)
        contexts = ContextFactory(ContentEditions(self.content), DEFAULT_PACK)
        before = self.state.evolve(address=SEALED)
        process = decide(before, turn, contexts.create(turn.event, turn.at, before), self.flows)
        self.performed, answer = [], None
        try:
            while True:
                effect = process.send(answer)
                handler = self.handlers.get(type(effect))
                answer = handler(effect) if handler else Unavailable(type(effect).__name__)
                self.performed.append((effect, answer))
        except StopIteration as end:
            self.decision = end.value
        self.state = self.decision.state
        return self.parts

    @property
    def parts(self) -> tuple[MessagePart, ...]:
        return tuple(part for reply in self.actions(Reply) for part in reply.parts)

    @property
    def last(self) -> str:
        """Everything the bot said in this turn."""
        return "\n".join(part.text for part in self.parts)

    @property
    def buttons(self) -> list[Button]:
        return [button for part in self.parts for button in part.buttons]

    @property
    def outcomes(self) -> list[str]:
        return [reply.outcome for reply in self.actions(Reply)]

    def actions(self, kind: type[Action]) -> list[Any]:
        return [action for action in self.decision.actions if isinstance(action, kind)]
