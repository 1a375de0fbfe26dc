"""Decodes the keystrokes of Vietnamese keyboards: Telex ("lafm ther cawn cuowcs") and VNI ("la2m the3 ca8n cu7o7c1")."""

import re
from collections.abc import Container

_DOUBLED = re.compile(r"dd|aa|ee|oo")
_TONE = re.compile(r"(?<=[aeiouy])(.*)[sfrxjz]")
_VNI = re.compile(r"^[a-z]+[1-9]+[a-z1-9]*$")
MIN_VNI_WORDS = 3  # Words with digits inside before we believe in VNI: "ct01" or "a1" alone are names.


def from_telex(word: str, syllables: Container[str]) -> str | None:
    """Returns the folded syllable that Telex keystrokes spell, or None if they spell none."""
    undoubled = _DOUBLED.sub(lambda pair: pair.group()[0], word)
    for horned in (undoubled.replace("w", ""), undoubled.replace("w", "u", 1)) if "w" in undoubled else (undoubled,):
        toned = _TONE.sub(r"\1", horned)
        for spelt in (horned, toned):
            if spelt != word and spelt in syllables:
                return spelt
    return None


def from_vni(words: list[str], syllables: Container[str]) -> list[str]:
    """Returns the words without VNI digits, if the whole text is typed that way."""
    typed = [_VNI.match(word) is not None and re.sub(r"[1-9]", "", word) in syllables for word in words]
    if sum(typed) < MIN_VNI_WORDS:
        return words
    return [re.sub(r"[1-9]", "", word) if vni else word for word, vni in zip(words, typed, strict=True)]
