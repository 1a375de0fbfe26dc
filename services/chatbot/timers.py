"""What is due without a word from the citizen: a reminder, the end of an officer's silence, an errand let go of.

The words are stored in the same write as the state while the document stays due; only after they are on the log does it stop
being due. A crash in between says the same words again, under the same ids.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from uuid import NAMESPACE_OID, uuid5

import structlog

from chassis.blame import Transient
from chassis.headers import utter
from chassis.memory import Memory
from chassis.types import Clock, Mouth
from contracts.event import Event
from services.chatbot.decide import decide
from services.chatbot.handle import Chatbot
from services.chatbot.metrics import RANG, count
from services.chatbot.state import Conversation
from services.chatbot.turn import Turn, What

log = structlog.get_logger()

AT_ONCE = 100
EVERY_SECONDS = 2.0


class TimerRang(Event):
    """Never on the log: the cause of what a timer leads to, with an id derived from what was due when."""

    topic: ClassVar[str] = ""
    type: str = "timer.rang.v1"

    @classmethod
    def at(cls, memory: Memory[Conversation], due: datetime) -> "TimerRang":
        name = uuid5(NAMESPACE_OID, f"{memory.conversation}#{due.isoformat()}")
        return cls(id=name, occurred_at=due, conversation=memory.conversation, oa_id=memory.oa_id)


@dataclass(frozen=True, slots=True)
class Timers:
    chatbot: Chatbot
    mouth: Mouth
    prefix: str = ""
    now: Clock = lambda: datetime.now(UTC)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.sweep()
            except Transient as away:
                log.warning("timers_wait", why=str(away))  # What is due stays due.

    async def sweep(self) -> int:
        """Ring what is due. Another replica may ring the same: the version guard lets one of them through."""
        due = await self.chatbot.conversations.due(self.now(), AT_ONCE)
        for memory, at in due:
            try:
                await self._ring(memory, at)
            except Transient:
                continue  # Overtaken by a message or a neighbour; if it is still due, the next sweep finds it.
        return len(due)

    async def _ring(self, memory: Memory[Conversation], due: datetime) -> None:
        event = TimerRang.at(memory, due)
        if memory.knows(event):
            facts = memory.again(event)
        else:
            turn = Turn(What.RANG, event, self.now())
            context = self.chatbot.profiles.context(event, turn.at, memory.state)
            decisions = await self.chatbot.driver().run(
                {memory.conversation: decide(memory.state, turn, context, self.chatbot.flows)}
            )
            decision = decisions[memory.conversation]
            facts = self.chatbot.voice.facts(event, decision)
            memory.keep(event, decision.after, facts)
            await self.chatbot.conversations.remember([memory], {"due": due})
            count(decision)
            RANG.inc()
        await self.mouth.say([utter(fact, "chatbot", prefix=self.prefix) for fact in facts])
        await self.chatbot.conversations.rang(memory)
