"""Why a question was understood as it was: in the terms the decision was made in."""

from dataclasses import dataclass

import numpy as np

from services.chatbot.understand.codes import read_codes
from services.chatbot.understand.folding import shortened
from services.chatbot.understand.gate import FEATURES, features
from services.chatbot.understand.ngrams import spelt
from services.chatbot.understand.understanding import Understanding
from services.chatbot.understand.understood import Understood

TELLING = 8  # N-grams shown for and against.


@dataclass(frozen=True, slots=True)
class Weighed:
    """A feature's share of the difference between the best key's score and the second's."""

    gram: str
    share: float


@dataclass(frozen=True, slots=True)
class Why:
    understood: Understood
    normal: str  # The question as it was read.
    facet_words: str
    scores: tuple[tuple[str, float], ...]  # Best keys, out of scope among them.
    spoke_for: tuple[Weighed, ...]
    spoke_against: tuple[Weighed, ...]
    gate: tuple[tuple[str, float], ...]
    probability_right: float
    probability_ours: float
    names: tuple[tuple[str, float], ...]  # Nearest official names: key and cosine.


def explain(mind: Understanding, question: str) -> Why:
    normal = mind.normaliser(read_codes(shortened(question))[1])
    scores = mind.scorer([normal])
    seen, order = features(scores, [normal], mind.scorer.keys, mind.scorer.nowhere, mind.objects)
    right, within = mind.gate.probabilities(seen)
    ranked = np.argsort(-scores[0])[:4]
    weighed = _weighed(mind, normal, int(order[0, 0]), int(order[0, 1]))
    return Why(
        understood=mind.understand([question])[0],
        normal=normal,
        facet_words=mind.facets.asked([normal])[1],
        scores=tuple((mind.scorer.keys[column], float(scores[0, column])) for column in ranked),
        spoke_for=tuple(one for one in weighed[:TELLING] if one.share > 0),
        spoke_against=tuple(one for one in reversed(weighed[-TELLING:]) if one.share < 0),
        gate=tuple(zip(FEATURES, (float(value) for value in seen[0]), strict=True)),
        probability_right=float(right[0]),
        probability_ours=float(within[0]),
        names=tuple((name.key, name.likeness) for name in mind.catalogue.nearest([normal])[0]),
    )


def _weighed(mind: Understanding, normal: str, best: int, second: int) -> list[Weighed]:
    """Every n-gram of the question by its part in preferring the best key to the second, most telling first."""
    vectoriser = mind.scorer.vectoriser
    row = vectoriser.transform([normal])
    lead = mind.scorer.weights[:, best] - mind.scorer.weights[:, second]
    words = {column: word for word, column in vectoriser.words.items()}
    shares = [
        Weighed(words.get(int(column)) or f"‹{spelt(int(vectoriser.keys[column]))}›", float(value * lead[column]))
        for column, value in zip(row.indices, row.data, strict=True)
    ]
    return sorted(shares, key=lambda one: -one.share)
