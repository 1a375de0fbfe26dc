"""Rings bells: what was to be said later is said once it is due, under a derived id: twice rung is once heard."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid5

import structlog

from chassis.blame import Transient
from chassis.headers import utter
from chassis.types import Clock, Mouth
from contracts.chatbot import ReplyChosen
from services.chatbot.metrics import RANG
from services.chatbot.offers import Offers
from services.chatbot.store.bells import Bell, Bells
from services.chatbot.voice import Voice

log = structlog.get_logger()

AT_ONCE = 200
EVERY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Ringing:
    bells: Bells
    offers: Offers
    voice: Voice
    mouth: Mouth
    prefix: str = ""
    now: Clock = lambda: datetime.now(UTC)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.offers.sweep(self.now())
                await self.sweep()
            except Transient as away:
                log.warning("bells_wait", why=str(away))  # What is due stays due.

    async def sweep(self) -> int:
        due = await self.bells.due(self.now(), AT_ONCE)
        await self.mouth.say([utter(self._fact(bell), "chatbot", prefix=self.prefix) for bell in due])
        await self.bells.rung(due)
        RANG.inc(len(due))
        return len(due)

    def _fact(self, bell: Bell) -> ReplyChosen:
        return ReplyChosen(
            id=uuid5(bell.id, "rang"),
            occurred_at=bell.due,
            conversation=bell.conversation,
            oa_id=bell.oa_id,
            outcome="reminder",
            body=self.voice.sealed(bell.oa_id, bell.parts),
            address=bell.address,
        )
