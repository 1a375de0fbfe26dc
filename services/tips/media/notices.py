"""Tells reporters which of their files could not be taken, and why: in one line, and only while their tip is open.

Later they may have put the phone away, or another may hold it: then it is for the officer, who sees what is missing in the case.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.crypto import KeyRing, Place
from chassis.jobs import Job, each
from chassis.mongo import Document
from chassis.publisher import Publisher
from chassis.records import Clock
from chassis.wake_up import WakeUp
from contracts.floor import IDLE
from contracts.tips import TipReplyChosen
from services.tips.identifiers import Identifiers
from services.tips.media.missing import Missing
from services.tips.metrics import MEDIA_NOTICES
from services.tips.store.cases import Cases
from services.tips.store.conversations import Conversations
from services.tips.store.files import MissingFile
from services.tips.store.media import Media
from services.tips.store.reporters import Recipient, Reporters
from services.tips.texts import Limits, missing_message

_POLL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class MediaNotices:
    media: Media
    cases: Cases
    conversations: Conversations
    reporters: Reporters
    identifiers: Identifiers
    bodies: KeyRing
    publisher: Publisher
    limits: Limits
    now: Clock

    def job(self, wake: WakeUp) -> Job[Document]:
        return Job(
            "notify_missing_media",
            _POLL_SECONDS,
            self.claim,
            each(self.notify),
            key=lambda case: case["_id"],
            wake=wake,
        )

    async def claim(self, parked: frozenset[str]) -> Sequence[Document]:
        return await self.media.pending_notices(parked)

    async def notify(self, case: Document) -> None:
        """Raises TransientError, DecryptionError. Repeated, it tells the same once more under the same id."""
        files = [MissingFile(file["id"], Missing(file["why"])) for file in case["files"]]
        recipient = await self._recipient(case["_id"])
        if recipient is not None:
            await self.publisher.publish([self._notice(case["_id"], files, recipient)])
            for file in files:
                MEDIA_NOTICES.labels(file.why).inc()
        await self.media.mark_notified(files)

    async def _recipient(self, case_id: str) -> Recipient | None:
        """None when nobody is to be written to: the tip is over, or its reporter fell silent or withdrew."""
        case = await self.cases.summary(case_id)
        recipient = await self.reporters.recipient(case_id) if case and case["state"] == "open" else None
        if recipient is None:
            return None
        seen = await self.conversations.last_seen(recipient.conversation)
        return recipient if seen is not None and self.now() - seen <= IDLE else None

    def _notice(self, case_id: str, files: Sequence[MissingFile], recipient: Recipient) -> TipReplyChosen:
        """Its id follows from the files, by the pepper: nobody else gets from it to the case."""
        names = sorted(f"{file.media_id} {file.why}" for file in files)
        notice_id = UUID(hex=self.identifiers.pepper.pseudonym("tip notice", case_id, *names))
        message = missing_message(Counter(file.why for file in files), self.limits)
        place = Place.body(recipient.oa_id, recipient.conversation, notice_id)
        return TipReplyChosen(
            id=notice_id,
            occurred_at=self.now(),
            conversation=recipient.conversation,
            oa_id=recipient.oa_id,
            body=self.bodies.seal(message.model_dump_json().encode(), place),
            address=recipient.address,
        )
