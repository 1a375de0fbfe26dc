"""A subject named alone ("căn cước"): too little to answer, enough to offer what it may be about."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.chatbot.understand.content import Content, ContentError


@dataclass(frozen=True)
class Bare:
    offered: Mapping[str, tuple[str, ...]]  # By folded subject.
    small: frozenset[str]  # Words that add nothing.

    @classmethod
    def of(cls, content: Content) -> "Bare":
        """Only keys that this content has are offered, so that a smaller content may keep the file."""
        known = {lesson.key for lesson in content.lessons}
        offered = {
            subject: tuple(key for key in keys if key in known) for subject, keys in content.language.bare.items()
        }
        for subject in offered:
            if subject != " ".join(subject.split()) or not subject.isascii():
                raise ContentError(f"language: bare: {subject!r} is not folded words with single spaces")
        return cls({subject: keys for subject, keys in offered.items() if keys}, frozenset(content.language.bare_small))

    def keys(self, normal: str) -> tuple[str, ...]:
        """What to offer for a normalised question, or nothing if it says more than a subject."""
        return self.offered.get(normal) or self.offered.get(self._without_small(normal), ())

    def _without_small(self, normal: str) -> str:
        kept = normal.split()
        while kept and kept[-1] in self.small and " ".join(kept) not in self.offered:
            kept = kept[:-1]
        while kept and kept[0] in self.small and " ".join(kept) not in self.offered:
            kept = kept[1:]
        return " ".join(kept)
