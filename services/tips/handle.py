"""One batch, start to finish: recall, decide in order, keep, remember, and give what is to be said."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chassis.headers import arrived_ms
from chassis.memory import Memory
from chassis.sealing import Ring
from chassis.types import Heard
from contracts.event import Event
from contracts.floor import command
from contracts.gateway import CitizenWithdrew, MessageReceived
from contracts.message import Speech, Spoken
from contracts.tips import TipReplyChosen, TipsForgot
from services.tips.decide import Identify, Keep, decide
from services.tips.keep import Keeper, Order
from services.tips.metrics import DURABLE
from services.tips.names import Names
from services.tips.state import Piece, State
from services.tips.store import Conversations
from services.tips.texts import speech

WANTS = frozenset({"message.received.v1", "citizen.withdrew.v1"})


@dataclass(slots=True)
class _Turn:
    """What a batch comes to, in order. A withdrawal stands between what was ordered before it and after it."""

    said: list[Event] = field(default_factory=list)
    orders: list[list[Order]] = field(default_factory=lambda: [[]])
    withdrawn: list[str] = field(default_factory=list)
    kept: list[Heard] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tips:
    conversations: Conversations
    keeper: Keeper
    names: Names
    bodies: Ring
    nudge: Callable[[], None] = lambda: None  # Whoever says what happened to cases, and fetches files.

    async def on_batch(self, batch: Sequence[Heard]) -> list[Event]:
        """Raises Transient when the world was in the way, NotOurs for a body that does not open."""
        memories = await self.conversations.recall({one.event.conversation: one.event.oa_id for one in batch})
        turn = _Turn()
        for one in batch:
            self._hear(turn, one, memories[one.event.conversation])
        await self._keep(turn)
        await self.conversations.remember(memories.values())
        self._account(turn)
        return turn.said

    def _hear(self, turn: _Turn, one: Heard, memory: Memory[State]) -> None:
        event = one.event
        if memory.knows(event):
            turn.said += memory.again(event)
        elif isinstance(event, CitizenWithdrew):
            words = [TipsForgot.because(event)]
            memory.keep(event, State(), words)
            turn.said += words
            turn.withdrawn.append(event.conversation)
            turn.orders.append([])
        elif isinstance(event, MessageReceived):
            self._listen(turn, one, event, memory)

    def _listen(self, turn: _Turn, one: Heard, event: MessageReceived, memory: Memory[State]) -> None:
        spoken = Spoken.model_validate_json(self.bodies.open(event.body, event.oa_id, "body"))
        named = self.names.of(event.id)
        piece = Piece(piece_id=named.piece_id, kind=event.kind, at=event.occurred_at, spoken=spoken)
        decision = decide(memory.state, piece, named)
        if decision.state == memory.state and not decision.deeds and not decision.says and not command(spoken.text):
            return  # The chatbot's business. Most of a province's talk is: nothing of it is kept here.
        words = [self._word(event, nth, speech(say)) for nth, say in enumerate(decision.says)]
        memory.keep(event, decision.state, words)
        turn.said += words
        turn.orders[-1] += [Order(deed, event) for deed in decision.deeds]
        if any(isinstance(deed, Keep | Identify) for deed in decision.deeds):
            turn.kept.append(one)

    def _word(self, cause: MessageReceived, nth: int, words: Speech) -> TipReplyChosen:
        body = self.bodies.seal(words.model_dump_json().encode(), cause.oa_id, "body")
        return TipReplyChosen.because(cause, nth, body=body, address=cause.address)

    async def _keep(self, turn: _Turn) -> None:
        for nth, orders in enumerate(turn.orders):
            await self.keeper.carry_out(orders)
            if nth < len(turn.withdrawn):
                await self.keeper.forget([turn.withdrawn[nth]])

    def _account(self, turn: _Turn) -> None:
        now_ms = time.time_ns() // 1_000_000
        for one in turn.kept:
            if arrived := arrived_ms(one.record.headers):
                DURABLE.observe(max(0, now_ms - arrived) / 1_000)
        if any(turn.orders):
            self.nudge()
