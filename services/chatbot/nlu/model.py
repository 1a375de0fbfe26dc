"""The language model: rules, then scores, then confidence, then the catalogue."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from services.chatbot.content.content import Content
from services.chatbot.content.models.training import TrainingData
from services.chatbot.nlu.bare_subjects import BareSubjects
from services.chatbot.nlu.cache import fingerprint, load_parameters, save_parameters
from services.chatbot.nlu.catalogue import Catalogue, CatalogueMatch
from services.chatbot.nlu.codes import read_codes
from services.chatbot.nlu.confidence import ConfidenceModel, Objects, features
from services.chatbot.nlu.facets import Facets
from services.chatbot.nlu.guess import (
    ANSWER_PROBABILITY,
    IN_SCOPE_PROBABILITY,
    MAX_CHOICES,
    STORY_WORDS,
    Guess,
    key_first,
    with_catalogue,
    with_segments,
)
from services.chatbot.nlu.normalise import Normaliser, truncated
from services.chatbot.nlu.result import CATALOGUE, Codes, Outcome, Understood
from services.chatbot.nlu.rules import by_code
from services.chatbot.nlu.safety_signals import SafetySignals
from services.chatbot.nlu.scorer import Scorer
from services.chatbot.nlu.segments import split_segments
from services.chatbot.nlu.smalltalk import Smalltalk
from services.chatbot.nlu.training_set import build_normaliser

BARE_SUBJECT_SCORE = 0.34  # Score of the first of three choices for a subject named alone.


class Reading(NamedTuple):
    """A question as the model reads it."""

    typed: str
    codes: Codes
    normal: str
    segments: Sequence[str]


@dataclass(frozen=True)
class NluModel:
    """Immutable once trained; any number of threads may use it at once."""

    normaliser: Normaliser
    scorer: Scorer
    confidence: ConfidenceModel
    objects: Objects
    facets: Facets
    safety_signals: SafetySignals
    smalltalk: Smalltalk
    bare_subjects: BareSubjects
    catalogue: Catalogue
    flows: frozenset[str]

    @classmethod
    def train(cls, content: Content, cache_dir: Path | None = None) -> "NluModel":
        """Takes some seconds of one core; with a cache directory, only once for the same words.

        Raises ContentErrors where the words of this edition contradict each other or are too few.
        """
        data = content.training_data
        normaliser = build_normaliser(data)
        if cache_dir is None:
            return cls.of(data, normaliser, *_train(content, normaliser))
        path = cache_dir / f"{fingerprint(data)}.npz"
        parameters = load_parameters(path)
        if parameters is None:
            parameters = _train(content, normaliser)
            with contextlib.suppress(OSError):  # A full or read-only disk costs the next start some seconds, no more.
                save_parameters(path, *parameters)
        return cls.of(data, normaliser, *parameters)

    @classmethod
    def of(cls, data: TrainingData, normaliser: Normaliser, scorer: Scorer, confidence: ConfidenceModel) -> "NluModel":
        """Returns a model of trained parameters and of the parts that need no training."""
        return cls(
            normaliser,
            scorer,
            confidence,
            Objects.of(data),
            Facets.of(data.language),
            SafetySignals.of(data.language),
            Smalltalk.of(data.language),
            BareSubjects.of(data),
            Catalogue.of(data, normaliser),
            frozenset(intent.key for intent in data.intents if intent.kind == "flow"),
        )

    def without_catalogue(self) -> "NluModel":
        """Returns a model that knows only its own keys."""
        return replace(self, catalogue=self.catalogue.without_entries())

    def understand(self, questions: Sequence[str]) -> list[Understood]:
        """Returns what is understood of each question, in order. Accepts any text and stores none."""
        codes_and_texts = [read_codes(truncated(question)) for question in questions]
        normals = [self.normaliser(text) for _, text in codes_and_texts]
        segment_texts = [[self.normaliser(segment) for segment in split_segments(text)] for _, text in codes_and_texts]
        guesses = iter(self._guesses([*normals, *(segment for segments in segment_texts for segment in segments)]))
        wholes = [next(guesses) for _ in normals]
        guesses_by_text = [[next(guesses) for _ in segments] for segments in segment_texts]
        catalogue_matches = self.catalogue.nearest(normals)
        return [
            replace(
                self._decide(Reading(question, codes, normal, segments), whole, segment_guesses, matches),
                wish=self.smalltalk.match(normal),
            )
            for question, (codes, _), normal, segments, whole, segment_guesses, matches in zip(
                questions,
                codes_and_texts,
                normals,
                segment_texts,
                wholes,
                guesses_by_text,
                catalogue_matches,
                strict=True,
            )
        ]

    def _guesses(self, normals: Sequence[str]) -> list[Guess]:
        if not normals:
            return []
        feature_rows, order = features(
            self.scorer(normals), normals, self.scorer.keys, self.scorer.out_of_scope, self.objects
        )
        right, in_scope = self.confidence.probabilities(feature_rows)
        return [
            Guess(
                tuple(self.scorer.keys[column] for column in row[:MAX_CHOICES]),
                float(right_probability),
                float(in_scope_probability),
            )
            for row, right_probability, in_scope_probability in zip(order, right, in_scope, strict=True)
        ]

    def _decide(
        self, reading: Reading, whole: Guess, segment_guesses: Sequence[Guess], matches: Sequence[CatalogueMatch]
    ) -> Understood:
        typed, codes, normal, segments = reading
        is_story = normal.count(" ") >= STORY_WORDS
        facet = self.facets.find(segments if is_story and segments else [normal])[0]
        danger = self.safety_signals.danger(normal, typed)
        by_rule = by_code(codes, normal)
        if by_rule is not None:
            ranked = key_first(by_rule[0], whole.ranked)
            return Understood("flow", by_rule[0], facet, 1.0, ranked, (), codes, danger, tip=False, rule=by_rule[1])
        if subject_keys := self.bare_subjects.keys(normal):
            ranked = (*subject_keys, *(key for key in whole.ranked if key not in subject_keys))[:MAX_CHOICES]
            return Understood(
                "choices", ranked[0], facet, BARE_SUBJECT_SCORE, ranked, (), codes, danger, rule="subject alone"
            )
        guess, others = with_segments(whole, segment_guesses, len(normal.split()))
        guess, rule = with_catalogue(guess, matches)
        outcome = self._outcome(guess)
        tip = (
            guess.ranked[0] == "f_tin_bao"
            if outcome == "flow"
            else self.safety_signals.tip(normal, typed) and outcome != "answer"
        )
        key = None if outcome == "decline" else guess.ranked[0]
        others = others if outcome in ("answer", "flow") else ()
        return Understood(outcome, key, facet, round(guess.right, 4), guess.ranked, others, codes, danger, tip, rule)

    def _outcome(self, guess: Guess) -> Outcome:
        if guess.right >= ANSWER_PROBABILITY:
            return "flow" if guess.ranked[0] in self.flows else "answer"
        return (
            "choices"
            if guess.in_scope >= IN_SCOPE_PROBABILITY and not guess.ranked[0].startswith(CATALOGUE)
            else "decline"
        )


def _train(content: Content, normaliser: Normaliser) -> tuple[Scorer, ConfidenceModel]:
    from services.chatbot.nlu.training import train  # noqa: PLC0415 - scikit-learn takes seconds to import

    return train(content, normaliser)
