"""Normalises what a citizen typed: folded, typing errors and keyboards' keystrokes corrected, teencode spelt out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from contracts.text import fold
from services.chatbot.content.models.training import Language
from services.chatbot.nlu.keyboards import from_telex, from_vni
from services.chatbot.nlu.spelling import Speller, split_run

MAX_LENGTH = 1_500  # Characters of a question that are read; a story's question is at its beginning or its end.
_TOKEN = re.compile(r"[a-z0-9]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
MIN_OCCURRENCES = 2  # Occurrences from which words are corrected towards a word of the content.


def truncated(text: str) -> str:
    """Returns at most MAX_LENGTH characters: two thirds from the beginning of the text, one from its end."""
    if len(text) <= MAX_LENGTH:
        return text
    tail = MAX_LENGTH // 3
    return f"{text[: MAX_LENGTH - tail]} {text[-tail:]}"


def words(folded: str) -> list[str]:
    """Returns the words of a folded text; letters repeated for emphasis ("điiii") are written once."""
    return [_STRETCHED.sub(r"\1", word) for word in _TOKEN.findall(folded)]


def _table(phrases: Mapping[str, str]) -> dict[str, list[tuple[tuple[str, ...], list[str]]]]:
    """Returns the phrases by their first word, longest first."""
    table: dict[str, list[tuple[tuple[str, ...], list[str]]]] = {}
    for written, meaning in phrases.items():
        key = tuple(words(fold(written)))
        if key:  # A phrase that means itself protects its words from shorter phrases.
            table.setdefault(key[0], []).append((key, words(fold(meaning))))
    for rivals in table.values():
        rivals.sort(key=lambda rival: -len(rival[0]))
    return table


@dataclass(frozen=True)
class Normaliser:
    """Turns any text into the words that content uses."""

    syllables: frozenset[str]
    teencode: Mapping[str, list[str]]
    table: Mapping[str, list[tuple[tuple[str, ...], list[str]]]]
    known_words: Mapping[str, int] = field(default_factory=dict)
    speller: Speller = field(default_factory=lambda: Speller({}))

    @classmethod
    def of(cls, language: Language) -> "Normaliser":
        """Returns a normaliser of the language files, without the content's vocabulary (`with_vocabulary`)."""
        pairs = {onset + rime for onset in language.onsets for rime in language.rimes}
        table = _table(language.phrases)
        known_words = {word: 1 for rivals in table.values() for key, _ in rivals for word in key}
        return cls(frozenset(pairs), {fold(k): words(fold(v)) for k, v in language.words.items()}, table, known_words)

    def with_vocabulary(self, texts: Iterable[str]) -> "Normaliser":
        """Returns a normaliser that corrects words towards those of these normalised texts."""
        counts: dict[str, int] = {}
        for text in texts:
            for word in text.split():
                counts[word] = counts.get(word, 0) + 1
        frequent = {word: count for word, count in counts.items() if count >= MIN_OCCURRENCES}
        return Normaliser(
            self.syllables, self.teencode, self.table, {**self.known_words, **frequent}, Speller(frequent)
        )

    def __call__(self, text: str) -> str:
        """Returns folded words joined by single spaces. Never raises; takes time linear in the text's length."""
        typed = from_vni(words(fold(text)), self.syllables)
        repaired = [whole for word in typed for whole in self._repair(word)]
        spelt = [word for word in self._replace_phrases(repaired) for word in self.teencode.get(word, (word,))]
        return " ".join(self._replace_phrases(spelt))

    def _repair(self, word: str) -> Sequence[str]:
        if word in self.syllables or word in self.teencode or word in self.known_words or not word.isalpha():
            return (word,)
        telex = from_telex(word, self.syllables)
        if telex is not None:
            return (telex,)
        run = split_run(word, self.syllables, self.known_words)
        if run is not None:
            return run
        return (self.speller.corrected(word) or word,)

    def _replace_phrases(self, words_in: list[str]) -> list[str]:
        words_out: list[str] = []
        position = 0
        while position < len(words_in):
            for key, meaning in self.table.get(words_in[position], ()):
                if tuple(words_in[position : position + len(key)]) == key:
                    words_out += meaning
                    position += len(key)
                    break
            else:
                words_out.append(words_in[position])
                position += 1
        return words_out
