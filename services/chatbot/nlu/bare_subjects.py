"""Recognises a subject named alone ("căn cước"): too little to answer, enough to offer choices."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.chatbot.content.models.training import TrainingData


@dataclass(frozen=True)
class BareSubjects:
    """Subjects by themselves, and the keys to offer for each."""

    offered: Mapping[str, tuple[str, ...]]  # By folded subject.
    fillers: frozenset[str]  # Words that add nothing.

    @classmethod
    def of(cls, data: TrainingData) -> "BareSubjects":
        """Returns the subjects, with only those keys that this content has."""
        known_keys = {intent.key for intent in data.intents}
        offered = {
            subject: tuple(key for key in keys if key in known_keys) for subject, keys in data.language.bare.items()
        }
        return cls({subject: keys for subject, keys in offered.items() if keys}, frozenset(data.language.bare_small))

    def keys(self, normal: str) -> tuple[str, ...]:
        """Returns the keys to offer for a normalised question; none if it says more than a subject."""
        return self.offered.get(normal) or self.offered.get(self._without_fillers(normal), ())

    def _without_fillers(self, normal: str) -> str:
        words = normal.split()
        while words and words[-1] in self.fillers and " ".join(words) not in self.offered:
            words = words[:-1]
        while words and words[0] in self.fillers and " ".join(words) not in self.offered:
            words = words[1:]
        return " ".join(words)
