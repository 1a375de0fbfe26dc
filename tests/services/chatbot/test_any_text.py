"""Whatever a citizen types or presses, at every step of every errand: an answer that can be sent, never an exception."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.gateway import MessageReceived
from contracts.message import Kind
from loa.talk.player import Chat
from services.chatbot.content.content import Content
from services.chatbot.dialogue.choices import CHOICE
from services.chatbot.dialogue.events import EventMapper
from services.chatbot.dialogue.state import Conversation, FlowState
from services.chatbot.features.dossiers.effects import PROOF_LIFETIME
from services.chatbot.features.flows import FLOWS
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import Understood
from tests.doubles import BODIES
from tests.services.chatbot.chat_player import MONDAY_AT_NINE
from tests.services.chatbot.test_completeness import handled_verbs
from tests.services.chatbot.transcripts.cast import LAN, PORTAL, backend

STEPS = [(flow.name, step) for flow in FLOWS.values() for step in flow.steps]
PROOF = {"applicant": LAN, "until": (MONDAY_AT_NINE + PROOF_LIFETIME).isoformat()}
SLOTS = {  # What each step may rely on: as earlier steps leave it.
    **PROOF,
    "code": "H29.12-260201-0001", "page": "0", "stars": "3", "errand": "period", "number": "02015678", "plate": "51F12345",
    "kind": "oto", "name": "Trần Thử", "last4": "0001", "phone": "0900000000", "address": "1 Đường Thử, Phường Thử",
    "reason": "thử", "service": "dl_chung_thuc", "office": "mc_thoi_an", "day": "2026-03-03", "invite": "UQ23456789ABCD",
    "starts": "2026-03-03T01:00:00+00:00", "where": "", "topic": "thu_tuc", "year": "1938", "camera": "cam_an_suong",
    **{name: str(UUID(int=2)) for name in ("booking", "id", "paper", "grant")},
}  # fmt: skip
ODD_TEXTS = {
    "a number in a circle": "①",
    "a raised number": "²",
    "more digits than can be converted": "9" * 4_300,
    "another script's digits": "٣",
    "fullwidth digits": "２５／１２",
    "29 February": "29/2",
    "no day": "99/99/9999",
    "nothing visible": "\u200b\u2060 x",
    "a choice of nothing": "#chon",
    "a choice of nonsense": "#chon a b c",
    "a choice of a page": "#chon them",
    "a choice of a wrong day": "#chon 2026-99-99",
    "an article of nonsense": "#chon doc /",
    "a long word": "a" * 20_000,
    "a long story": "tôi muốn hỏi " * 1_500,
    "half a pair": "\U0001f469\u200d",
}
ODD_WORDS = (
    "", "a", "a b c", "x y", "nhan a b c d", "nhan 0 dl_chung_thuc mc_thoi_an 2026-03-03T01:00Z",
    f"nhan {UUID(int=2)} dl_chung_thuc mc_thoi_an 0001-01-01T00:00+14:00", f"doi {UUID(int=2)} dl_khong_con khong_con",
    "doi a b c", "doi", "viec", "viec a", "viec a b", "1", "tat_ca x", "H29.12-260201-0001 a", "H29.12-260201-0001 lich_su x",
    "f_khao_sat 9", "period 5 5", "UQ-2345", "/ . : -", "9" * 190, "cc_doi fee x", "goc goc", "khong_co_menu",
)  # fmt: skip


def chat_with(content: Content, *, away: bool = False) -> Chat:
    handlers = {} if away else backend().handlers() | {Understand: lambda _: Understood()}
    return Chat(content, FLOWS, PORTAL, MONDAY_AT_NINE, handlers)


def chat_at(content: Content, flow: str, step: str, *, away: bool = False) -> Chat:
    """A citizen in the middle of an errand, whose sources answer, or are all away."""
    chat = chat_with(content, away=away)
    at: dict[str, Any] = {"began_at": MONDAY_AT_NINE, "touched_at": MONDAY_AT_NINE}
    chat.state = Conversation(run=FlowState(flow=flow, step=step, slots=SLOTS, **at), known=PROOF)
    return chat


def answered(chat: Chat, text: str, kind: Kind = Kind.TEXT) -> None:
    """Say it, and see that there is an answer which can be published."""
    before = chat.turns
    chat.says(text, kind=kind)
    event = chat._event(MessageReceived, kind=kind, body="b")
    events = EventMapper(BODIES, "http://chatbot").events(event, chat.decision)
    assert chat.parts, "no answer"
    assert chat.turns > before
    assert all(part.text or part.image or part.file for part in chat.parts)
    assert events


@pytest.mark.parametrize("away", [False, True], ids=["sources answer", "sources are away"])
@pytest.mark.parametrize(("flow", "step"), STEPS)
def test_every_step_answers_every_odd_text(content: Content, flow: str, step: str, away: bool) -> None:
    for text in ODD_TEXTS.values():
        answered(chat_at(content, flow, step, away=away), text)
    answered(chat_at(content, flow, step, away=away), "", Kind.STICKER)


def payloads() -> Iterator[str]:
    for words in ODD_WORDS:
        yield from (f"#{verb} {words}".strip() for verb in sorted(handled_verbs() - {"tinbao", "xong", "huy"}))
        yield from (f"#lam {flow} {words}".strip() for flow in FLOWS)


@pytest.mark.parametrize("away", [False, True], ids=["sources answer", "sources are away"])
def test_every_payload_with_any_words_is_answered_and_leads_to_steps_that_answer(content: Content, away: bool) -> None:
    for payload in payloads():
        chat = chat_with(content, away=away)
        answered(chat, payload)
        if chat.state.human is None:
            answered(chat, "②")


@pytest.mark.parametrize(
    "payload",
    [
        "#lam f_dat_lich doi a b c",
        "#lam f_dat_lich nhan a b c d",
        f"#lam f_dat_lich doi {UUID(int=4)} dl_khong_con khong_con",
        "#lam f_khao_sat khong_co 5",
        "#lam f_tin_tuc khong_co",
        "#lam f_don_vi khong_co",
        "#lam f_ho_so ..",
        "#lam f_camera x",
        "#hoi cc_doi khong_co",
        "#menu khong_co",
        "#canbo x",
        "#la_gi",
    ],
)
def test_a_button_whose_words_mean_nothing_any_more_says_that_it_is_old(content: Content, payload: str) -> None:
    chat = chat_with(content)
    answered(chat, payload)
    assert content.texts.render("menu.old_button") in chat.last


def test_a_menus_button_for_an_officer_is_pressed_by_its_title(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loa.talk.player.DEFAULT_PACK", "school")
    chat = Chat(content, FLOWS, "4100000000000009999", MONDAY_AT_NINE, backend().handlers())
    answered(chat, "Gặp người trực")
    assert chat.outcomes == ["handover"]


any_text = st.text(max_size=60) | st.text(st.sampled_from("0123456789²①٣３/-.:hg #"), max_size=30)
any_payload = st.builds(
    "#{} {}".format,
    st.sampled_from([CHOICE, "lam", *(f"lam {flow}" for flow in FLOWS)]),
    st.from_regex(r"[A-Za-z0-9_.:/ -]{0,60}", fullmatch=True),
)


def test_any_text_at_any_step_is_answered(content: Content) -> None:
    @settings(max_examples=400, deadline=None)
    @given(st.sampled_from(STEPS), any_text | any_payload, st.booleans())
    def holds(at: tuple[str, str], text: str, away: bool) -> None:
        if "tinbao" not in text.casefold():  # That is tips' to answer.
            answered(chat_at(content, *at, away=away), text)

    holds()


@pytest.mark.parametrize("marks", ["\u0323\u0301" * 9_990, "\u0301" * 19_980, "a\u0323\u0301" * 6_000])
def test_twenty_thousand_combining_marks_cost_a_citizen_and_the_others_no_time(content: Content, marks: str) -> None:
    for flow, step in STEPS:
        chat = chat_at(content, flow, step)
        started = time.process_time()
        answered(chat, f"hủy{marks} 1")
        assert time.process_time() - started < 1
