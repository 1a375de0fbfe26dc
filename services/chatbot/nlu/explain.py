"""Explains why a question was understood as it was."""

from dataclasses import dataclass

import numpy as np

from services.chatbot.nlu.codes import read_codes
from services.chatbot.nlu.confidence import FEATURES, features
from services.chatbot.nlu.model import NluModel
from services.chatbot.nlu.ngrams import unpack_gram
from services.chatbot.nlu.normalise import truncated
from services.chatbot.nlu.result import Understood

MAX_GRAMS = 8  # N-grams shown for and against.


@dataclass(frozen=True, slots=True)
class GramContribution:
    """A feature's share of the difference between the scores of the best and the second key."""

    gram: str
    share: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a decision was made of."""

    understood: Understood
    normal: str  # The question as it was read.
    facet_words: str
    scores: tuple[tuple[str, float], ...]  # Best keys, out of scope among them.
    grams_for: tuple[GramContribution, ...]
    grams_against: tuple[GramContribution, ...]
    confidence_features: tuple[tuple[str, float], ...]
    probability_right: float
    probability_in_scope: float
    names: tuple[tuple[str, float], ...]  # Nearest official names: key and cosine.


def explain(model: NluModel, question: str) -> Explanation:
    """Returns why the model understands a question as it does."""
    normal = model.normaliser(read_codes(truncated(question))[1])
    scores = model.scorer([normal])
    rows, order = features(scores, [normal], model.scorer.keys, model.scorer.out_of_scope, model.objects)
    right, in_scope = model.confidence.probabilities(rows)
    ranked = np.argsort(-scores[0])[:4]
    contributions = _contributions(model, normal, int(order[0, 0]), int(order[0, 1]))
    return Explanation(
        understood=model.understand([question])[0],
        normal=normal,
        facet_words=model.facets.find([normal])[1],
        scores=tuple((model.scorer.keys[column], float(scores[0, column])) for column in ranked),
        grams_for=tuple(contribution for contribution in contributions[:MAX_GRAMS] if contribution.share > 0),
        grams_against=tuple(
            contribution for contribution in reversed(contributions[-MAX_GRAMS:]) if contribution.share < 0
        ),
        confidence_features=tuple(zip(FEATURES, (float(value) for value in rows[0]), strict=True)),
        probability_right=float(right[0]),
        probability_in_scope=float(in_scope[0]),
        names=tuple((name.key, name.similarity) for name in model.catalogue.nearest([normal])[0]),
    )


def _contributions(model: NluModel, normal: str, best: int, second: int) -> list[GramContribution]:
    """Returns every n-gram of the question by its share of the best key's lead over the second, largest first."""
    vectoriser = model.scorer.vectoriser
    row = vectoriser.transform([normal])
    lead = model.scorer.weights[:, best] - model.scorer.weights[:, second]
    words = {column: word for word, column in vectoriser.words.items()}
    shares = [
        GramContribution(
            words.get(int(column)) or f"‹{unpack_gram(int(vectoriser.keys[column]))}›", float(value * lead[column])
        )
        for column, value in zip(row.indices, row.data, strict=True)
    ]
    return sorted(shares, key=lambda contribution: -contribution.share)
