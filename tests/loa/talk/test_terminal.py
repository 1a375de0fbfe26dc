"""`loa talk`: the bot in a terminal."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from loa.commands.talk import open_terminal
from loa.runtime.errors import SetupError
from loa.talk.memory.demo import demo_backend
from loa.talk.player import Chat
from loa.talk.terminal import HELP, Terminal
from services.chatbot.content import Content
from services.chatbot.features.flows import FLOWS
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import Understood

CONTENT = Path("content")
PORTAL = "4100000000000000201"
NINE = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)  # On a Monday, in Hà Nội.
CODE, BORN = "H99.12-260901-0001", "12/01/1960"  # A made-up dossier of content/demo.


@pytest.fixture(scope="module")
def content() -> Content:
    return Content.load(CONTENT)


@pytest.fixture
def terminal(content: Content) -> Terminal:
    backend = demo_backend(CONTENT / "demo", NINE)
    handlers = backend.handlers() | {Understand: lambda _: Understood()}
    return Terminal(Chat(content, FLOWS, PORTAL, NINE, handlers), backend.people)


def answer(terminal: Terminal, line: str) -> str:
    lines = terminal.answer(line)
    assert lines is not None
    return "\n".join(lines)


def test_a_chat_begins_as_with_a_new_follower(terminal: Terminal) -> None:
    assert "[1]" in "\n".join(terminal.begin())


def test_a_made_up_dossier_is_looked_up_as_in_the_demonstration(terminal: Terminal) -> None:
    answer(terminal, f"#lam f_ho_so {CODE}")
    assert CODE in answer(terminal, BORN)


def test_a_button_is_pressed_by_its_number(terminal: Terminal) -> None:
    menu = answer(terminal, "menu")
    assert "[1]" in menu
    assert answer(terminal, "/1") != menu


def test_a_number_without_a_button_gets_the_help(terminal: Terminal) -> None:
    answer(terminal, "menu")
    assert answer(terminal, "/99") == HELP


def test_time_can_pass(terminal: Terminal) -> None:
    answer(terminal, "#lam f_ho_so")
    assert "[1]" in answer(terminal, "/wait 24")
    assert answer(terminal, "/wait long") == HELP


def test_a_picture_can_be_sent(terminal: Terminal) -> None:
    assert "[1]" in answer(terminal, "/photo")


def test_while_an_officer_talks_the_bot_is_seen_to_be_silent(terminal: Terminal) -> None:
    answer(terminal, "/officer Chào anh")
    assert answer(terminal, "dạ") == "(bot im lặng)"


def test_what_was_asked_of_the_world_is_shown(terminal: Terminal) -> None:
    answer(terminal, "giá vàng")
    assert "Understand" in answer(terminal, "/why")


def test_quit_ends_it(terminal: Terminal) -> None:
    assert terminal.answer("/quit") is None


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


def test_an_oa_that_no_content_lists_is_refused_with_those_it_lists(pool: ThreadPoolExecutor) -> None:
    with pytest.raises(SetupError, match="Công an"):
        open_terminal(CONTENT, "không có OA này", pool)


def test_content_that_cannot_be_read_names_the_command_that_says_more(pool: ThreadPoolExecutor, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="loa content check"):
        open_terminal(tmp_path, "", pool)


def talk() -> str:
    command = [sys.executable, "-m", "loa", "talk"]
    completed = subprocess.run(command, input="xin chào\n/quit\n", capture_output=True, text=True, check=True)  # noqa: S603 - the words above.
    return completed.stdout


@pytest.mark.slow
def test_a_chat_waits_for_no_web_server_no_database_driver_and_no_office_file() -> None:
    """Each would cost the first line a third of a second."""
    heavy = {"fastapi", "pymongo", "motor", "aiokafka", "aiohttp", "docx", "PIL", "structlog"}
    script = f"import sys, loa.commands.talk; print(sorted({heavy!r} & sys.modules.keys()))"
    completed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603 - the words above.
    assert completed.stdout.strip() == "[]"


@pytest.mark.verify  # A figure of a quiet machine.
def test_a_chat_takes_three_seconds_of_cpu_at_the_most_once_the_model_is_kept() -> None:
    talk()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "> " in talk()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 3
