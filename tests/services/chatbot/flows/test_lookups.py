"""Scores and fines, as chats, on data that was really imported into a real MongoDB through the import API."""

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from openpyxl import Workbook

from chassis.guard import guard
from chassis.mongo import Database, database
from loa.imports.send import Door, Outcome, send
from loa.runtime.ports import free_port
from loa.runtime.trouble import SetupError
from services.chatbot.fines import FindFines, Locked, read_plate, read_proof
from services.chatbot.imports.api import imports
from services.chatbot.imports.rows import Sealer
from services.chatbot.lookup import Found
from services.chatbot.scores import FindScore, Score, ScoresNamed
from services.chatbot.store import Datasets, Fines, Scores
from tests.doubles import BODIES, NOON, PEPPER
from tests.servers.asgi import serving
from tests.services.chatbot.player import Chat

TOKEN = "a-token-of-this-test"


def test_plates_are_read_as_people_type_them() -> None:
    typed = ("51F-123.45", "51f 12345", "xe em biển 51F12345 ạ", "51 F 123 45")
    assert {read_plate(text) for text in typed} == {"51F12345"}
    assert read_plate("29-B1 234.56") == "29B123456"
    assert read_plate("không nhớ") is None


def test_a_proof_is_its_last_five_characters() -> None:
    assert read_proof("RLHJF1234AB56789") == "56789"
    assert read_proof("12") is None


def test_a_number_in_a_sentence_is_enough(chat_province: Chat) -> None:
    marks = {"Toán": 8.4, "Ngữ văn": 7.0}
    chat_province.answers |= {
        ScoresNamed: lambda _: False,
        FindScore: lambda _: Found(Score("THPT 2026", marks), "Sở GD&ĐT", NOON),
    }
    chat_province.says("#lam f_diem_thi")
    chat_province.says("sbd của em là 37012345")
    assert "Toán: 8,4" in chat_province.last
    assert "Nguồn: Sở GD&ĐT" in chat_province.last


def test_what_is_no_number_is_asked_again(chat_province: Chat) -> None:
    chat_province.says("#lam f_diem_thi")
    chat_province.says("123")
    assert "8" in chat_province.last
    assert chat_province.after.run is not None


def test_a_stale_answer_says_so(chat_province: Chat) -> None:
    chat_province.answers |= {
        ScoresNamed: lambda _: False,
        FindScore: lambda _: Found(Score("THPT", {"Toán": 5}), "Sở", NOON, stale=True),
    }
    chat_province.says("#lam f_diem_thi 37012345")
    assert "tạm gián đoạn" in chat_province.last


def test_a_source_that_is_away_is_said_to_be_away(chat_province: Chat) -> None:
    chat_province.says("#lam f_diem_thi 37012345")
    chat_province.says("Trần Văn Thử") if chat_province.after.run else None
    assert "bận" in chat_province.last or "không trả lời" in chat_province.last


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    name = f"lookups_{uuid4().hex[:8]}"
    async with database(mongo_url, name) as one:
        yield one
        await one.client.drop_database(name)


@pytest.fixture
async def datasets(db: Database) -> Datasets:
    one = Datasets(db)
    await one.prepare()
    return one


@pytest.fixture
async def door(datasets: Datasets, tmp_path: Path) -> AsyncIterator[Door]:
    (tmp_path / "chatbot-api-token").write_text(TOKEN)
    app = FastAPI()
    app.include_router(imports(datasets, Sealer(BODIES, PEPPER), guard(tmp_path, "chatbot-api-token")))
    async with serving(app, free_port()) as url:
        yield Door(url, TOKEN)


async def load(door: Door, kind: str, path: Path) -> Outcome:
    return await send(door, kind, path, source="Sở Thử nghiệm", as_of=NOON, step=lambda _: None)


