"""The understanding as a port: one batch of questions at once, off the event loop, by the content's own model."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.chatbot.content.content import Content
from services.chatbot.nlu import NluModel
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import Understood


@dataclass(slots=True)
class ModelRegistry:
    """One trained understanding per content version. `prepare` is the shelf's hook: no edition goes live untrained."""

    cache: Path | None = None  # What was learnt is kept here: a restart need not learn it again.
    observe: Callable[[float], None] = lambda _: None  # Is given the seconds that each batch took.
    _models: dict[str, NluModel] = field(default_factory=dict)

    def prepare(self, content: Content) -> None:
        """Trains this edition's model from its own words. Raises ContentErrors when they cannot be learnt from."""
        if content.version not in self._models:
            self._models[content.version] = NluModel.train(content, self.cache)
        for version in list(self._models)[:-4]:  # As many as the shelf holds in memory.
            del self._models[version]

    @property
    def versions(self) -> tuple[str, ...]:
        """The editions whose models are in memory, the longest unused first."""
        return tuple(self._models)

    async def answer(self, queries: Sequence[Understand]) -> Mapping[Understand, Understood]:
        """An edition whose mind is gone is understood with the newest one: its keys rarely differ."""
        started = time.perf_counter()
        by_version: dict[str, list[Understand]] = defaultdict(list)
        for query in queries:
            by_version[query.version].append(query)
        answers: dict[Understand, Understood] = {}
        for version, batch in by_version.items():
            model = self._models.get(version) or next(reversed(self._models.values()))
            understood = await asyncio.to_thread(model.understand, [query.text for query in batch])
            answers.update(zip(batch, understood, strict=True))
        self.observe(time.perf_counter() - started)
        return answers
