"""The best keys of a question, revised by its segments and by official names in it."""

from collections.abc import Sequence
from typing import NamedTuple

from services.chatbot.nlu.catalogue import MATCH_SIMILARITY, SUGGEST_SIMILARITY, CatalogueMatch
from services.chatbot.nlu.result import CATALOGUE

ANSWER_PROBABILITY = 0.5  # Probability that the best key is right, from which it is answered.
IN_SCOPE_PROBABILITY = 0.75  # Probability that it is in scope, from which choices are offered instead of declining.
SEGMENT_PROBABILITY = 0.8  # Probability from which a segment counts as a question of its own.
STORY_WORDS = 25  # Words from which a message is a story: its segments may answer it, but not add questions.
MAX_CHOICES = 3


class Guess(NamedTuple):
    """The most likely keys, best first, and two probabilities: the first is right; the question is in scope."""

    ranked: tuple[str, ...]
    right: float
    in_scope: float


def key_first(key: str, ranked: Sequence[str]) -> tuple[str, ...]:
    """Returns the keys with `key` moved to the front, at most MAX_CHOICES."""
    return (key, *(other for other in ranked if other != key))[:MAX_CHOICES]


def with_segments(whole: Guess, segment_guesses: Sequence[Guess], length: int) -> tuple[Guess, tuple[str, ...]]:
    """Returns the guess and further keys. Of two questions the first counts; an unclear story is read by its clearest segment."""
    confident = [guess for guess in segment_guesses if guess.right >= SEGMENT_PROBABILITY]
    keys = list(dict.fromkeys(guess.ranked[0] for guess in confident))
    if length < STORY_WORDS and len(keys) > 1:
        ranked = tuple(dict.fromkeys([*keys, *whole.ranked]))[:MAX_CHOICES]
        return Guess(ranked, max(whole.right, confident[0].right), 1.0), tuple(keys[1:MAX_CHOICES])
    if whole.right < ANSWER_PROBABILITY and keys:
        best = max(confident, key=lambda guess: guess.right)
        return Guess(key_first(best.ranked[0], whole.ranked), best.right, best.in_scope), ()
    return whole, ()


def with_catalogue(guess: Guess, matches: Sequence[CatalogueMatch]) -> tuple[Guess, str | None]:
    """Returns the guess and the rule's name. A question with an official name means that procedure, whatever the scores."""
    if not matches or matches[0].similarity < SUGGEST_SIMILARITY:
        return guess, None
    first = matches[0]
    unsure = guess.right < ANSWER_PROBABILITY and guess.in_scope >= IN_SCOPE_PROBABILITY
    if first.similarity >= MATCH_SIMILARITY and (first.key.startswith(CATALOGUE) or unsure):
        return Guess(key_first(first.key, guess.ranked), max(first.similarity, guess.right), 1.0), "official name"
    if guess.right < ANSWER_PROBABILITY and guess.in_scope < IN_SCOPE_PROBABILITY and first.key.startswith(CATALOGUE):
        offered = tuple(dict.fromkeys(match.key for match in matches if match.similarity >= SUGGEST_SIMILARITY))
        return Guess((*offered, *guess.ranked)[:MAX_CHOICES], guess.right, guess.in_scope), None
    return guess, None
