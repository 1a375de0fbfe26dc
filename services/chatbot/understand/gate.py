"""Answer, ask back or decline: two small logistic models on the scores, taught by questions the scores had not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.chatbot.understand.content import Content
from services.chatbot.understand.scorer import Scores

FEATURES = ("best", "lead over second", "lead over out of scope", "out of scope", "object named", "length")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Objects:
    """What is usually named when a key is meant: "mất, làm lại ở đâu" alone is nobody's question."""

    phrases: Mapping[str, Sequence[str]]  # By key; folded.

    @classmethod
    def of(cls, content: Content) -> "Objects":
        return cls({lesson.key: lesson.objects for lesson in content.lessons})

    def named(self, key: str, normal: str) -> bool:
        wanted = self.phrases.get(key, ())
        padded = f" {normal} "
        return not wanted or any(f" {phrase} " in padded for phrase in wanted)


def features(
    scores: Scores, texts: Sequence[str], keys: Sequence[str], nowhere: int, objects: Objects
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """A row of FEATURES per text, and the columns of its keys in scope, best first."""
    within = scores.copy()
    within[:, nowhere] = -np.inf
    order = np.argsort(-within, axis=1, kind="stable")[:, :-1]
    rows = np.arange(len(texts))
    best, second, out = within[rows, order[:, 0]], within[rows, order[:, 1]], scores[:, nowhere]
    named = [objects.named(keys[top], text) for top, text in zip(order[:, 0], texts, strict=True)]
    length = [np.log1p(text.count(" ") + 1) for text in texts]
    made = np.stack([best, best - second, best - out, out, np.array(named, float), np.array(length)], axis=1)
    return made.reshape(len(texts), len(FEATURES)), order


@dataclass(frozen=True)
class Gate:
    right: Floats  # Weights and intercept of "the best key is right".
    within: Floats  # Of "the question is one of ours".

    def probabilities(self, seen: Floats) -> tuple[Floats, Floats]:
        """Per row of features: that the best key is right, and that the question is one of ours."""
        return _sigmoid(seen, self.right), _sigmoid(seen, self.within)


def _sigmoid(seen: Floats, weights: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-(seen @ weights[:-1] + weights[-1]))))
