"""Dossier files: what a good row is, why a bad one is refused, and that a hostile file is never half seen."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from chassis.crypto import Place
from loa.clients.imports import ChatbotClient, Outcome, send
from loa.runtime.demo import FOLDER, SOURCES
from loa.runtime.errors import SetupError
from services.chatbot.features.dossiers.effects import ProveDossier, Proven
from services.chatbot.features.dossiers.rows import parse_dossier
from services.chatbot.features.dossiers.store.imported import Dossiers
from services.chatbot.lookups.import_rows import BadRowError, Row, Sealer
from tests.doubles import BODIES, NOON, PEPPER

HEAD = "ma_ho_so,thu_tuc,trang_thai,ngay_nop,hen_tra,noi_nhan,ho_ten,ngay_sinh,can_cuoc,dien_thoai,bo_sung"
GOOD = (
    "H29.12-260201-0001,Đăng ký thường trú,Đang giải quyết,01/02/2026,10/02/2026,Một cửa Thử,"
    "Nguyễn Thử Một,05/09/1990,000000000001,0000000001,"
)
SEALER = Sealer(BODIES, PEPPER, Place.stored)
BORN = date(1990, 9, 5)


def row(**cells: str) -> Row:
    return Row(2, {**dict(zip(HEAD.split(","), GOOD.split(","), strict=True)), **cells})


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"ma_ho_so": "=HYPERLINK(0)"}, "mã hồ sơ"),
        ({"ma_ho_so": ""}, "mã hồ sơ"),
        ({"trang_thai": "gần xong"}, "trạng thái"),
        ({"ngay_sinh": "5/9/38"}, "ngày sinh"),
        ({"ngay_sinh": "14128"}, "ngày sinh"),
        ({"ngay_sinh": "31/02/1990"}, "ngày sinh"),
        ({"ho_ten": "  "}, "họ tên"),
        ({"thu_tuc": ""}, "thủ tục"),
        ({"can_cuoc": "12345"}, "căn cước"),
        ({"can_cuoc": "00000000000a"}, "căn cước"),
        ({"hen_tra": "mai"}, "hen_tra"),
        ({"bo_sung": "x" * 1_001}, "bo_sung"),
    ],
)
def test_a_bad_row_says_why_and_quotes_nothing(cells: dict[str, str], reason: str) -> None:
    with pytest.raises(BadRowError, match=reason) as refusal:
        parse_dossier(row(**cells), SEALER)
    assert "Nguyễn" not in str(refusal.value)


def test_a_telephone_number_that_is_not_needed_is_not_kept() -> None:
    assert parse_dossier(row(dien_thoai="0900000000"), SEALER).keys() == {"id", "k", "line", "p", "a", "i", "t", "s"}


async def load(client: ChatbotClient, path: Path) -> Outcome:
    return await send(client, "dossiers", path, source="Một cửa Thử", as_of=NOON, step=lambda _: None)


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join((HEAD, *lines)) + "\n", encoding="utf-8")
    return path


async def proven(
    dossiers: Dossiers, code: str = "H29.12-260201-0001", born: str = "1990-09-05", more: str = ""
) -> Proven | None:
    query = ProveDossier("1", "c", "p", code, born, more)
    return (await dossiers.prove([query]))[query]


async def test_good_rows_are_there_and_bad_ones_are_told_by_line(
    import_client: ChatbotClient, dossiers: Dossiers, tmp_path: Path
) -> None:
    path = write(
        tmp_path / "a.csv", GOOD, GOOD, GOOD.replace("0001,", "0002,", 1).replace("Đang", "Sắp"), "rác", GOOD + ",thừa"
    )
    outcome = await load(import_client, path)
    assert outcome.rows == 1
    assert [bad["line"] for bad in outcome.bad] == [3, 4, 5, 6]
    assert outcome.bad[0]["reason"] == "trùng với một dòng trước đó"
    assert await proven(dossiers) is not None
    assert await proven(dossiers, born="1990-09-06") is None


async def test_a_new_file_is_seen_whole_or_not_at_all(
    import_client: ChatbotClient, dossiers: Dossiers, tmp_path: Path
) -> None:
    await load(import_client, write(tmp_path / "cu.csv", GOOD))
    many = [GOOD.replace("-0001", f"-{number:06d}", 1) for number in range(5_001)]
    steps = 0

    def stop(_: int) -> None:
        nonlocal steps
        steps += 1
        if steps == 1:
            raise KeyboardInterrupt

    path = write(tmp_path / "moi.csv", *many)
    with pytest.raises(KeyboardInterrupt):
        await send(import_client, "dossiers", path, source="Một cửa Thử", as_of=NOON + timedelta(days=1), step=stop)
    assert await proven(dossiers, "H29.12-260201-000007") is None
    assert await proven(dossiers) is not None, "the old file is what everybody sees"
    outcome = await load(import_client, path)
    assert (outcome.resumed_at, outcome.rows) == (1, 5_001)
    assert await proven(dossiers, "H29.12-260201-000007") is not None
    assert await proven(dossiers) is None


@pytest.mark.parametrize("data", [b"\x00" * 5_000, b"\xff\xfe\x00r\x00u\x00b", b'"' + b"x" * 200_000, b""])
async def test_a_file_that_is_no_table_changes_nothing(
    import_client: ChatbotClient, dossiers: Dossiers, tmp_path: Path, data: bytes
) -> None:
    await load(import_client, write(tmp_path / "cu.csv", GOOD))
    path = tmp_path / "rac.csv"
    path.write_bytes(data)
    with pytest.raises(SetupError):
        await load(import_client, path)
    assert await proven(dossiers) is not None, "the good one is what everybody still sees"


async def test_a_file_without_one_good_row_does_not_take_the_place_of_the_last(
    import_client: ChatbotClient, dossiers: Dossiers, tmp_path: Path
) -> None:
    await load(import_client, write(tmp_path / "cu.csv", GOOD))
    outcome = await load(import_client, write(tmp_path / "sai.csv", GOOD.replace("05/09/1990", "")))
    assert "giữ nguyên" in outcome.refusal
    assert await proven(dossiers) is not None


async def test_dates_of_a_workbook_are_dates(import_client: ChatbotClient, dossiers: Dossiers, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    cells = GOOD.split(",")
    sheet.append(HEAD.split(","))
    sheet.append([*cells[:3], date(2026, 2, 1), date(2026, 2, 10), *cells[5:7], BORN, *cells[8:]])
    book.save(tmp_path / "a.xlsx")
    assert (await load(import_client, tmp_path / "a.xlsx")).rows == 1
    assert await proven(dossiers) is not None


@pytest.mark.parametrize(("kind", "rows"), [("scores", 200), ("fines", 20), ("dossiers", 30)])
async def test_the_demonstrations_files_load_whole_and_are_plainly_made_up(
    import_client: ChatbotClient, kind: str, rows: int
) -> None:
    path = FOLDER / f"{kind}.csv"
    outcome = await send(import_client, kind, path, source=SOURCES[kind], as_of=NOON, step=lambda _: None)
    assert (outcome.rows, outcome.bad) == (rows, [])
    repeated = await send(import_client, kind, path, source=SOURCES[kind], as_of=NOON, step=lambda _: None)
    assert repeated.already
    with path.open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    assert all(person.get("can_cuoc", "000").startswith("000") for person in people), "no identity number begins so"
    assert "minh hoạ" in SOURCES[kind]
