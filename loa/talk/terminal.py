"""A chat in the terminal: lines typed by the citizen, messages of the bot, buttons by their numbers."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from contracts.message import Asset, Attachment, ButtonKind, Kind, MessagePart
from contracts.text import read_number
from loa.talk.memory.people import People
from loa.talk.player import Chat

HELP = (
    "Gõ tin nhắn như công dân. /1 bấm nút số 1, /wait 24 đợi 24 giờ, /photo gửi ảnh, /officer … cán bộ trả lời, "
    "/why vì sao, /quit thoát."
)
_HOURS_DIGITS = 5  # Eleven years.
PICTURE = Attachment(kind=Kind.IMAGE, url="memory:picture.jpg")


@dataclass(frozen=True, slots=True)
class Terminal:
    chat: Chat
    people: People

    def begin(self) -> Iterator[str]:
        """As to a new follower of the OA."""
        return self._messages(self.chat.follows)

    def answer(self, line: str) -> Iterator[str] | None:
        """Returns the lines to show for what was typed; None when the chat is over."""
        command, _, argument = line.partition(" ")
        if not line.startswith("/"):
            return self._messages(lambda: self.chat.says(line))
        match command.removeprefix("/"):
            case "quit":
                return None
            case "wait":
                return self._wait(argument)
            case "photo":
                return self._messages(lambda: self.chat.says("", kind=Kind.IMAGE, attachments=[PICTURE]))
            case "officer":
                return self._messages(lambda: self.chat.officer_writes(argument))
            case "why":
                return self._why()
            case number if 1 <= (place := read_number(number) or 0) <= len(self.chat.buttons):
                return self._press(place - 1)
            case _:
                return iter([HELP])

    def _messages(self, turn: Callable[[], Iterable[MessagePart]]) -> Iterator[str]:
        parts = tuple(turn())
        yield from shown(parts) if parts else ["(bot im lặng)"]

    def _press(self, index: int) -> Iterator[str]:
        button = self.chat.buttons[index]
        if button.kind is ButtonKind.HIDE:
            return self._messages(lambda: self.chat.says(button.payload))
        return iter([f"(điện thoại mở {button.payload})"])

    def _wait(self, hours: str) -> Iterator[str]:
        number = read_number(hours, _HOURS_DIGITS)
        if number is None:
            return iter([HELP])
        parts = self.chat.waits(hours=number)
        later = [part for reminder in self.people.due(self.chat.now) for part in reminder.parts]
        return shown((*parts, *later))

    def _why(self) -> Iterator[str]:
        """Shows the effects and what else was decided."""
        yield from (f"hỏi {type(effect).__name__} → {type(answer).__name__}" for effect, answer in self.chat.performed)
        yield from (
            f"{type(action).__name__} {getattr(action, 'outcome', '')}" for action in self.chat.decision.actions
        )


def shown(parts: Iterable[MessagePart]) -> Iterator[str]:
    """Messages as lines; their buttons are counted through, from 1."""
    number = 0
    for part in parts:
        yield from filter(None, (part.text, _asset("ảnh", part.image), _asset("tệp", part.file)))
        for button in part.buttons:
            number += 1
            yield f"  [{number}] {button.title}"


def _asset(kind: str, asset: Asset | None) -> str:
    return f"({kind}: {asset.name})" if asset else ""
