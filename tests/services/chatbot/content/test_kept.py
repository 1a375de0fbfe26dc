"""Answers that follow from content alone are worked out once per edition, and never without bound."""

from contracts.message import Speech
from services.chatbot.answers import menu_answer, procedure_answer
from services.chatbot.content.kept import Kept
from services.chatbot.content.shelf import Shelf
from services.chatbot.context import Context
from services.chatbot.profile import Profiles
from services.chatbot.speech import Fixed
from services.chatbot.state import Conversation
from services.chatbot.voice import Voice
from tests.doubles import BODIES, NOON, heard
from tests.services.chatbot.player import Chat


def looking(chat: Chat, oa_id: str) -> Context:
    return Profiles(Shelf(chat.content), "e_government").context(heard("menu", oa_id=oa_id), NOON, Conversation())


def test_what_is_kept_is_made_once() -> None:
    kept: Kept[list[str]] = Kept()
    first = kept.of("a", lambda: ["made"])
    assert kept.of("a", lambda: ["made again"]) is first


def test_the_longest_unused_goes_when_there_are_too_many() -> None:
    kept: Kept[int] = Kept(most=2)
    kept.of("a", lambda: 1)
    kept.of("b", lambda: 2)
    kept.of("a", lambda: 0)
    kept.of("c", lambda: 3)
    assert len(kept) == 2
    assert kept.of("a", lambda: 0) == 1
    assert kept.of("b", lambda: 9) == 9


def test_two_citizens_of_an_oa_are_told_the_same_object_and_two_facets_are_two(chat: Chat) -> None:
    here = looking(chat, chat.oa_id)
    one = here.content.procedures["cc_doi"]
    assert procedure_answer(here, one, "fee") is procedure_answer(here, one, "fee")
    assert procedure_answer(here, one, "fee") != procedure_answer(here, one, "time")


def test_packs_do_not_share_their_menus(chat: Chat, chat_province: Chat) -> None:
    assert menu_answer(looking(chat, chat.oa_id)) != menu_answer(looking(chat, chat_province.oa_id))


def test_a_missing_place_names_the_oa_that_is_asked_and_no_other(chat: Chat, chat_province: Chat) -> None:
    here, there = looking(chat, chat.oa_id), looking(chat, chat_province.oa_id)
    nowhere = here.content.procedures["cc_doi"].model_copy(update={"where": None, "online": None})
    first, second = (procedure_answer(look, nowhere, "online")[0].text for look in (here, there))
    assert here.oa.name in first
    assert there.oa.name in second
    assert here.oa.name not in second


def test_fixed_words_travel_as_any_others_do(chat: Chat) -> None:
    said = menu_answer(looking(chat, chat.oa_id))
    voice = Voice(BODIES, "http://here")
    sealed = (voice.sealed(chat.oa_id, said), voice.sealed(chat.oa_id, tuple(said)))
    opened = [Speech.model_validate_json(BODIES.open(one, chat.oa_id, "body")) for one in sealed]
    assert isinstance(said, Fixed)
    assert opened[0] == opened[1] == Speech(parts=tuple(said))
