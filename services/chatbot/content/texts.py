"""The bot's texts: by key, with {placeholders} that only the code fills."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType

from services.chatbot.content.models.base import MESSAGE, TITLE
from services.chatbot.content.phrases import PHRASES

BUTTON = "button."  # Keys that begin so are titles of buttons.


def placeholders(text: str) -> frozenset[str]:
    """Returns the names in braces. Raises ValueError, in Vietnamese, on braces that are not plain {names}."""
    try:
        fields = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(text) if name is not None]
    except ValueError:
        raise ValueError("dấu ngoặc nhọn { } không khớp") from None
    for name, spec, conversion in fields:
        if spec or conversion or not name.isidentifier():  # {x.attribute} and {x:1000000} are for programs.
            raise ValueError(f"chỗ điền «{{{name[:40]}}}» chỉ được là một tên, ví dụ {{name}}")
    return frozenset(name for name, _, _ in fields)


def fault_in(key: str, text: str) -> str | None:
    """Returns what is wrong with a text for this key, in Vietnamese; None when nothing is."""
    allowed = PHRASES.get(key)
    if allowed is None:
        return f"không có câu nào tên «{key}» trong chương trình"
    limit = TITLE if key.startswith(BUTTON) else MESSAGE
    if len(text) > limit:
        return f"câu «{key}» dài {len(text)} ký tự, tối đa {limit}"
    try:
        unknown = placeholders(text) - allowed
    except ValueError as error:
        return f"câu «{key}»: {error}"
    if unknown:
        listed = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "không có chỗ nào"
        return f"câu «{key}» có chỗ điền {{{min(unknown)}}} mà chương trình không biết; dùng được: {listed}"
    return None


@dataclass(frozen=True, slots=True)
class Texts:
    """The bot's texts; loading ensures that every key of PHRASES has one."""

    by_key: Mapping[str, str]

    def render(self, key: str, **values: object) -> str:
        """Returns the text with its placeholders filled. What a citizen wrote is inserted as it is, never read as a pattern.

        Raises KeyError for a key or placeholder that is not declared: a mistake in the code, not in the content.
        """
        undeclared = values.keys() - PHRASES[key]
        if undeclared:
            raise KeyError(f"{key} has no place for {min(undeclared)}")
        return self.by_key[key].format_map(values)

    def with_overrides(self, overrides: Mapping[str, str]) -> "Texts":
        """Returns the texts with a pack's own wording where it has one."""
        return Texts(MappingProxyType({**self.by_key, **overrides})) if overrides else self
