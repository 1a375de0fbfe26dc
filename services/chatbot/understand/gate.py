"""Answer, ask back or decline: two small logistic models on the scores, taught by questions the scores had not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from services.chatbot.understand.lessons import Lessons
from services.chatbot.understand.ngrams import Vectoriser
from services.chatbot.understand.scorer import Scores, fitted

FOLDS = 3
FEATURES = ("best", "lead over second", "lead over out of scope", "out of scope", "object named", "length")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Objects:
    """What is usually named when a key is meant: "mất, làm lại ở đâu" alone is nobody's question."""

    phrases: Mapping[str, Sequence[str]]  # By key; folded.

    def named(self, key: str, normal: str) -> bool:
        wanted = self.phrases.get(key, ())
        padded = f" {normal} "
        return not wanted or any(f" {phrase} " in padded for phrase in wanted)


def features(scores: Scores, texts: Sequence[str], keys: Sequence[str], nowhere: int, objects: Objects) -> tuple[Floats, npt.NDArray[np.int64]]:
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

    @classmethod
    def fit(cls, lessons: Lessons, vectoriser: Vectoriser, objects: Objects, nowhere: int) -> "Gate":
        """Scores come from folds that had not seen the sentence, or any made from it."""
        rows = vectoriser.transform(lessons.texts)
        scores = np.zeros((len(lessons.texts), len(lessons.keys)))
        for learn, judge in GroupKFold(FOLDS).split(rows, lessons.labels, lessons.origins):
            model = fitted(rows[learn], lessons.labels[learn])
            scores[np.ix_(judge, model.classes_)] = model.decision_function(rows[judge])
        seen, order = features(scores, lessons.texts, lessons.keys, nowhere, objects)
        return cls(
            _logistic(seen, order[:, 0] == lessons.labels),
            _logistic(seen, lessons.labels != nowhere),
        )

    def probabilities(self, seen: Floats) -> tuple[Floats, Floats]:
        """Per row of features: that the best key is right, and that the question is one of ours."""
        return _sigmoid(seen, self.right), _sigmoid(seen, self.within)


def _logistic(seen: Floats, true: npt.NDArray[np.bool_]) -> Floats:
    model = LogisticRegression(max_iter=1_000).fit(seen, true)
    return np.concatenate([model.coef_[0], model.intercept_])


def _sigmoid(seen: Floats, weights: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-(seen @ weights[:-1] + weights[-1]))))
