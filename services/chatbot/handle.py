"""One batch from start to finish: load, decide turn by turn, save, publish. The only module that knows decisions and I/O."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from chassis.crypto import KeyRing, Place
from chassis.errors import TransientError
from chassis.outbox import ConversationRecord
from chassis.records import ReceivedEvent
from chassis.transit import is_sealed_to_readers
from chassis.transit_keys import TransitKeys
from contracts.chatbot import ChatbotForgot
from contracts.event import Event
from contracts.gateway import CitizenActed, CitizenFollowed, CitizenWithdrew, MessageReceived, OfficerReplied
from contracts.message import EVIDENCE, InboundMessage, Kind
from contracts.tips import MessageReleased
from services.chatbot.decide import decide
from services.chatbot.dialogue.actions import Decision, EndFlow, Reply, RequestOfficer
from services.chatbot.dialogue.context_factory import ContextFactory
from services.chatbot.dialogue.effect_runner import EffectRunner
from services.chatbot.dialogue.effects import EffectProcess
from services.chatbot.dialogue.events import EventMapper
from services.chatbot.dialogue.rules import Flows
from services.chatbot.dialogue.state import Conversation
from services.chatbot.dialogue.turn import Trigger, Turn
from services.chatbot.metrics import FLOWS_ENDED, OFFICERS_REQUESTED, REPLIES
from services.chatbot.replies.apology import apology
from services.chatbot.store import Conversations

CONSUMES = frozenset(
    {
        "message.received.v1",
        "tips.released.v1",
        "officer.replied.v1",
        "citizen.followed.v1",
        "citizen.acted.v1",
        "citizen.withdrew.v1",
    }
)

KNOWN_GOOD = ("làm căn cước cần giấy tờ gì", "#menu")  # Answered whenever the chatbot is sound.
_APOLOGY_INDEX = 1_000  # Beyond any action's: should the message be handled after all, its answer has an id of its own.

Message = MessageReceived | MessageReleased
Eraser = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ChatbotHandler:
    conversations: Conversations
    contexts: ContextFactory
    new_runner: Callable[[], EffectRunner[str, Decision]]
    flows: Flows
    ring: KeyRing
    mapper: EventMapper
    erasers: Sequence[Eraser] = ()
    transit: TransitKeys | None = None  # None where nothing is sealed to the chatbot: in `loa talk`, for one.

    async def handle(self, batch: Sequence[ReceivedEvent]) -> list[Event]:
        """Raises TransientError when another process wrote first or the database is away; DecryptionError for a sealed body."""
        events = [received.event for received in batch]
        if self.transit is not None:
            await self.transit.load(
                event.body for event in events if isinstance(event, Message) and event.kind in EVIDENCE
            )
        records = await self.conversations.load({event.conversation: event.oa_id for event in events})
        await self.contexts.load_editions(record.state for record in records.values())
        published = await self._decide_in_waves(events, records)
        await self.conversations.save(records.values())
        return published

    async def apologise(self, event: Event) -> Sequence[Event]:
        """Returns the reply to a message that was dead-lettered, if the chatbot is to answer it. Raises TransientError."""
        if not isinstance(event, Message):
            return ()
        state = await self._state_if_readable(event)
        ctx = self.contexts.create(event, event.occurred_at, Conversation())
        decision = apology(state.evolve(address=event.address), self._text_if_readable(event), event.occurred_at, ctx)
        if decision is None:
            return ()
        count(decision)
        return self.mapper.events(event, decision, _APOLOGY_INDEX)

    async def _state_if_readable(self, event: Message) -> Conversation:
        """What cannot be opened may be the very fault: then nothing is known, and better a word than none."""
        try:
            records = await self.conversations.load({event.conversation: event.oa_id})
        except TransientError:
            raise
        except Exception:  # noqa: BLE001 — whatever is wrong with it, it is logged with the record.
            return Conversation()
        return records[event.conversation].state

    def _text_if_readable(self, event: Message) -> str:
        try:
            return self._open_message(event).text
        except Exception:  # noqa: BLE001 — as above.
            return ""

    async def _decide_in_waves(
        self, batch: Sequence[Event], records: Mapping[str, ConversationRecord[Conversation]]
    ) -> list[Event]:
        """Wave by wave: the next message of every conversation at once, so that effects are performed in batches."""
        queues: dict[str, list[Event]] = defaultdict(list)
        for event in batch:
            queues[event.conversation].append(event)
        published: list[Event] = []
        while queues:
            wave = {name: queue.pop(0) for name, queue in queues.items()}
            queues = {name: queue for name, queue in queues.items() if queue}
            published += await self._decide_wave(wave, records)
        return published

    async def _decide_wave(
        self, wave: Mapping[str, Event], records: Mapping[str, ConversationRecord[Conversation]]
    ) -> list[Event]:
        published: list[Event] = []
        turns: dict[str, Turn] = {}
        for name, event in wave.items():
            if records[name].is_duplicate(event):
                published += records[name].replay(event)
            elif isinstance(event, CitizenWithdrew):
                published += await self._forget(event, records[name])
            elif (turn := self._to_turn(event)) is not None:
                turns[name] = turn
        decisions = await self.new_runner().run(
            {name: self._decide(turn, records[name].state) for name, turn in turns.items()}
        )
        for name, decision in decisions.items():
            events = self.mapper.events(turns[name].event, decision)
            records[name].record_event(turns[name].event, decision.state, events)
            count(decision)
            published += events
        return published

    def _to_turn(self, event: Event) -> Turn | None:
        match event:
            case MessageReceived() | MessageReleased():
                return Turn.from_message(event, event.kind, self._open_message(event))
            case OfficerReplied():
                return Turn(Trigger.OFFICER, event, event.occurred_at, Kind.TEXT, self._open_message(event).text)
            case CitizenFollowed() | CitizenActed(action="user_click_chatnow"):
                return Turn(Trigger.FOLLOWED, event, event.occurred_at)
            case _:
                return None

    def _open_message(self, event: Message | OfficerReplied) -> InboundMessage:
        place = Place.body_of(event)
        if self.transit is not None and is_sealed_to_readers(event.body):
            return InboundMessage.model_validate_json(self.transit.open(event.body, place))
        return InboundMessage.model_validate_json(self.ring.open(event.body, place))

    def _decide(self, turn: Turn, state: Conversation) -> EffectProcess[Decision]:
        address = getattr(turn.event, "address", None)
        before = state.evolve(address=address) if address else state
        return decide(before, turn, self.contexts.create(turn.event, turn.at, before, turn.person), self.flows)

    async def _forget(self, event: CitizenWithdrew, record: ConversationRecord[Conversation]) -> list[Event]:
        """Erases the citizen, everywhere in this service and in the order of their messages; only then is it published."""
        for erase in self.erasers:
            await erase(event.conversation)
        events: list[Event] = [ChatbotForgot.derive(event)]
        record.forget(event, Conversation(), events)
        return events


def count(decision: Decision) -> None:
    for action in decision.actions:
        match action:
            case Reply(outcome, _, _):
                REPLIES.labels(outcome).inc()
            case EndFlow(flow, ending):
                FLOWS_ENDED.labels(flow, ending).inc()
            case RequestOfficer(reason):
                OFFICERS_REQUESTED.labels(reason).inc()
            case _:
                pass
