"""What a citizen typed, in the words our content uses: letters folded, keyboards and typing errors undone, teencode spelt out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.chatbot.understand.content import Language
from services.chatbot.understand.folding import fold, words
from services.chatbot.understand.keyboards import from_telex, from_vni
from services.chatbot.understand.spelling import Speller, split_run

OFTEN = 2  # A word of our content seen this often is worth repairing towards.


def _table(phrases: Mapping[str, str]) -> dict[str, list[tuple[tuple[str, ...], list[str]]]]:
    """Phrases by first word, longest first."""
    table: dict[str, list[tuple[tuple[str, ...], list[str]]]] = {}
    for said, meant in phrases.items():
        key = tuple(words(fold(said)))
        if key:  # A phrase that means itself stays: it shields its words from shorter phrases.
            table.setdefault(key[0], []).append((key, words(fold(meant))))
    for rivals in table.values():
        rivals.sort(key=lambda rival: -len(rival[0]))
    return table


@dataclass(frozen=True)
class Normaliser:
    syllables: frozenset[str]
    teencode: Mapping[str, list[str]]
    table: Mapping[str, list[tuple[tuple[str, ...], list[str]]]]
    known: Mapping[str, int] = field(default_factory=dict)
    speller: Speller = field(default_factory=lambda: Speller({}))

    @classmethod
    def of(cls, language: Language) -> "Normaliser":
        """Knows the language files; not yet the content's vocabulary (`taught`)."""
        pairs = {onset + rime for onset in language.onsets for rime in language.rimes}
        table = _table(language.phrases)
        known = {word: 1 for rivals in table.values() for key, _ in rivals for word in key}
        return cls(frozenset(pairs), {fold(k): words(fold(v)) for k, v in language.words.items()}, table, known)

    def taught(self, texts: Iterable[str]) -> "Normaliser":
        """The same, repairing towards the words that these normalised texts use."""
        counts: dict[str, int] = {}
        for text in texts:
            for word in text.split():
                counts[word] = counts.get(word, 0) + 1
        often = {word: count for word, count in counts.items() if count >= OFTEN}
        return Normaliser(self.syllables, self.teencode, self.table, {**self.known, **often}, Speller(often))

    def __call__(self, text: str) -> str:
        """Folded words joined by single spaces; never raises; linear in the length of the text."""
        typed = from_vni(words(fold(text)), self.syllables)
        repaired = [whole for word in typed for whole in self._repaired(word)]
        spelt = [word for word in self._phrased(repaired) for word in self.teencode.get(word, (word,))]
        return " ".join(self._phrased(spelt))

    def _repaired(self, word: str) -> Sequence[str]:
        if word in self.syllables or word in self.teencode or word in self.known or not word.isalpha():
            return (word,)
        telex = from_telex(word, self.syllables)
        if telex is not None:
            return (telex,)
        run = split_run(word, self.syllables, self.known)
        if run is not None:
            return run
        return (self.speller.corrected(word) or word,)

    def _phrased(self, spoken: list[str]) -> list[str]:
        said: list[str] = []
        at = 0
        while at < len(spoken):
            for key, meant in self.table.get(spoken[at], ()):
                if tuple(spoken[at : at + len(key)]) == key:
                    said += meant
                    at += len(key)
                    break
            else:
                said.append(spoken[at])
                at += 1
        return said
