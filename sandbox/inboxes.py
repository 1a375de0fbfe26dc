"""What OAs sent, twice: per citizen, with somebody waiting perhaps, and altogether, for benches."""

import asyncio
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field

from sandbox.people import HISTORY, Message

ANSWERS = 1_000_000  # Kept altogether; half is dropped when it is full.


@dataclass(slots=True)
class Inboxes:
    answers: list[Message] = field(default_factory=list)
    _inboxes: "dict[str, deque[Message]]" = field(default_factory=dict)
    _waiting: "dict[str, list[asyncio.Future[None]]]" = field(default_factory=dict)

    def deliver(self, message: Message) -> None:
        """Put it into the citizen's inbox, and wake the callers that wait for it."""
        inbox = self._inboxes.get(message.citizen_id)
        if inbox is None:
            inbox = self._inboxes[message.citizen_id] = deque(maxlen=HISTORY)
        inbox.append(message)
        self.answers.append(message)
        if len(self.answers) > ANSWERS:
            del self.answers[: ANSWERS // 2]
        for future in self._waiting.pop(message.citizen_id, ()):
            if not future.done():
                future.set_result(None)

    def inbox(self, citizen_id: str, oa_id: str | None, after: int) -> list[Message]:
        messages: list[Message] = []
        for message in reversed(self._inboxes.get(citizen_id, ())):
            if message.seq <= after:
                break
            if oa_id is None or message.oa_id == oa_id:
                messages.append(message)
        return messages[::-1]

    async def wait(self, citizen_id: str, oa_id: str | None, after: int, seconds: float) -> list[Message]:
        """`inbox`, waiting up to `seconds` for the first message."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not (messages := self.inbox(citizen_id, oa_id, after)):
            left = deadline - loop.time()
            if left <= 0:
                break
            future: asyncio.Future[None] = loop.create_future()
            self._waiting.setdefault(citizen_id, []).append(future)
            try:
                await asyncio.wait((future,), timeout=left)
            finally:
                self._leave(citizen_id, future)
        return messages

    def answered(self, after: int, limit: int) -> list[Message]:
        """Messages of all OAs to all citizens with a seq above `after`, in order."""
        begin = bisect_right(self.answers, after, key=lambda message: message.seq)
        return self.answers[begin : begin + limit]

    def _leave(self, citizen_id: str, future: "asyncio.Future[None]") -> None:
        waiting = self._waiting.get(citizen_id, [])
        if future in waiting:
            waiting.remove(future)
        if not waiting:
            self._waiting.pop(citizen_id, None)
