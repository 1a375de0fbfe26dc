"""How sure a decision is: two small logistic models on the scores, trained on questions that the scorer was not trained on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.chatbot.content.models.training import TrainingData
from services.chatbot.nlu.scorer import Scores

FEATURES = ("best", "lead over second", "lead over out of scope", "out of scope", "object named", "length")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Objects:
    """Words of which a question usually contains one: "mất, làm lại ở đâu" alone does not say what was lost."""

    phrases: Mapping[str, Sequence[str]]  # By key; folded.

    @classmethod
    def of(cls, data: TrainingData) -> "Objects":
        return cls({intent.key: intent.objects for intent in data.intents})

    def is_named(self, key: str, normal: str) -> bool:
        """Returns whether a normalised text has one of the key's objects; True for a key without objects."""
        phrases = self.phrases.get(key, ())
        padded = f" {normal} "
        return not phrases or any(f" {phrase} " in padded for phrase in phrases)


def features(
    scores: Scores, texts: Sequence[str], keys: Sequence[str], out_of_scope: int, objects: Objects
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Returns a row of FEATURES per text, and the columns of its keys in scope, best first."""
    in_scope = scores.copy()
    in_scope[:, out_of_scope] = -np.inf
    order = np.argsort(-in_scope, axis=1, kind="stable")[:, :-1]
    row_numbers = np.arange(len(texts))
    best, second, out = in_scope[row_numbers, order[:, 0]], in_scope[row_numbers, order[:, 1]], scores[:, out_of_scope]
    named = [objects.is_named(keys[top], text) for top, text in zip(order[:, 0], texts, strict=True)]
    length = [np.log1p(text.count(" ") + 1) for text in texts]
    matrix = np.stack([best, best - second, best - out, out, np.array(named, float), np.array(length)], axis=1)
    return matrix.reshape(len(texts), len(FEATURES)), order


@dataclass(frozen=True)
class ConfidenceModel:
    """Weights of two logistic models."""

    right: Floats  # Weights and intercept of "the best key is right".
    in_scope: Floats  # Of "the question is in scope".

    def probabilities(self, feature_rows: Floats) -> tuple[Floats, Floats]:
        """Returns two probabilities per row: that the best key is right, and that the question is in scope."""
        return _sigmoid(feature_rows, self.right), _sigmoid(feature_rows, self.in_scope)


def _sigmoid(feature_rows: Floats, weights: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-(feature_rows @ weights[:-1] + weights[-1]))))
