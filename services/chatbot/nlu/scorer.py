"""Linear scores of every key: one against the rest, on n-grams."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.chatbot.content.models.training import OUT_OF_SCOPE
from services.chatbot.nlu.ngrams import Vectoriser

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scorer:
    """A linear classifier of one key against the rest."""

    vectoriser: Vectoriser
    keys: tuple[str, ...]
    weights: npt.NDArray[np.float32]  # A row per feature, a column per key.
    intercepts: npt.NDArray[np.float32]

    def __call__(self, texts: Sequence[str]) -> Scores:
        """Returns one row of scores per normalised text, with a column per key."""
        rows = self.vectoriser.transform(texts)
        return np.asarray(rows @ self.weights, dtype=np.float64) + self.intercepts

    @property
    def out_of_scope(self) -> int:
        """Returns the column of the out-of-scope key."""
        return self.keys.index(OUT_OF_SCOPE)
