"""One batch, start to finish: recall, decide turn by turn, remember, say. The only room that knows both worlds."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from chassis.memory import Memory
from chassis.sealing import Ring
from chassis.types import Heard
from contracts.chatbot import ChatbotForgot
from contracts.event import Event
from contracts.gateway import CitizenActed, CitizenFollowed, CitizenWithdrew, MessageReceived, OfficerReplied
from contracts.message import Kind, Spoken
from services.chatbot.context import Context
from services.chatbot.decide import Flows, decide
from services.chatbot.decision import Decision
from services.chatbot.drive import Driver
from services.chatbot.metrics import count
from services.chatbot.profile import Profiles
from services.chatbot.state import Conversation
from services.chatbot.store import Conversations
from services.chatbot.turn import Turn, What
from services.chatbot.voice import Voice

WANTS = frozenset(
    {"message.received.v1", "officer.replied.v1", "citizen.followed.v1", "citizen.acted.v1", "citizen.withdrew.v1"}
)

Forget = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Chatbot:
    conversations: Conversations
    profiles: Profiles
    driver: Callable[[], Driver[str, Decision]]
    flows: Flows
    ring: Ring
    voice: Voice
    forget: Sequence[Forget] = ()

    async def on_batch(self, batch: Sequence[Heard]) -> list[Event]:
        """Raises Transient when a write was overtaken or the database is away; NotOurs for a body that does not open."""
        heard = [one.event for one in batch]
        memories = await self.conversations.recall({event.conversation: event.oa_id for event in heard})
        said = await self._take_turns(heard, memories)
        await self.conversations.remember(memories.values())
        return said + await self._forget(heard)

    async def _take_turns(self, heard: Sequence[Event], memories: Mapping[str, Memory[Conversation]]) -> list[Event]:
        """Wave by wave: the next message of every conversation at once, so that questions to the world go out in batches."""
        lines: dict[str, list[Event]] = defaultdict(list)
        for event in heard:
            lines[event.conversation].append(event)
        said: list[Event] = []
        while lines:
            wave = {name: events.pop(0) for name, events in lines.items()}
            lines = {name: events for name, events in lines.items() if events}
            said += await self._wave(wave, memories)
        return said

    async def _wave(self, wave: Mapping[str, Event], memories: Mapping[str, Memory[Conversation]]) -> list[Event]:
        said: list[Event] = []
        turns: dict[str, Turn] = {}
        for name, event in wave.items():
            if memories[name].knows(event):
                said += memories[name].again(event)
            elif (turn := self._open(event)) is not None:
                turns[name] = turn
        asking = {
            name: decide(self._before(turn, memories[name]), turn, self._look(turn, memories[name]), self.flows)
            for name, turn in turns.items()
        }
        decisions = await self.driver().run(asking)
        for name, decision in decisions.items():
            facts = self.voice.facts(turns[name].event, decision)
            memories[name].keep(turns[name].event, decision.after, facts)
            count(decision)
            said += facts
        return said

    def _open(self, event: Event) -> Turn | None:
        match event:
            case MessageReceived():
                return Turn.said(event, event.kind, self._spoken(event))
            case OfficerReplied():
                return Turn(What.OFFICER, event, event.occurred_at, Kind.TEXT, self._spoken(event).text)
            case CitizenFollowed() | CitizenActed(action="user_click_chatnow"):
                return Turn(What.FOLLOWED, event, event.occurred_at)
            case _:
                return None

    def _spoken(self, event: MessageReceived | OfficerReplied) -> Spoken:
        return Spoken.model_validate_json(self.ring.open(event.body, event.oa_id, "body"))

    def _before(self, turn: Turn, memory: Memory[Conversation]) -> Conversation:
        address = getattr(turn.event, "address", None)
        return memory.state.model_copy(update={"address": address}) if address else memory.state

    def _look(self, turn: Turn, memory: Memory[Conversation]) -> Context:
        return self.profiles.context(turn.event, turn.at, memory.state)

    async def _forget(self, heard: Sequence[Event]) -> list[Event]:
        """Erase those who withdrew, everywhere in this house; only then say so."""
        said: list[Event] = []
        for event in heard:
            if isinstance(event, CitizenWithdrew):
                for forget in (self.conversations.forget, *self.forget):
                    await forget(event.conversation)
                said.append(ChatbotForgot.because(event))
        return said
