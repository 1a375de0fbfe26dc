"""Where a citizen is sent: wards by old and new names, offices, cameras."""

import math

import pytest

from services.chatbot.content.models.place import OfficeKind
from tests.services.chatbot.content.content_files import content

HERE = content()
WARDS = HERE.office_index.wards


def ward_codes(question: str, home: str | None = None) -> list[str]:
    return [match.ward.code for match in WARDS.search(question, home=home)]


@pytest.mark.parametrize(
    "question",
    [
        "Phường Thới An",
        "phuong thoi an",
        "P.THỚI AN",
        "p thới an ở đâu",
        "Thới An",
        "công an phường Thới An số mấy",
        "phường thời ann",
    ],
)
def test_a_ward_is_found_however_it_is_written(question: str) -> None:
    assert ward_codes(question)[0] == "00001"


def test_an_old_name_leads_to_the_ward_of_today() -> None:
    match = WARDS.search("phường Hiệp Thành quận 12")[0]
    assert match.ward.name == "Phường Tân Thới Hiệp"
    assert match.old_ward is not None
    assert (match.old_ward.ward, match.old_ward.district) == ("Phường Hiệp Thành", "Quận 12")


def test_the_name_of_today_beats_the_same_name_of_before() -> None:
    assert WARDS.search("phường thới an")[0].old_ward is None


def test_a_number_is_a_ward_only_with_its_type_and_its_district() -> None:
    assert ward_codes("phường 1 quận cũ")[0] == "00001"
    assert ward_codes("p1 tỉnh xa")[0] == "00003"
    assert ward_codes("1") == []


def test_without_a_province_the_home_province_is_meant() -> None:
    assert ward_codes("phường 1", home="79")[0] == "00001"
    assert ward_codes("phường 1", home="40")[0] == "00003"


def test_a_district_alone_gives_its_wards() -> None:
    assert set(ward_codes("quận 12")) == {"00001", "00002"}


def test_a_district_that_had_no_wards_is_found_by_its_own_name() -> None:
    assert ward_codes("huyện đảo") == ["00003"]


@pytest.mark.parametrize("question", ["", "   ", "xin chào", "tôi muốn hỏi đường", "!!!", "x" * 10_000, "\x00"])
def test_no_place_is_guessed(question: str) -> None:
    assert ward_codes(question) == []


def test_the_nearest_ward_and_how_far() -> None:
    [(match, metres)] = WARDS.nearest(10.8791, 106.6660)
    assert match.ward.code == "00001"
    assert metres < 1


@pytest.mark.parametrize(("lat", "lon"), [(math.nan, 106.0), (10.0, math.inf), (91.0, 0.0), (0.0, -181.0)])
def test_a_position_that_is_none_finds_nothing(lat: float, lon: float) -> None:
    assert WARDS.nearest(lat, lon) == []
    assert HERE.office_index.nearest(lat, lon) == []
    assert HERE.cameras.nearest(lat, lon) == []


def test_an_office_is_found_by_its_own_name_first() -> None:
    hits = HERE.office_index.search("ca q12 ở đâu")
    assert [hit.office.id for hit in hits] == ["ca_quan"]


def test_an_office_is_found_by_its_ward_the_most_local_first() -> None:
    hits = HERE.office_index.search("công an tân thới hiệp")
    assert [hit.office.id for hit in hits] == ["ca_hiep_thanh", "ca_quan"]
    assert hits[0].ward_match is not None


def test_the_kind_of_office_that_is_asked_for_is_kept() -> None:
    assert [hit.office.id for hit in HERE.office_index.search("ủy ban phường thới an")] == ["uy_ban"]


def test_the_nearest_offices_with_their_distance() -> None:
    hits = HERE.office_index.nearest(10.8765, 106.6582, frozenset({OfficeKind.POLICE_WARD}))
    assert [hit.office.id for hit in hits] == ["ca_thoi_an", "ca_hiep_thanh"]
    assert hits[1].metres == pytest.approx(1953, abs=30)


def test_cameras_by_road_and_by_position() -> None:
    assert [camera.id for camera in HERE.cameras.search("duong mot")] == ["cam_mot", "cam_hai"]
    assert [camera.id for camera in HERE.cameras.search("cầu thử")] == ["cam_mot"]
    assert HERE.cameras.search("") == HERE.cameras.search("đường ba") == []
    assert [camera.id for camera, _ in HERE.cameras.nearest(10.89, 106.64)] == ["cam_hai", "cam_mot"]
    assert HERE.cameras.get("cam_mot") is not None
    assert HERE.cameras.get("khong") is None
