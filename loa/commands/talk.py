"""`loa talk`: chat with the bot in the terminal. Nothing is started and nothing is kept: what it asks is answered from memory."""

import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from loa.commands._content import HOME, MODEL_CACHE, ContentOption
from loa.runtime.errors import SetupError
from loa.talk.memory.demo import demo_backend
from loa.talk.player import Chat
from loa.talk.terminal import HELP, Terminal
from services.chatbot.content import Content, ContentErrors
from services.chatbot.features.flows import FLOWS
from services.chatbot.nlu import NluModel
from services.chatbot.nlu.effects import Understand


def command(
    oa: Annotated[str, typer.Option(help="Mã OA hoặc một phần tên; bỏ trống thì OA đầu tiên.")] = "",
    content: ContentOption = HOME,
) -> None:
    """Chat with the bot in the terminal, without Kafka and MongoDB."""
    with ThreadPoolExecutor(1) as pool:
        terminal = open_terminal(content, oa, pool)
        print(HELP, *terminal.begin(), sep="\n")
        for line in _typed():
            lines = terminal.answer(line)
            if lines is None:
                break
            print(*lines, sep="\n")


def open_terminal(folder: Path, oa: str, pool: Executor) -> Terminal:
    """Raises SetupError when the content cannot be read or has no such OA."""
    now = datetime.now(UTC)
    try:
        content, backend = Content.load(folder), demo_backend(folder / "demo", now)
    except (ContentErrors, OSError) as error:
        raise _unusable(folder, error) from None
    model = pool.submit(_train, folder, content)  # Meanwhile the first line can be typed.
    names = {oa_id: entry.name for oa_id, entry in content.oas.items()}
    chosen = next((oa_id for oa_id, name in names.items() if oa == oa_id or oa.casefold() in name.casefold()), None)
    if chosen is None:
        raise SetupError(f"No OA is called {oa!r}.", f"One of: {'; '.join(names.values())}")
    handlers = backend.handlers()
    handlers[Understand] = lambda effect: model.result().understand([effect.text])[0]
    return Terminal(Chat(content, FLOWS, chosen, now, handlers), backend.people)


def _train(folder: Path, content: Content) -> NluModel:
    try:
        return NluModel.train(content, MODEL_CACHE)
    except ContentErrors as error:
        raise _unusable(folder, error) from None


def _unusable(folder: Path, error: Exception) -> SetupError:
    return SetupError(f"The content in {folder} cannot be used: {error}", "`loa content check` says more.")


def _typed() -> Iterator[str]:
    while True:
        print("\n> ", end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            return
        if text := line.strip():
            yield text
