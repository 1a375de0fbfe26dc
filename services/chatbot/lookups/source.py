"""One kind of question to a remote source: asked in parallel; while it is away, the last known answer, labelled as such."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from services.chatbot.asks import Question
from services.chatbot.lookups.remote import Remote
from services.chatbot.metrics import SOURCE_ANSWERS
from services.chatbot.store.lastknown import LastKnown

Q = TypeVar("Q", bound=Question[Any])
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Source(Generic[Q, M]):
    """`key` is what the answer depends on; a proof is part of it, so that the last known answer needs the same proof."""

    remote: Remote
    known: LastKnown
    path: str
    model: type[M]
    body: Callable[[Q], dict[str, Any]]
    fits: Callable[[Q, M], bool]  # Whether the answer is about what was asked.
    tell: Callable[[M, bool], Any]

    async def answer(self, questions: Sequence[Q]) -> Mapping[Q, Any]:
        """Those that neither the source nor what is known of it can answer are left out."""
        told = await self.remote.ask_all(self.path, {one: self.body(one) for one in questions}, self._read)
        found = {one: model for one, model in told.items() if model is not None}
        await self.known.keep(self._name, {self._key(one): model for one, model in found.items()})
        away = [one for one in questions if one not in told]
        stale = await self.known.find(self._name, [self._key(one) for one in away], self.model)
        bridged = {one: stale[self._key(one)] for one in away if self._key(one) in stale}
        if bridged:
            SOURCE_ANSWERS.labels(self.remote.name, "stale").inc(len(bridged))
        answers: dict[Q, Any] = dict.fromkeys(one for one in told if one not in found)
        answers |= {one: self.tell(model, False) for one, model in found.items()}
        return answers | {one: self.tell(model, True) for one, model in bridged.items()}

    @property
    def _name(self) -> str:
        return f"{self.remote.name}{self.path}"

    def _key(self, one: Q) -> tuple[str, ...]:
        return tuple(f"{name}={value}" for name, value in sorted(self.body(one).items()))

    def _read(self, one: Q, data: bytes) -> M:
        model = self.model.model_validate_json(data)
        if not self.fits(one, model):
            raise ValueError("an answer to something else")
        return model
