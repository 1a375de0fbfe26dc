"""Nothing is asked that nobody answers, offered that nobody handles, or worded that nobody says."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from contracts.floor import CLOSERS, OPEN
from loa.talk.player import Chat
from services.chatbot.app import join
from services.chatbot.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.content.phrases import PHRASES
from services.chatbot.dialogue.choices import CHOICE
from services.chatbot.dialogue.effects import Effect
from services.chatbot.dialogue.turn import global_word
from services.chatbot.features.feature import Deps
from services.chatbot.features.flows import FLOWS
from services.chatbot.nlu.smalltalk import SMALLTALK
from services.chatbot.replies import postbacks
from services.chatbot.replies.procedures import FACETS, knowledge_answer, menu_answer, procedure_answer
from services.chatbot.settings import ChatbotSettings
from tests.doubles import BODIES, NOON, PEPPER
from tests.services.chatbot.chat_player import MONDAY_AT_NINE
from tests.services.chatbot.replies.test_procedures import context_for
from tests.services.chatbot.transcripts.cast import backend

SERVICE = Path("services/chatbot")
UNUSED = Path(__file__).with_name("unused_texts.txt")
FAMILIES = {  # Texts whose key is put together, by what it begins with.
    "button.": {*FACETS, "where"},
    "button.call_": {"113", "114", "115"},
    "history.": {"status", "post", "withdraw", "authorise", "accepted", "refused", "revoked"},
    "welcome.": {*SMALLTALK} - {"greeting"},
}


def names(effects: Iterable[type[Effect[Any]]]) -> set[str]:
    """By module and name: a dataclass with slots is a second class beside the one that was written."""
    return {f"{effect.__module__}.{effect.__name__}" for effect in effects}


def effects() -> set[str]:
    return {name for name in names(Effect.__subclasses__()) if name.startswith("services.chatbot.")}


def test_every_effect_has_a_handler(content: Content) -> None:
    deps = Deps.over(
        MagicMock(),
        ring=BODIES,
        pepper=PEPPER,
        editions=ContentEditions(content),
        systems=MagicMock(systems={}),
        auth=MagicMock(),
        audit=MagicMock(),
        clock=lambda: NOON,
    )
    handled = join(deps, MagicMock(), ChatbotSettings()).effect_handlers
    assert names(handled) == effects()


def verbs_in(source: str) -> set[str]:
    """The verbs of buttons that a module writes: `#verb` at the beginning of a text."""
    texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return {match[1] for text in texts if isinstance(text, str) and (match := re.match(r"#([a-z_]+)(?: |$)", text))}


def handled_verbs() -> set[str]:
    tree = ast.parse(Path(postbacks.__file__).read_text())
    patterns = (node.value for node in ast.walk(tree) if isinstance(node, ast.MatchValue))
    cases = {str(pattern.value) for pattern in patterns if isinstance(pattern, ast.Constant)}
    return {CHOICE, *cases, *(word.removeprefix("#") for word in (OPEN, *CLOSERS))}


def test_every_button_that_the_code_writes_has_a_verb_that_is_handled() -> None:
    written = {verb for path in SERVICE.rglob("*.py") for verb in verbs_in(path.read_text())}
    assert {"lam", "hoi", "menu"} <= written
    strangers = {verb for verb in written - handled_verbs() if global_word(f"#{verb}") is None}
    assert not strangers


def payloads(chat: Chat) -> Iterator[str]:
    """Of every button that content can show to this OA's citizens."""
    ctx = context_for(chat, chat.oa_id)
    messages = [menu_answer(ctx, name) for name in ctx.content.menus_of(ctx.pack.id)]
    messages += [knowledge_answer(ctx, knowledge) for knowledge in ctx.content.knowledge.values()]
    procedures = [procedure for key in ctx.content.procedures if (procedure := ctx.procedure(key))]
    messages += [procedure_answer(ctx, procedure, facet) for procedure in procedures for facet in FACETS]
    for message in messages:
        yield from (button.payload for part in message for button in part.buttons)


@pytest.mark.parametrize("oa_id", ["4100000000000000012", "4100000000000000201", "4100000000000000301"])
def test_every_button_that_content_can_show_leads_somewhere(content: Content, oa_id: str) -> None:
    shown = Chat(content, FLOWS, oa_id, MONDAY_AT_NINE)
    old_button = content.texts.render("menu.old_button")
    for payload in sorted({payload for payload in payloads(shown) if payload.startswith("#")} - {OPEN}):
        chat = Chat(content, FLOWS, oa_id, MONDAY_AT_NINE, backend().handlers())
        assert chat.says(payload), payload
        assert old_button not in chat.last, payload


def literals(path: Path) -> Iterator[ast.AST]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant | ast.JoinedStr))


def speaking_files() -> list[Path]:
    """All but those that declare the texts."""
    return [path for path in SERVICE.rglob("*.py") if path.name != "words.py" and path.parent.name != "phrases"]


def used_texts() -> set[str]:
    texts = {node.value for path in speaking_files() for node in literals(path) if isinstance(node, ast.Constant)}
    composed = {f"{family}{name}" for family, names in FAMILIES.items() for name in names}
    return {key for key in PHRASES if key in texts or key in composed}


def test_texts_whose_key_is_put_together_are_families_that_are_listed() -> None:
    composed = (node for path in speaking_files() for node in literals(path) if isinstance(node, ast.JoinedStr))
    heads = {str(node.values[0].value) for node in composed if node.values and isinstance(node.values[0], ast.Constant)}
    beginnings = tuple(key[: key.index(".") + 1] for key in PHRASES)
    assert {head for head in heads if head.startswith(beginnings)} == set(FAMILIES)


def test_every_text_is_used_but_those_that_are_listed_and_the_list_only_shrinks() -> None:
    unused, listed = set(PHRASES) - used_texts(), set(UNUSED.read_text().split())
    assert not unused - listed, "use these texts or take them out of content and code"
    assert not listed - unused, "these are used, or gone: take them off the list"
