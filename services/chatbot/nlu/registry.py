"""Answers `Understand` effects: a batch at once, in a thread, each by the model of its edition."""

import asyncio
import threading
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
    """One model per edition of the content, trained from its own words. ContentEditions calls `prepare` and `release`."""

    cache: Path | None = None  # Trained models are kept here, so that a restart need not train again.
    observe: Callable[[float], None] = lambda _: None  # Is given the seconds that each batch took.
    _models: dict[str, NluModel] = field(default_factory=dict)
    _training: threading.Lock = field(default_factory=threading.Lock)  # One at a time: it takes a core for seconds.

    def prepare(self, content: Content) -> None:
        """Trains the edition's model, unless it is there. Raises ContentErrors when its words cannot be trained from."""
        with self._training:
            if content.version not in self._models:
                self._models[content.version] = NluModel.train(content, self.cache)

    def release(self, version: str) -> None:
        """Drops the model of an edition that has left memory."""
        self._models.pop(version, None)

    @property
    def versions(self) -> tuple[str, ...]:
        """Returns the editions whose models are in memory, in the order of their training."""
        return tuple(self._models)

    async def answer(self, queries: Sequence[Understand]) -> Mapping[Understand, Understood]:
        """Returns what each text means to its edition's model, or to the newest model where the edition has none."""
        started = time.perf_counter()
        by_version: dict[str, list[Understand]] = defaultdict(list)
        for query in queries:
            by_version[query.version].append(query)
        answers: dict[Understand, Understood] = {}
        for version, batch in by_version.items():
            model = self._models.get(version) or list(self._models.values())[-1]
            understood = await asyncio.to_thread(model.understand, [query.text for query in batch])
            answers.update(zip(batch, understood, strict=True))
        self.observe(time.perf_counter() - started)
        return answers
