"""Satisfaction, as chats, and its results by OA and period."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.mongo import database
from loa.talk.player import Chat
from services.chatbot.dialogue.actions import ReportSurvey
from services.chatbot.features.survey.effects import FileSurvey
from services.chatbot.features.survey.flow import ENOUGH_ANSWERS
from services.chatbot.features.survey.store import Surveys
from tests.doubles import BODIES, NOON
from tests.services.chatbot.chat_player import meaning


@pytest.fixture
def answers(chat: Chat) -> list[FileSurvey]:
    answers: list[FileSurvey] = []

    def record(effect: FileSurvey) -> bool:
        answers.append(effect)
        return True

    chat.handlers[FileSurvey] = record
    return answers


def test_after_a_flow_stars_are_asked_for_and_count_at_once(chat: Chat, answers: list[FileSurvey]) -> None:
    chat.says("#lam f_don_vi")
    chat.says("công an phường Thới An")
    chat.presses("5")
    assert [(answer.flow, answer.stars) for answer in answers] == [("f_don_vi", 5)]
    chat.presses("Bỏ qua")
    assert chat.actions(ReportSurvey) == [ReportSurvey("f_don_vi", 5)]


def test_words_are_added_to_the_same_answer(chat: Chat, answers: list[FileSurvey]) -> None:
    chat.says("#lam f_khao_sat f_don_vi 2")
    assert "chưa tốt" in chat.last
    chat.says("chờ lâu quá")
    assert answers[0].id == answers[1].id
    assert answers[1].words == "chờ lâu quá"


def test_nobody_is_asked_twice_within_a_month(chat: Chat, answers: list[FileSurvey]) -> None:
    for expected in (True, False):
        chat.says("#lam f_don_vi")
        chat.says("công an phường Thới An")
        assert ("mức nào" in chat.last) is expected
    chat.waits(days=31)
    chat.says("#lam f_don_vi")
    chat.says("công an phường Thới An")
    assert "mức nào" in chat.last
    assert answers == []


def test_a_survey_can_be_refused_for_good(chat: Chat) -> None:
    chat.says("#lam f_khao_sat")
    chat.says("không hỏi nữa")
    assert "sẽ không hỏi" in chat.last


@pytest.mark.live
async def test_results_are_counted_by_flow_and_a_repeat_counts_once(mongo_url: str) -> None:
    name = f"surveys_{uuid4().hex[:8]}"
    async with database(mongo_url, name) as db:
        surveys = Surveys(db.surveys, BODIES)
        first = FileSurvey(uuid4(), "1", "f_don_vi", 5, NOON)
        second = FileSurvey(uuid4(), "1", "f_don_vi", 2, NOON, "chờ lâu")
        await surveys.answer([first, second, first])
        rows = await surveys.results("1", NOON - timedelta(days=1), NOON + timedelta(days=1))
        await db.client.drop_database(name)
    assert rows == [{"errand": "f_don_vi", "count": 2, "mean": 3.5, "stars": {"1": 0, "2": 1, "3": 0, "4": 0, "5": 1}}]


def test_who_asks_often_is_asked_about_the_oa_now_and_then(chat: Chat) -> None:
    invited = []
    for _ in range(20):
        chat.says("đổi căn cước", meaning("cc_doi"))
        invited.append("thời gian qua" in chat.last)
    assert invited.index(True) == ENOUGH_ANSWERS - 1
    assert invited.count(True) == 1
