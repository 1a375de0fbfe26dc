"""A small house: it answers each message once, remembers what it answered, and fails when told to."""

from collections.abc import Sequence
from uuid import UUID

from chassis.blame import Transient
from chassis.loop import Loop
from chassis.types import Heard
from contracts.chatbot import ReplyChosen
from contracts.event import Event
from contracts.gateway import MessageReceived
from tests.chassis.worlds import HOUSE, ClosingEar, Troubled, World
from tests.doubles import Naps

WANTS = frozenset({"message.received.v1"})
PLANTED = "số điện thoại của tôi là 0900000000"


class House:
    """What it knows outlives its loops, as a database would: `loop()` is a new process over the same memory."""

    def __init__(self, world: World) -> None:
        self.world, self.naps = world, Naps()
        self.decided: list[UUID] = []
        self.bad: set[UUID] = set()
        self.away = 0  # So many times the world is at fault.
        self.mouth = Troubled(world.mouth())
        self._said: dict[UUID, list[Event]] = {}
        self._ears: list[ClosingEar] = []

    def loop(self, ear: ClosingEar | None = None, burials: int = 10) -> Loop:
        ear = ear or self.world.ear()
        self._ears.append(ear)
        patience = self.naps.patience(burials=burials)
        return Loop(HOUSE, ear, self.mouth, self.handle, WANTS, patience, prefix=self.world.prefix)

    async def handle(self, batch: Sequence[Heard]) -> Sequence[Event]:
        if self.away:
            self.away -= 1
            raise Transient("the database is away, says the test")
        said: list[Event] = []
        for one in batch:
            if one.event.id in self.bad:
                raise ValueError(PLANTED)
            said += self._said.get(one.event.id) or self._decide(one.event)
        return said

    def _decide(self, event: Event) -> list[Event]:
        assert isinstance(event, MessageReceived)
        self.decided.append(event.id)
        answer = ReplyChosen.because(event, outcome="answer", body=event.body, address=event.address)
        self._said[event.id] = [answer]
        return [answer]

    async def close(self) -> None:
        for ear in self._ears:
            await ear.close()
        await self.mouth.close()


async def turn_until_settled(loop: Loop, world: World, records: int, most: int = 200) -> None:
    """Turn until so many records are settled."""
    for _ in range(most):
        await loop.turn()
        if await world.settled() >= records:
            return
    raise AssertionError(f"only {await world.settled()} of {records} records are settled")
