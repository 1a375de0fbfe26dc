"""Answers that follow from content alone are worked out once per edition, and never without bound."""

from dataclasses import replace
from uuid import UUID

from chassis.crypto import Place
from contracts.message import OutboundMessage
from loa.talk.player import Chat
from services.chatbot.content.cache import ContentCache
from services.chatbot.content.editions import ContentEditions
from services.chatbot.content.models.pack import Button as MenuButton
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.context_factory import ContextFactory
from services.chatbot.dialogue.events import EventMapper
from services.chatbot.dialogue.messages import StaticMessage
from services.chatbot.dialogue.state import Conversation
from services.chatbot.replies.procedures import menu_answer, menu_button, procedure_answer
from tests.doubles import BODIES, NOON, message_received


def context_for(chat: Chat, oa_id: str) -> Context:
    return ContextFactory(ContentEditions(chat.content), "e_government").create(
        message_received("menu", oa_id=oa_id), NOON, Conversation()
    )


def test_what_is_cached_is_made_once() -> None:
    cache: ContentCache[list[str]] = ContentCache()
    first = cache.get_or_make("a", lambda: ["made"])
    assert cache.get_or_make("a", lambda: ["made again"]) is first


def test_the_longest_unused_goes_when_there_are_too_many() -> None:
    cache: ContentCache[int] = ContentCache(max_items=2)
    cache.get_or_make("a", lambda: 1)
    cache.get_or_make("b", lambda: 2)
    cache.get_or_make("a", lambda: 0)
    cache.get_or_make("c", lambda: 3)
    assert len(cache) == 2
    assert cache.get_or_make("a", lambda: 0) == 1
    assert cache.get_or_make("b", lambda: 9) == 9


def test_two_citizens_of_an_oa_are_told_the_same_object_and_two_facets_are_two(chat: Chat) -> None:
    here = context_for(chat, chat.oa_id)
    procedure = here.content.procedures["cc_doi"]
    assert procedure_answer(here, procedure, "fee") is procedure_answer(here, procedure, "fee")
    assert procedure_answer(here, procedure, "fee") != procedure_answer(here, procedure, "time")


def test_packs_do_not_share_their_menus(chat: Chat, chat_province: Chat) -> None:
    assert menu_answer(context_for(chat, chat.oa_id)) != menu_answer(context_for(chat, chat_province.oa_id))


def test_a_missing_place_names_the_oa_that_is_asked_and_no_other(chat: Chat, chat_province: Chat) -> None:
    here, there = context_for(chat, chat.oa_id), context_for(chat, chat_province.oa_id)
    nowhere = here.content.procedures["cc_doi"].model_copy(update={"where": None, "online": None})
    first, second = (procedure_answer(context, nowhere, "online")[0].text for context in (here, there))
    assert here.oa.name in first
    assert there.oa.name in second
    assert here.oa.name not in second


def test_fixed_words_travel_as_any_others_do(chat: Chat) -> None:
    menu = menu_answer(context_for(chat, chat.oa_id))
    mapper = EventMapper(BODIES, "http://here")
    place = Place.body(chat.oa_id, "a citizen", UUID(int=1))
    sealed = (mapper.sealed_message(place, menu), mapper.sealed_message(place, tuple(menu)))
    opened = [OutboundMessage.model_validate_json(BODIES.open(body, place)) for body in sealed]
    assert isinstance(menu, StaticMessage)
    assert opened[0] == opened[1] == OutboundMessage(parts=tuple(menu))


def test_a_procedure_that_is_done_without_appointment_and_not_online_has_no_such_buttons(chat: Chat) -> None:
    here = context_for(chat, chat.oa_id)
    fresh = replace(here, content=replace(here.content))
    procedure = here.content.procedures["cc_doi"]
    online = procedure_answer(here, procedure)
    offline = procedure_answer(fresh, procedure.model_copy(update={"online": None, "appointment": False}))
    assert [button for part in online for button in part.buttons if "http" in button.payload]
    payloads = [button.payload for part in offline for button in part.buttons]
    assert not [payload for payload in payloads if "http" in payload or "f_dat_lich" in payload]


def test_a_menu_may_lead_out_of_the_chat_by_a_link_or_a_call() -> None:
    link, call = (menu_button(MenuButton(title="Ra ngoài", to=to)) for to in ("url:https://example.vn/", "phone:113"))
    assert (link.kind, link.payload) == ("url", "https://example.vn/")
    assert (call.kind, call.payload) == ("phone", "113")


def test_a_pack_whose_menu_is_gone_says_so(chat: Chat) -> None:
    here = context_for(chat, chat.oa_id)
    gone = replace(here, content=replace(here.content, menus={here.pack.menu: {}}))
    assert menu_answer(gone) == gone.say("menu.gone")
