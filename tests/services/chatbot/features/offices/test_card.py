"""What is shown of an office, and what stands under it."""

from dataclasses import replace

import pytest

from loa.talk.player import Chat
from services.chatbot.dialogue.context import Context
from services.chatbot.features.offices.flow import _buttons, _card
from services.chatbot.replies.offices import offices_named, show_offices
from tests.services.chatbot.replies.test_procedures import context_for


@pytest.fixture
def ctx(chat: Chat) -> Context:
    return context_for(chat, chat.oa_id)


@pytest.fixture
def without_flows(ctx: Context) -> Context:
    return replace(ctx, pack=ctx.pack.model_copy(update={"flows": ()}))


def test_an_office_without_a_phone_shows_none(ctx: Context) -> None:
    office = ctx.content.office_index.offices["ca_thoi_an"].model_copy(update={"phone": None})
    assert "028" not in _card(ctx, office)
    assert [button.payload for button in _buttons(ctx, office, None)] == ["#lam f_dat_lich", "#menu"]


def test_where_no_appointments_are_offered_none_can_be_booked(without_flows: Context) -> None:
    office = without_flows.content.office_index.offices["ca_thoi_an"]
    assert "#lam f_dat_lich" not in [button.payload for button in _buttons(without_flows, office, None)]


def test_where_offices_are_not_looked_for_none_is_found_in_a_question(ctx: Context, without_flows: Context) -> None:
    assert offices_named("công an phường Thới An", "decline", None, ctx)
    assert offices_named("công an phường Thới An", "decline", None, without_flows) == []


def test_among_several_offices_that_a_question_names_the_citizen_chooses(chat: Chat, ctx: Context) -> None:
    search = ctx.content.office_index.search
    hits = [*search("công an phường Thới An", 1), *search("công an phường Hiệp Thành", 1)]
    process = show_offices(hits, chat.state, ctx, chat.flows["f_don_vi"])
    with pytest.raises(StopIteration) as end:
        next(process)
    buttons = [button for reply in end.value.value.actions for part in reply.parts for button in part.buttons]
    assert [button.payload for button in buttons] == [f"#lam f_don_vi {hit.office.id}" for hit in hits]
