"""A chat written down as it reads, and played through the whole chain: `await talk.goes(TRANSCRIPT)`.

    citizen: làm căn cước cần giấy tờ gì
    bot: Cấp thẻ căn cước … CC01
    citizen taps: CC01
    bot sends a file: CC01.docx

`…` stands for anything between two pieces. Every line of the bot is waited for; a line that does not come fails the test.
"""

import base64
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from loa.testkit.system import Citizen

SCRIPT_LINE = re.compile(r"(citizen|bot|officer)((?: [a-z]+)*): ?(.*)")
TIMEOUT_SECONDS = 20.0
Message = dict[str, Any]
MAGIC = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "docx": b"PK\x03\x04", "pdf": b"%PDF"}


class StartChat(Protocol):
    """Somebody new who writes to an OA; what they can send is named with _ for the dot: `giay_pdf=b"…"`."""

    async def __call__(self, oa_id: str = ..., **files: bytes) -> "ScriptedChat": ...


@dataclass
class ScriptedChat:
    """One citizen with one OA. `files`: what they can send, by name."""

    citizen: Citizen
    files: Mapping[str, bytes] = field(default_factory=dict)
    quiet: Callable[[], Awaitable[None]] | None = None  # Returns when nothing more will come.
    messages: list[Message] = field(default_factory=list)  # Since the citizen's latest line.
    earlier: list[Message] = field(default_factory=list)

    async def play(self, script: str) -> None:
        """Raises AssertionError naming the line that did not happen."""
        for number, line in enumerate(filter(None, map(str.strip, script.splitlines())), start=1):
            matched = SCRIPT_LINE.fullmatch(line)
            assert matched is not None, f"line {number} is no line of a chat: {line}"
            who, how, what = matched.groups()
            try:
                await self._verbs()[f"{who}{how}"](what)
            except AssertionError as missing:
                raise AssertionError(f"line {number}, {line!r}: {missing}") from None

    def _verbs(self) -> Mapping[str, Callable[[str], Awaitable[None]]]:
        return {
            "citizen": self._says,
            "citizen taps": self._presses,
            "citizen stands at": self._stands,
            "citizen sends a picture": lambda name: self._sends("image", name),
            "citizen sends a file": lambda name: self._sends("file", name),
            "officer": self._officer,
            "bot": self._bot,
            "bot offers": self._offers,
            "bot does not say": self._not_said,
            "bot sends a file": self._file,
            "bot sends a picture": self._picture,
            "bot is silent": self._silent,
        }

    @property
    def last(self) -> str:
        """Everything the bot has said since the citizen's latest line."""
        return "\n".join(message["text"] for message in self.messages)

    async def _act(self, action: str, body: Mapping[str, Any]) -> None:
        self.earlier, self.messages = [*self.earlier, *self.messages], []
        payload = {"oa_id": self.citizen.oa_id, **body}
        url = f"{self.citizen.sandbox}/sandbox/citizens/{self.citizen.citizen_id}/{action}"
        async with self.citizen.http.post(url, json=payload) as answer:
            assert answer.status == 200, await answer.text()
            webhook = (await answer.json())["webhook"]
        assert webhook["status"] == 200, f"the gateway answered {webhook['status']}"

    async def _says(self, text: str) -> None:
        await self._act("send", {"kind": "text", "text": text})

    async def _stands(self, position: str) -> None:
        latitude, longitude = map(float, position.split())
        await self._act("send", {"kind": "location", "latitude": latitude, "longitude": longitude})

    async def _sends(self, kind: str, name: str) -> None:
        content = base64.b64encode(self.files[name]).decode()
        await self._act("send", {"kind": kind, "file": {"name": name, "content_base64": content}})

    async def _presses(self, title: str) -> None:
        """The latest button whose title has these words."""

        def pressed() -> tuple[Message, str] | None:
            for message in reversed([*self.earlier, *self.messages]):
                for button in message["buttons"]:
                    if title.casefold() in button["title"].casefold():
                        return message, button["title"]
            return None

        await self._until(lambda: pressed() is not None, f"no button like {title!r}")
        target = pressed()
        assert target is not None
        await self._act("tap", {"message_id": target[0]["message_id"], "button": target[1]})

    async def _officer(self, text: str) -> None:
        self.earlier, self.messages = [*self.earlier, *self.messages], []
        payload = {"citizen_id": self.citizen.citizen_id, "text": text}
        url = f"{self.citizen.sandbox}/sandbox/oas/{self.citizen.oa_id}/officer/send"
        async with self.citizen.http.post(url, json=payload) as answer:
            assert answer.status == 200, await answer.text()

    async def _bot(self, pieces: str) -> None:
        """Each piece, in whatever case: headings may shout."""
        wanted = [piece.strip().casefold() for piece in pieces.split("…")]
        await self._until(lambda: all(piece in self.last.casefold() for piece in wanted), "the bot said otherwise")

    async def _offers(self, titles: str) -> None:
        wanted = [title.strip() for title in titles.split("|")]
        await self._until(lambda: set(wanted) <= set(self.offered), "other buttons")

    @property
    def offered(self) -> list[str]:
        return [button["title"] for message in self.messages for button in message["buttons"]]

    @property
    def offered_before(self) -> list[str]:
        """Every button so far."""
        return [button["title"] for message in [*self.earlier, *self.messages] for button in message["buttons"]]

    async def receives_something(self) -> None:
        await self._until(lambda: bool(self.messages), "nothing")

    async def _not_said(self, piece: str) -> None:
        assert piece not in self.last

    async def _file(self, name: str) -> None:
        kind = name.rsplit(".", 1)[-1]
        await self._attached("file", kind, lambda payload: payload.get("name") == name)

    async def _picture(self, kind: str) -> None:
        await self._attached("image", kind, lambda _: True)

    async def _attached(self, kind: str, format_: str, fits: Callable[[Mapping[str, Any]], bool]) -> None:
        """It is in the chat, and its address gives bytes of that format."""

        def payloads() -> list[Mapping[str, Any]]:
            parts = [part for message in self.messages for part in message["attachments"]]
            return [part["payload"] for part in parts if part["type"] == kind and fits(part["payload"])]

        await self._until(lambda: bool(payloads()), f"no such {kind}")
        async with self.citizen.http.get(payloads()[-1]["url"]) as answer:
            data = await answer.read()
        assert data.startswith(MAGIC[format_]), f"{len(data)} bytes that are no {format_}"
        self.attachment = data

    attachment: bytes = b""  # What the latest file or picture held.

    async def _silent(self, _: str) -> None:
        assert self.quiet is not None, "this chat cannot tell when nothing more will come"
        await self.quiet()
        await self._receive(0)
        assert self.messages == [], f"the bot said: {self.last[:300]}"

    async def _until(self, holds: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        await self._receive(0)
        while not holds():
            left = deadline - time.monotonic()
            assert left > 0, f"{otherwise}: {self.last[:1_500]!r}, buttons {self.offered}"
            await self._receive(min(left, 2.0))

    async def _receive(self, wait: float) -> None:
        """Officers' words are in the chat too; the bot's are those without an officer's name."""
        received = await self.citizen.receives(wait)
        self.messages += [message for message in received if message["from_oa"] and not message["admin_id"]]
