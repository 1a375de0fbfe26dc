"""The dead letters of a service, read from its topic, and published once more to where they came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from chassis.dead_letters import OFFSET, PARTITION, TOPIC, WHY, original, redriven, redriven_note
from chassis.kafka import NOBODY, Account, KafkaProducer, read_whole
from chassis.publisher import Publisher
from chassis.records import Record
from contracts.audit import ANY_OA, AuditRecorded
from contracts.catalogue import DEAD

_PAGE = 500  # Records that are redriven at once.


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dead letter that was not redriven, without its bytes."""

    id: str  # `partition/offset` on the dead-letter topic.
    why: str
    topic: str
    place: str  # `partition/offset` on that topic.
    event_type: str
    at: str  # When the event occurred.
    size: int


class DeadLetterBox:
    """All raise TransientError when the broker does not answer."""

    def __init__(self, servers: str, service: str, prefix: str = "", account: Account = NOBODY) -> None:
        self._servers, self._service, self._prefix, self._account = servers, service, prefix, account
        self._topic = prefix + DEAD[service]

    async def waiting(self) -> Sequence[Waiting]:
        """Returns those that were not redriven, in the order in which they are on the topic."""
        letters: dict[str, Waiting] = {}
        done: set[str] = set()
        for record in await read_whole(self._servers, self._topic, self._account):
            note = redriven(record)
            if note is not None:
                done.add(note)
            elif TOPIC in record.headers:
                letters[_id(record)] = self._waiting(record)
        return [letter for letter_id, letter in letters.items() if letter_id not in done]

    async def find(self, letter_id: str) -> Record | None:
        """Returns the dead letter with its bytes, redriven or not; None where there is none of that id."""
        records = await read_whole(self._servers, self._topic, self._account)
        return next((record for record in records if _id(record) == letter_id and TOPIC in record.headers), None)

    async def redrive(self, letter_ids: Sequence[str]) -> int:
        """Publish these to the topics they came from; returns how many. After a crash some may be published twice: harmless."""
        wanted, records = set(letter_ids), await read_whole(self._servers, self._topic, self._account)
        letters = [record for record in records if _id(record) in wanted and TOPIC in record.headers]
        # Tansu knows no idempotent one; a repeat is harmless.
        producer = KafkaProducer(self._servers, idempotent=False, account=self._account)
        try:
            for start in range(0, len(letters), _PAGE):
                await self._publish(producer, letters[start : start + _PAGE])
        finally:
            await producer.close()
        return len(letters)

    async def _publish(self, producer: KafkaProducer, letters: Sequence[Record]) -> None:
        """On record first: what was redriven can be answered, and that shows personal data to nobody but its owner."""
        publisher = Publisher("loa", self._prefix, producer)
        await publisher.publish([self._audited(letter) for letter in letters])
        await producer.send([original(letter) for letter in letters])
        await producer.send([redriven_note(letter) for letter in letters])

    def _audited(self, letter: Record) -> AuditRecorded:
        return AuditRecorded(
            id=uuid4(),
            occurred_at=datetime.now(UTC),
            conversation=letter.key.decode(errors="replace")[:64] or "-",
            oa_id=ANY_OA,
            service=self._service,
            actor_kind="client",
            actor_id="loa",
            action="dead_letter.redriven",
            subject_kind="conversation",
        )

    def _waiting(self, record: Record) -> Waiting:
        text = {name: value.decode(errors="replace") for name, value in record.headers.items()}
        return Waiting(
            id=_id(record),
            why=text[WHY],
            topic=text[TOPIC].removeprefix(self._prefix),
            place=f"{text[PARTITION]}/{text[OFFSET]}",
            event_type=text.get("ce_type", ""),
            at=text.get("ce_time", "")[:19],
            size=len(record.value),
        )


def _id(record: Record) -> str:
    return f"{record.partition}/{record.offset}"
