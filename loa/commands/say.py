"""Be a citizen in the terminal: write to an OA of the sandbox and read what it answers."""

import asyncio
import os
from dataclasses import dataclass
from typing import Annotated, Any

import aiohttp
import typer

from loa.runtime.errors import SetupError
from loa.runtime.settings import Settings

NAME = "Công dân ở dòng lệnh"


@dataclass(frozen=True, slots=True)
class Chat:
    """One citizen with one OA, over the sandbox's control API."""

    http: aiohttp.ClientSession
    sandbox: str
    citizen: str
    oa_id: str

    async def inbox(self, after: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        query = {"oa_id": self.oa_id, "after": str(after), "wait": str(wait)}
        messages: list[dict[str, Any]] = await _json(
            self.http.get(f"{self.sandbox}/sandbox/citizens/{self.citizen}/inbox", params=query)
        )
        return messages

    async def send(self, text: str) -> None:
        body = {"oa_id": self.oa_id, "kind": "text", "text": text}
        sent = await _json(self.http.post(f"{self.sandbox}/sandbox/citizens/{self.citizen}/send", json=body))
        status = sent["webhook"]["status"]
        if status != 200:  # noqa: PLR2004 - what Zalo takes for delivered.
            raise SetupError(
                f"The gateway answered the webhook with {status}.", "`loa status`, then the gateway's log."
            )


def command(
    text: Annotated[str, typer.Argument(help="What the citizen writes.")],
    oa: Annotated[str, typer.Option(help="An OA's id, or a part of its name; the first OA when left out.")] = "",
    citizen: Annotated[str, typer.Option(help="Id of a citizen met before; a new one when left out.")] = "",
    wait: Annotated[float, typer.Option(help="Seconds to wait for the answer.")] = 10.0,
) -> None:
    sandbox = f"http://127.0.0.1:{Settings.current(os.environ).sandbox_port}"
    try:
        answered = asyncio.run(_say(sandbox, text, oa, citizen, wait))
    except (aiohttp.ClientError, TimeoutError) as silent:
        raise SetupError(f"The sandbox does not answer ({type(silent).__name__}).", "`make up` starts it.") from silent
    raise typer.Exit(0 if answered else 1)


async def _say(sandbox: str, text: str, oa: str, citizen: str, wait: float) -> bool:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=wait + 20)) as http:
        chosen = pick(await _json(http.get(f"{sandbox}/sandbox/oas")), oa)
        if not citizen:
            made = await _json(http.post(f"{sandbox}/sandbox/citizens", json={"name": NAME}))
            citizen = made["citizen_id"]
        chat = Chat(http, sandbox, citizen, chosen["oa_id"])
        seen = max((message["seq"] for message in await chat.inbox()), default=0)
        await chat.send(text)
        answers = await chat.inbox(after=seen, wait=wait)
    print(f"→ {chosen['name']} (--citizen {citizen})")
    print("\n".join(as_text(answer) for answer in answers) or f"Không có câu trả lời sau {wait:g} giây.")
    return bool(answers)


def pick(oas: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    """The OA meant by an id or a part of a name. Raises SetupError listing them all."""
    by_id = [oa for oa in oas if oa["oa_id"] == wanted]
    by_name = [oa for oa in oas if wanted.casefold() in oa["name"].casefold()]
    for oa in by_id or by_name:
        return oa
    names = "; ".join(f"{oa['oa_id']} {oa['name']}" for oa in oas)
    raise SetupError(f"No OA is called {wanted!r}.", f"One of: {names}")


def as_text(message: dict[str, Any]) -> str:
    """Returns a message as lines: its text, then each button in brackets."""
    buttons = [f"  [{button.get('title', '')}]" for button in message.get("buttons") or []]
    return "\n".join([str(message.get("text") or f"({message.get('kind', 'message')})"), *buttons])


async def _json(request: Any) -> Any:
    async with request as answer:
        if not answer.ok:
            what = f"The sandbox answered {answer.status}: {(await answer.text())[:300]}"
            raise SetupError(what, "Check --oa and --citizen.")
        return await answer.json()