def score_file(path: Path, rows: int, broken: int = 0) -> Path:
    chance = random.Random(7)
    lines = ["so_bao_danh,toan,ngu_van,vat_li"]
    lines += [f"37{number:06d},{chance.randrange(101) / 10},{chance.randrange(101) / 10}," for number in range(rows)]
    lines += [f"37{number:06d},mười,5," for number in range(900_000, 900_000 + broken)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.live
async def test_bad_rows_are_told_by_line_and_the_good_ones_are_there(
    door: Door, datasets: Datasets, tmp_path: Path
) -> None:
    outcome = await load(door, "scores", score_file(tmp_path / "diem.csv", 12_000, broken=2))
    assert outcome.rows == 12_000
    assert [bad["line"] for bad in outcome.bad] == [12_002, 12_003]
    assert "mười" not in str(outcome.bad), "a reason never quotes the row"
    scores = Scores(datasets, PEPPER)
    asked = FindScore("37000007")
    found = (await scores.answer([asked]))[asked]
    assert found is not None
    assert set(found.value.marks) == {"Toán", "Ngữ văn"}, "a subject that was not taken is left out"


@pytest.mark.live
async def test_nothing_half_loaded_is_seen_and_a_load_goes_on_where_it_stopped(
    datasets: Datasets, door: Door, tmp_path: Path
) -> None:
    await load(door, "scores", score_file(tmp_path / "cu.csv", 100))
    path = score_file(tmp_path / "moi.csv", 12_000)
    steps = 0

    def stop(_: int) -> None:
        nonlocal steps
        steps += 1
        if steps == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await send(door, "scores", path, source="Sở", as_of=NOON, step=stop)
    scores, new = Scores(datasets, PEPPER), FindScore("37000500")
    assert (await scores.answer([new]))[new] is None, "the old file is what everybody sees"
    outcome = await load(door, "scores", path)
    assert outcome.resumed_at == 2
    assert outcome.rows == 12_000
    assert (await scores.answer([new]))[new] is not None


@pytest.mark.live
async def test_the_same_number_twice_in_a_file_is_a_bad_row(door: Door, tmp_path: Path) -> None:
    path = tmp_path / "diem.csv"
    path.write_text("Số báo danh;Toán\n37000001;5\n37000001;9,5\n", encoding="utf-8")
    outcome = await load(door, "scores", path)
    assert [(bad["line"], bad["reason"]) for bad in outcome.bad] == [(3, "trùng với một dòng trước đó")]


@pytest.mark.live
async def test_a_workbook_is_read_like_a_csv(door: Door, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["SBD", "Họ tên", "Toán"])
    sheet.append(["37000001", "Lê Thị Thử", 0])
    book.save(tmp_path / "diem.xlsx")
    assert (await load(door, "scores", tmp_path / "diem.xlsx")).rows == 1


@pytest.mark.live
async def test_where_names_are_known_the_name_has_to_fit(door: Door, datasets: Datasets, tmp_path: Path) -> None:
    path = tmp_path / "diem.csv"
    path.write_text("sbd,ho_ten,toan\n37000001,Lê Thị Thử,9\n", encoding="utf-8")
    await load(door, "scores", path)
    scores = Scores(datasets, PEPPER)
    right, wrong = FindScore("37000001", "le thi thu"), FindScore("37000001", "ai khac")
    found = await scores.answer([right, wrong])
    assert await scores.named(ScoresNamed())
    assert found[right] is not None
    assert found[wrong] is None


@pytest.mark.live
async def test_a_wrong_file_or_token_is_refused_with_the_remedy(door: Door, tmp_path: Path) -> None:
    path = tmp_path / "rac.csv"
    path.write_bytes(b"\xff\xfe\x00rubbish")
    with pytest.raises(SetupError):
        await load(door, "scores", path)
    good = score_file(tmp_path / "diem.csv", 3)
    with pytest.raises(SetupError, match="mã truy cập"):
        await load(Door(door.url, "wrong"), "scores", good)
    async with door.session() as http, http.post("/api/imports", json={"kind": "scores"}) as answer:
        assert answer.status == 422


FINE_FILE = """biển số,loại xe,số khung,căn cước,thời gian,địa điểm,hành vi,đơn vị,điện thoại
51F-123.45,ô tô,RLHJF1234AB56789,,08:15 01/02/2026,Ngã tư Thử,Vượt đèn đỏ,Đội CSGT Thử,0280000000
51F-123.45,ô tô,RLHJF1234AB56789,,09:15 02/02/2026,Cầu Thử,Quá tốc độ,Đội CSGT Thử,0280000000
không phải biển,ô tô,123456,,08:15,ở đâu,gì đó,ai,0
"""


@pytest.fixture
async def fines(db: Database, door: Door, datasets: Datasets, tmp_path: Path) -> Fines:
    path = tmp_path / "phat.csv"
    path.write_text(FINE_FILE, encoding="utf-8")
    outcome = await load(door, "fines", path)
    assert [bad["line"] for bad in outcome.bad] == [4]
    one = Fines(datasets, db.attempts, BODIES, PEPPER)
    await one.attempts.prepare()
    return one


def find(proof: str, nth: int = 0, who: str = "c1") -> FindFines:
    return FindFines(f"attempt-{who}-{nth}", who, "51F12345", proof, "oto")


@pytest.mark.live
async def test_fines_are_told_to_who_knows_the_chassis_number(fines: Fines) -> None:
    found = await fines.find(find("56789"))
    assert isinstance(found, Found)
    assert [one.offence for one in found.value] == ["Vượt đèn đỏ", "Quá tốc độ"]


@pytest.mark.live
async def test_a_wrong_proof_and_an_unknown_plate_are_answered_alike(fines: Fines) -> None:
    assert await fines.find(find("00000")) is None
    assert await fines.find(FindFines("x", "c1", "99Z99999", "00000", "oto")) is None


@pytest.mark.live
async def test_guessing_locks_the_plate_for_everybody_and_the_guesser_for_every_plate(fines: Fines) -> None:
    for nth in range(5):
        await fines.find(find("00000", nth))
    assert isinstance(await fines.find(find("56789", 9)), Locked)
    assert isinstance(await fines.find(find("56789", 9, "c2")), Locked)
    assert isinstance(await fines.find(FindFines("y", "c1", "99Z99999", "00000", "oto")), Locked)


@pytest.mark.live
async def test_asking_again_after_a_crash_counts_as_one_attempt(fines: Fines) -> None:
    for _ in range(10):
        await fines.find(find("00000"))
    assert isinstance(await fines.find(find("56789", 1)), Found)


@pytest.mark.live
async def test_no_plate_number_or_offence_lies_open_in_the_database(db: Database, fines: Fines) -> None:
    await fines.find(find("56789"))
    dump = repr([await db[name].find({}).to_list(None) for name in await db.list_collection_names()])
    for secret in ("51F12345", "123.45", "56789", "Vượt đèn đỏ"):
        assert secret not in dump


def test_a_chat_about_fines_ends_with_where_to_pay_and_a_warning(chat_province: Chat) -> None:
    from services.chatbot.fines import Offence  # noqa: PLC0415 — beside its only use.

    offence = Offence("08:15", "Ngã tư Thử", "Vượt đèn đỏ", "Đội Thử", "0280000000")
    chat_province.answers[FindFines] = lambda _: Found((offence,), "Cục CSGT", NOON - timedelta(days=1))
    for text in ("#lam f_phat_nguoi", "51F-123.45", "#chon oto", "56789"):
        chat_province.says(text)
    assert "51F-123.45 có 1 vi phạm" in chat_province.last
    assert "Cảnh giác" in chat_province.last
