"""Says what happened to cases: the words wait in the case's document until they are on the log.

They name the case and not the conversation, and no cause: the log alone does not lead from a citizen to a case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from chassis.headers import utter
from chassis.mongo import Document
from chassis.types import Mouth
from contracts.event import Event
from contracts.tips import TipClosed, TipOpened
from services.tips.store import Cases


@dataclass(frozen=True, slots=True)
class Relay:
    cases: Cases
    mouth: Mouth
    prefix: str = ""

    async def once(self) -> int:
        """Say what is unsaid. Gives how many facts; raises Transient when they could not be said: they wait."""
        found = await self.cases.unsaid()
        facts = [_fact(case, word) for case in found for word in case["unsaid"]]
        await self.mouth.say([utter(fact, "tips", prefix=self.prefix) for fact in facts])
        words: dict[str, Sequence[str]] = {case["_id"]: case["unsaid"] for case in found}
        await self.cases.said(words)
        return len(facts)


def _fact(case: Document, word: str) -> Event:
    """`word` is `opened.<nth opening>` or `closed.<nth opening>`; the same word of a case is the same fact."""
    what, _, nth = word.partition(".")
    name = case["_id"]
    kind: type[TipOpened | TipClosed] = TipOpened if what == "opened" else TipClosed
    told = kind.model_fields["type"].default
    common = {"id": uuid5(UUID(hex=name), f"{told}#{nth}"), "conversation": name, "oa_id": case["oa"], "case_id": name}
    if what == "opened":
        return TipOpened(occurred_at=case["opened_at"], **common)
    return TipClosed(occurred_at=case["closed_at"], ending=case["ending"], pieces=case["pieces"], **common)
