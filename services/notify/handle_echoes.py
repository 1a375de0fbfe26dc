"""Handles Zalo's echoes: those of messages whose end is not in the ledger yet are kept, the others prove nothing new."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.crypto import Place
from contracts.gateway import MessageEchoed
from services.notify.delivery import queue_keys
from services.notify.dispatch.result_writer import ResultWriter
from services.notify.keys import Keys
from services.notify.store.echoes import Echo, EchoStore
from services.notify.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class EchoHandler:
    echoes: EchoStore
    ledger: Ledger
    keys: Keys
    result_writer: ResultWriter

    async def handle(self, events: Sequence[MessageEchoed]) -> None:
        """Raises TransientError, DecryptionError, UnknownKeyError."""
        open_ids = await self.ledger.open_in({key for event in events for key in queue_keys(event.conversation)})
        unsettled = {key for key, ids in open_ids.items() if not self.result_writer.completed.issuperset(ids)}
        echoes = [
            echo
            for event in events
            if not unsettled.isdisjoint(queue_keys(event.conversation))
            for echo in self._read(event)
        ]
        await self.echoes.add(echoes)

    def _read(self, event: MessageEchoed) -> list[Echo]:
        receipt = self.keys.open_receipt(event.body, Place.body_of(event))
        digest = self.keys.text_digest(event.conversation, receipt.text)
        return [
            Echo(self.keys.reference(event.oa_id, message_id), event.conversation, digest)
            for message_id in receipt.msg_ids
            if receipt.text
        ]
