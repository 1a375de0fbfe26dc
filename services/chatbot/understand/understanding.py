"""From questions to what is understood of them: rules, then scores, then the gate, then the catalogue."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from services.chatbot.understand import catalogue as names
from services.chatbot.understand.bare import Bare
from services.chatbot.understand.catalogue import Catalogue, Named
from services.chatbot.understand.codes import read_codes
from services.chatbot.understand.content import Content, read_content
from services.chatbot.understand.facets import Facets
from services.chatbot.understand.folding import shortened
from services.chatbot.understand.gate import Gate, Objects, features
from services.chatbot.understand.lessons import taught_normaliser
from services.chatbot.understand.normalise import Normaliser
from services.chatbot.understand.parts import pieces
from services.chatbot.understand.rules import by_code
from services.chatbot.understand.scorer import Scorer
from services.chatbot.understand.shelf import fingerprint, keep, kept
from services.chatbot.understand.signs import Signs
from services.chatbot.understand.understood import CATALOGUE, Codes, Outcome, Understood
from services.chatbot.understand.wishes import Wishes

ANSWERED = 0.5  # Probability that the best key is right, from which it is answered.
OURS = 0.75  # Probability that it is one of ours, from which we ask back rather than decline.
SURE = 0.8  # From which a piece of a message counts as a question of its own.
STORY = 25  # Words from which a message is a story: its pieces may rescue it, but no longer reorder it.
SHOWN = 3  # Choices.
ASKED = 0.34  # Score of the first of the choices for a subject named alone: a third, and no more is known.


class Reading(NamedTuple):
    typed: str
    codes: Codes
    normal: str
    pieces: Sequence[str]


class Guess(NamedTuple):
    ranked: tuple[str, ...]
    right: float
    within: float


@dataclass(frozen=True)
class Understanding:
    """Immutable once trained; any number of threads may ask it at once."""

    normaliser: Normaliser
    scorer: Scorer
    gate: Gate
    objects: Objects
    facets: Facets
    signs: Signs
    wishes: Wishes
    bare: Bare
    catalogue: Catalogue
    flows: frozenset[str]

    @classmethod
    def train(cls, content_dir: Path, cache_dir: Path | None = None) -> "Understanding":
        """Some seconds of one core; with a cache directory, only once per content. Raises ContentError."""
        content = read_content(content_dir)
        normaliser = taught_normaliser(content)
        if cache_dir is None:
            return cls.of(content, normaliser, *_learnt(content, normaliser))
        path = cache_dir / f"{fingerprint(content_dir)}.npz"
        known = kept(path)
        if known is None:
            known = _learnt(content, normaliser)
            with contextlib.suppress(OSError):  # A full or read-only disk costs the next start some seconds, no more.
                keep(path, *known)
        return cls.of(content, normaliser, *known)

    @classmethod
    def of(cls, content: Content, normaliser: Normaliser, scorer: Scorer, gate: Gate) -> "Understanding":
        """From what was learnt, and what needs no learning."""
        return cls(
            normaliser,
            scorer,
            gate,
            Objects.of(content),
            Facets.of(content.language),
            Signs.of(content.language),
            Wishes.of(content.language),
            Bare.of(content),
            Catalogue.of(content, normaliser),
            frozenset(lesson.key for lesson in content.lessons if lesson.kind == "flow"),
        )

    def without_catalogue(self) -> "Understanding":
        """The same, knowing only its own keys."""
        return replace(self, catalogue=self.catalogue.emptied())

    def understand(self, questions: Sequence[str]) -> list[Understood]:
        """One for each question, in order. Any text is accepted; none is remembered."""
        read = [read_codes(shortened(question)) for question in questions]
        normals = [self.normaliser(text) for _, text in read]
        cut = [[self.normaliser(piece) for piece in pieces(text)] for _, text in read]
        guesses = iter(self._guesses([*normals, *(piece for parts in cut for piece in parts)]))
        wholes = [next(guesses) for _ in normals]
        parts = [[next(guesses) for _ in piece] for piece in cut]
        named = self.catalogue.nearest(normals)
        return [
            replace(
                self._decided(Reading(question, codes, normal, told), whole, part, near), wish=self.wishes.named(normal)
            )
            for question, (codes, _), normal, told, whole, part, near in zip(
                questions, read, normals, cut, wholes, parts, named, strict=True
            )
        ]

    def _guesses(self, normals: Sequence[str]) -> list[Guess]:
        if not normals:
            return []
        seen, order = features(self.scorer(normals), normals, self.scorer.keys, self.scorer.nowhere, self.objects)
        right, within = self.gate.probabilities(seen)
        return [
            Guess(tuple(self.scorer.keys[column] for column in row[:SHOWN]), float(sure), float(ours))
            for row, sure, ours in zip(order, right, within, strict=True)
        ]

    def _decided(self, read: Reading, whole: Guess, parts: Sequence[Guess], near: Sequence[Named]) -> Understood:
        typed, codes, normal, told = read
        story = normal.count(" ") >= STORY
        facet = self.facets.asked(told if story and told else [normal])[0]
        danger = self.signs.danger(normal, typed)
        ruled = by_code(codes, normal)
        if ruled is not None:
            ranked = _first(ruled[0], whole.ranked)
            return Understood("flow", ruled[0], facet, 1.0, ranked, (), codes, danger, tip=False, rule=ruled[1])
        if alone := self.bare.keys(normal):
            ranked = (*alone, *(key for key in whole.ranked if key not in alone))[:SHOWN]
            return Understood("choices", ranked[0], facet, ASKED, ranked, (), codes, danger, rule="subject alone")
        guess, others = _with_parts(whole, parts, len(normal.split()))
        guess, rule = _with_names(guess, near)
        outcome = self._outcome(guess)
        tip = (
            guess.ranked[0] == "f_tin_bao"
            if outcome == "flow"
            else self.signs.tip(normal, typed) and outcome != "answer"
        )
        key = None if outcome == "decline" else guess.ranked[0]
        others = others if outcome in ("answer", "flow") else ()
        return Understood(outcome, key, facet, round(guess.right, 4), guess.ranked, others, codes, danger, tip, rule)

    def _outcome(self, guess: Guess) -> Outcome:
        if guess.right >= ANSWERED:
            return "flow" if guess.ranked[0] in self.flows else "answer"
        return "choices" if guess.within >= OURS and not guess.ranked[0].startswith(CATALOGUE) else "decline"


def _learnt(content: Content, normaliser: Normaliser) -> tuple[Scorer, Gate]:
    from services.chatbot.understand.learning import learn  # noqa: PLC0415 - scikit-learn takes seconds to import

    return learn(content, normaliser)


def _first(key: str, ranked: Sequence[str]) -> tuple[str, ...]:
    return (key, *(other for other in ranked if other != key))[:SHOWN]


def _with_parts(whole: Guess, parts: Sequence[Guess], length: int) -> tuple[Guess, tuple[str, ...]]:
    """Two questions: the first is answered, the other offered. A story that says too little as a whole: by its clearest piece."""
    sure = [part for part in parts if part.right >= SURE]
    asked = list(dict.fromkeys(part.ranked[0] for part in sure))
    if length < STORY and len(asked) > 1:
        ranked = tuple(dict.fromkeys([*asked, *whole.ranked]))[:SHOWN]
        return Guess(ranked, max(whole.right, sure[0].right), 1.0), tuple(asked[1:SHOWN])
    if whole.right < ANSWERED and asked:
        best = max(sure, key=lambda part: part.right)
        return Guess(_first(best.ranked[0], whole.ranked), best.right, best.within), ()
    return whole, ()


def _with_names(guess: Guess, near: Sequence[Named]) -> tuple[Guess, str | None]:
    """A question that spells out an official name means that procedure, whatever the scores make of it."""
    if not near or near[0].likeness < names.SUGGESTED:
        return guess, None
    first = near[0]
    unsure = guess.right < ANSWERED and guess.within >= OURS
    if first.likeness >= names.CERTAIN and (first.key.startswith(CATALOGUE) or unsure):
        return Guess(_first(first.key, guess.ranked), max(first.likeness, guess.right), 1.0), "official name"
    if guess.right < ANSWERED and guess.within < OURS and first.key.startswith(CATALOGUE):
        offered = tuple(dict.fromkeys(name.key for name in near if name.likeness >= names.SUGGESTED))
        return Guess((*offered, *guess.ranked)[:SHOWN], guess.right, guess.within), None
    return guess, None
