"""The content we ship is valid, whole, and says what the issues of a province need."""

import csv
import re
import timeit
import zipfile
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from services.chatbot.content import Content
from services.chatbot.content.forms.docx import NOTE
from services.chatbot.content.forms.files import render_forms
from services.chatbot.content.models.pack import OaKind
from services.chatbot.content.phrases import PHRASES

ROOT = Path(__file__).resolve().parents[2] / "content"


@pytest.fixture(scope="module")
def content() -> Content:
    return Content.load(ROOT)


def test_every_procedure_is_there(content: Content) -> None:
    assert len(content.procedures) == 41


def test_every_procedure_names_its_source_and_its_date(content: Content) -> None:
    assert all(
        procedure.sources and all(source.date for source in procedure.sources)
        for procedure in content.procedures.values()
    )


def test_every_kind_of_oa_has_a_menu_and_a_pack(content: Content) -> None:
    assert set(content.menus) == set(OaKind)
    assert {kind for pack in content.packs.values() for kind in pack.kinds} == set(OaKind)


def test_the_demonstration_oas_have_their_packs(content: Content) -> None:
    assert len(content.oas) == 5
    assert all(content.pack_of(oa) for oa in content.oas)


def test_every_phrase_the_code_says_has_words(content: Content) -> None:
    assert content.texts.by_key.keys() == PHRASES.keys()
    for key, places in PHRASES.items():
        assert content.texts.render(key, **dict.fromkeys(places, "x"))


def test_danger_is_answered_with_the_numbers_to_call(content: Content) -> None:
    say = content.texts.render
    assert all(number in say("danger.emergency") for number in ("113", "114", "115"))
    assert "113" in say("danger.crime")
    assert "114" in say("danger.fire")
    assert "115" in say("danger.medical")


def test_forms_are_current_files_that_say_they_are_ours(content: Content) -> None:
    for path, body in render_forms(ROOT).items():
        assert path.read_bytes() == body, f"run `loa content forms`: {path.name}"
        with zipfile.ZipFile(BytesIO(body)) as docx:
            assert docx.testzip() is None
            assert NOTE in docx.read("word/document.xml").decode()
    assert len(content.forms) >= 20


def test_every_form_a_procedure_names_can_be_sent(content: Content) -> None:
    for key in content.procedures:
        assert all(0 < len(content.form_file(form.id)) <= 5_000_000 for form in content.forms_of(key))


def test_all_wards_of_the_country_are_there(content: Content) -> None:
    wards = content.office_index.wards
    assert len(wards.provinces) == 34
    assert len(wards.by_code) == 3321
    old_wards = csv.DictReader((ROOT / "units/old_wards.csv").read_text().splitlines())
    assert {match.old_ward.ward for match in wards.search("Quận 12", limit=20) if match.old_ward} <= {
        row["ward"] for row in old_wards if row["district"] == "Quận 12"
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Thạnh Xuân", "Thới An"), ("Thới An", "Thới An"), ("Hiệp Thành", "Tân Thới Hiệp"),
        ("Tân Thới Hiệp", "Tân Thới Hiệp"), ("Thạnh Lộc", "An Phú Đông"), ("An Phú Đông", "An Phú Đông"),
        ("Tân Chánh Hiệp", "Trung Mỹ Tây"), ("Trung Mỹ Tây", "Trung Mỹ Tây"), ("Tân Thới Nhất", "Đông Hưng Thuận"),
        ("Tân Hưng Thuận", "Đông Hưng Thuận"), ("Đông Hưng Thuận", "Đông Hưng Thuận"),
    ],
)  # fmt: skip
def test_the_eleven_old_wards_of_district_12_lead_to_their_new_ones_and_their_police(
    content: Content, old: str, new: str
) -> None:
    match = content.office_index.wards.search(f"phường {old} quận 12")[0]
    assert match.ward.name == f"Phường {new}"
    assert any(
        hit.office.kind == "police_ward" for hit in content.office_index.search(f"công an phường {old}", home="79")
    )


@pytest.mark.parametrize(
    ("question", "point"),
    [
        ("xe máy vượt đèn đỏ phạt bao nhiêu", "7.7.c"),
        ("oto do via he", "6.3.e"),
        ("không đội mũ bảo hiểm xe máy", "7.2.h"),
        ("nồng độ cồn 0,3 xe máy", "7.8.b"),
        ("uống bia lái ô tô 0.45", "6.11.a"),
        ("quá tốc độ 25 km/h ô tô", "6.6.a"),
        ("xe máy không gương", "14.1.a"),
        ("không có bằng lái ô tô", "18.9.b"),
        ("con tôi 15 tuổi đi xe máy", "18.1"),
        ("đi bộ qua đường sai", "10.1.a"),
    ],
)
def test_what_drivers_ask_finds_its_fine(content: Content, question: str, point: str) -> None:
    assert content.fines.search(question)[0].fine.point == point


def test_offences_are_said_in_our_own_short_words(content: Content) -> None:
    assert len(content.fines.fines) >= 150
    assert all(len(fine.offence) <= 110 for fine in content.fines.fines)


def test_searching_the_whole_country_takes_milliseconds(content: Content) -> None:
    for question in ("công an phường thới an ở đâu", "phuong hiep thnah quan 12", "tôi muốn hỏi phường nào gần nhất"):
        search = partial(content.office_index.search, question)
        best = min(timeit.repeat(search, number=5, repeat=7)) / 5
        assert best < 0.005, question  # 0.02 to 1.2 ms on a quiet machine.


def test_what_is_made_up_says_so(content: Content) -> None:
    assert all(office.demo and "minh hoạ" in office.address for office in content.office_index.offices.values())
    assert all(re.search(r"\b0000? ", f"{office.phone} ") for office in content.office_index.offices.values())


def test_holidays_reach_to_the_end_of_2027(content: Content) -> None:
    last = max(holiday.last for holiday in content.calendar.holidays)
    assert last.year == 2027
    assert content.calendar.holiday(last.replace(month=2, day=6)) is not None  # The first day of Tết Đinh Mùi.


def test_every_oa_of_the_demonstration_has_cameras_or_services_to_show(content: Content) -> None:
    assert len(content.cameras.all) >= 12
    assert all(content.services_of(pack) for pack in content.packs)
