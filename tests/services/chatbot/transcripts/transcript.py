"""A chat as a text file: what happens stands at the left, and what came of it, indented, is written by playing it.

    given: FindDossier = away
    citizen: #lam f_ho_so H29.12-260201-0001
      FindDossier: away
      bot, errand:
        Hệ thống hồ sơ đang bận …
        [Danh mục: #menu]
      EndFlow f_ho_so refused

Every effect that a turn performs is shown with its answer, by name: nothing of what it asks about. Empty lines and lines that
begin with # stay as they are.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.message import Attachment, Kind, Lane, MessagePart
from loa.talk.memory.backend import Backend
from loa.talk.player import Chat, Handler
from services.chatbot.dialogue.actions import Action, Reply
from services.chatbot.dialogue.effects import Unavailable
from services.chatbot.lookups.result import LookupResult
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import Understood
from tests.services.chatbot.chat_player import meaning

Answers = Mapping[str, Callable[[Handler], Handler]]
"""What an effect can be answered with, by name; each is given the backend's own handler."""


@dataclass(slots=True)
class Transcript:
    chat: Chat
    backend: Backend
    answers: Answers
    given: dict[str, str] = field(default_factory=dict)  # Names of answers, by the names of effects.

    def play(self, text: str) -> str:
        """Returns the transcript as it should read. Raises ValueError naming a line that is none."""
        lines: list[str] = []
        for number, line in enumerate(text.splitlines(), start=1):
            if line.startswith("  "):
                continue
            lines.append(line)
            if line and not line.startswith("#"):
                try:
                    lines += self._played(line)
                except (LookupError, ValueError) as error:
                    raise ValueError(f"line {number}, {line!r}: {error}") from error
        return "\n".join(lines) + "\n"

    def _played(self, line: str) -> Iterator[str]:
        verb, _, rest = line.partition(":")
        words = rest.strip()
        match verb:
            case "oa":
                self.chat.oa_id = words
                return
            case "given":
                self._give(*(word.strip() for word in words.split("=", 1)))
                return
            case "citizen":
                self.chat.says(words)
            case "citizen taps":
                self.chat.presses(words)
            case "citizen sends":
                kind, _, name = words.partition(" ")
                attachment = Attachment(kind=Kind(kind), url=f"memory:{name}" if name else None, name=name or None)
                self.chat.says("", kind=Kind(kind), attachments=[attachment])
            case "citizen stands at":
                latitude, longitude = map(float, words.split())
                place = Attachment(kind=Kind.LOCATION, latitude=latitude, longitude=longitude)
                self.chat.says("", kind=Kind.LOCATION, attachments=[place])
            case "citizen follows":
                self.chat.follows()
            case "officer":
                self.chat.officer_writes(words)
            case "time passes":
                amount, unit = words.split()
                self.chat.waits(**{unit: float(amount)})
            case _:
                raise ValueError(f"no line of a transcript begins with {verb!r}")
        yield from self._outcome()

    def _give(self, effect: str, name: str) -> None:
        handlers = self.backend.handlers()
        kind = Understand if effect == "Understand" else next(kind for kind in handlers if kind.__name__ == effect)
        if name == "as usual":
            self.chat.handlers[kind] = handlers[kind]
            del self.given[effect]
            return
        if kind is Understand and name not in self.answers:
            understood = read_meaning(name)
            self.chat.handlers[kind] = lambda _: understood
        else:
            self.chat.handlers[kind] = self.answers[name](handlers.get(kind, lambda _: None))
        self.given[effect] = name

    def _outcome(self) -> Iterator[str]:
        for effect, answer in self.chat.performed:
            name = type(effect).__name__
            yield f"  {name}: {self.given.get(name) or summary(answer)}"
        for action in self.chat.decision.actions:
            yield from _reply(action) if isinstance(action, Reply) else [_action(action)]


def read_meaning(text: str) -> Understood:
    """`answer cc_doi fee`, `choices cc_doi cc_cap_lai`, `wish thanks`, `danger`, `tip`, or `nothing`."""
    what, *words = text.split()
    match what:
        case "answer":
            return meaning(*words)
        case "facet":
            return Understood(facet=words[0])
        case "choices":
            return Understood("choices", choices=tuple(words))
        case "wish":
            return Understood(wish=words[0])
        case "danger":
            return Understood(danger=True)
        case "tip":
            return Understood(tip=True)
        case "nothing":
            return Understood()
        case _:
            raise ValueError(f"nothing means {text!r}")


def summary(answer: Any) -> str:
    match answer:
        case Unavailable():
            return "away"
        case None:
            return "nothing"
        case bool():
            return "yes" if answer else "no"
        case int():
            return str(answer)
        case LookupResult(value) if isinstance(value, tuple):
            return f"{len(value)} found"
        case LookupResult():
            return "found"
        case tuple() | frozenset() | dict():
            return f"{len(answer)} found"
        case Understood():
            return answer.key or answer.outcome
        case _:
            return type(answer).__name__


def _reply(reply: Reply) -> Iterator[str]:
    yield f"  bot, {reply.outcome}{'' if reply.lane is Lane.REPLY else f', {reply.lane}'}:"
    for part in reply.parts:
        yield from (f"    {line}" for line in _part(part))


def _part(part: MessagePart) -> Iterator[str]:
    yield from (line.strip() for line in part.text.splitlines() if line.strip())
    yield from (f"(image {part.image.name})",) if part.image else ()
    yield from (f"(file {part.file.name})",) if part.file else ()
    yield from (f"[{button.title}: {button.payload}]" for button in part.buttons)


def _action(action: Action) -> str:
    fields = [str(getattr(action, name)) for name in type(action).__slots__ if getattr(action, name) != ""]
    return f"  {type(action).__name__} {' '.join(fields)}"
