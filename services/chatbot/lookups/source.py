"""One kind of question to a remote source: asked in parallel; while it is away, the last known answer, labelled as such."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from services.chatbot.dialogue.effects import Effect
from services.chatbot.lookups.http import RemoteSystem
from services.chatbot.lookups.store.last_known import StaleCache
from services.chatbot.metrics import SOURCE_ANSWERS

Q = TypeVar("Q", bound=Effect[Any])
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Source(Generic[Q, M]):
    """`key` is what the answer depends on; a proof is part of it, so that the last known answer needs the same proof."""

    system: RemoteSystem
    stale_cache: StaleCache
    path: str
    model: type[M]
    body: Callable[[Q], dict[str, Any]]
    fits: Callable[[Q, M], bool]  # Whether the answer is about what was asked.
    to_result: Callable[[M, bool], Any]

    async def answer(self, queries: Sequence[Q]) -> Mapping[Q, Any]:
        """Those that neither the source nor what is known of it can answer are left out."""
        answered = await self.system.query_all(self.path, {query: self.body(query) for query in queries}, self._read)
        models = {query: model for query, model in answered.items() if model is not None}
        await self.stale_cache.save(self._name, {self._key(query): model for query, model in models.items()})
        unanswered = [query for query in queries if query not in answered]
        stale = await self.stale_cache.find(self._name, [self._key(query) for query in unanswered], self.model)
        bridged = {query: stale[self._key(query)] for query in unanswered if self._key(query) in stale}
        if bridged:
            SOURCE_ANSWERS.labels(self.system.name, "stale").inc(len(bridged))
        answers: dict[Q, Any] = dict.fromkeys(query for query in answered if query not in models)
        answers |= {query: self.to_result(model, False) for query, model in models.items()}
        return answers | {query: self.to_result(model, True) for query, model in bridged.items()}

    @property
    def _name(self) -> str:
        return f"{self.system.name}{self.path}"

    def _key(self, query: Q) -> tuple[str, ...]:
        return tuple(f"{name}={value}" for name, value in sorted(self.body(query).items()))

    def _read(self, query: Q, data: bytes) -> M:
        model = self.model.model_validate_json(data)
        if not self.fits(query, model):
            raise ValueError("an answer to something else")
        return model
