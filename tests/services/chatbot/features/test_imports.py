"""Lists as offices make them, through the real command's client and the chatbot's API: nothing wrong is loaded with "0 bad"."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from loa.clients import imports
from loa.clients.imports import ChatbotClient, Outcome, send
from loa.runtime.errors import SetupError
from services.chatbot.features.fines.effects import FindFines, read_plate, read_proof
from services.chatbot.features.fines.store import Fines
from services.chatbot.features.scores.effects import Missed, Score
from services.chatbot.lookups.store.datasets import Datasets
from tests.doubles import BODIES, NOON, PEPPER
from tests.services.chatbot.features.import_files import load, score_of, write

pytestmark = pytest.mark.live


async def test_an_absent_candidate_is_found_and_told_absent(
    import_client: ChatbotClient, datasets: Datasets, tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        "SBD,Toán,Văn,Tiếng Anh\n37000001,Vắng,6,7\n37000002,V,6,Miễn\n37000003,-1,6,N/V\n37000004,1x,6,-\n",
    )
    outcome = await load(import_client, "scores", path)
    assert outcome.rows == 4, "one cell that is no mark hides no candidate"
    assert [(bad["line"], bad["kept"]) for bad in outcome.bad] == [(4, True), (5, True)]
    absent, exempt, unclear, dash = [await score_of(datasets, f"3700000{number}") for number in range(1, 5)]
    assert absent == Score("Kỳ thi", {"Toán": Missed.ABSENT, "Ngữ văn": 6.0, "Tiếng Anh": 7.0})
    assert exempt == Score("Kỳ thi", {"Toán": Missed.ABSENT, "Ngữ văn": 6.0, "Tiếng Anh": Missed.EXEMPT})
    assert unclear == Score("Kỳ thi", {"Ngữ văn": 6.0, "Tiếng Anh": Missed.ABSENT})
    assert dash == Score("Kỳ thi", {"Ngữ văn": 6.0})


@pytest.mark.parametrize(("heading", "named"), [("Toán", "“Toán” (cột 2) và “Toán” (cột 4)"), ("Văn", "“Ngữ văn”")])
async def test_two_columns_of_one_subject_are_refused_naming_both(
    import_client: ChatbotClient, datasets: Datasets, tmp_path: Path, heading: str, named: str
) -> None:
    with pytest.raises(SetupError, match="hai cột cùng là") as refusal:
        await load(import_client, "scores", write(tmp_path, f"SBD,Toán,Ngữ văn,{heading}\n37000001,6,7,0\n"))
    assert named in str(refusal.value)
    assert await score_of(datasets, "37000001") is None


async def test_a_quote_that_nobody_closed_costs_its_line_and_says_so(
    import_client: ChatbotClient, datasets: Datasets, tmp_path: Path
) -> None:
    path = write(tmp_path, 'SBD,Họ tên,Toán\n37000001,A,6\n37000002,"B,6\n37000003,C,6\n37000004,"D, E",6\n')
    outcome = await load(import_client, "scores", path)
    assert (outcome.rows, [bad["line"] for bad in outcome.bad]) == (3, [3])
    assert "dấu ngoặc kép" in outcome.bad[0]["reason"]
    assert await score_of(datasets, "37000002") is None


async def test_blank_lines_cost_no_call_each(
    import_client: ChatbotClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "CHUNK", 2)
    chunks: list[int] = []
    path = write(tmp_path, "SBD,Toán\r\r\n" + "".join(f"3700000{n},{n}\r\r\n" for n in range(5)) + "\r\r\nrác,1\r\r\n")
    outcome = await send(import_client, "scores", path, source="Sở", as_of=NOON, step=chunks.append)
    assert chunks == [2, 2, 2], "by number of lines, whatever lies between them"
    assert outcome.rows == 5
    assert [bad["line"] for bad in outcome.bad] == [15], "as an editor counts"


async def test_when_nothing_is_usable_it_says_what_was_looked_for_and_found(
    import_client: ChatbotClient, tmp_path: Path
) -> None:
    with pytest.raises(SetupError, match="Cần các cột: số báo danh") as refusal:
        await load(import_client, "scores", write(tmp_path, "Nguyễn Thử,37000001\nTrần Mẫu,37000002\n"))
    assert "Nguyễn" not in str(refusal.value)
    with pytest.raises(SetupError, match=r"dòng 2 .*thấy Số báo danh.*còn thiếu điểm của ít nhất một môn"):
        await load(import_client, "scores", write(tmp_path, "DANH SÁCH\nSBD,Họ tên\n37000001,A\n"))
    outcome = await load(import_client, "scores", write(tmp_path, "SBD,Toán\n1,2\n3,4\n"))
    assert "không có dòng nào dùng được" in outcome.refusal
    assert [bad["line"] for bad in outcome.bad] == [2, 3]


FINES = "bien_so,loai_xe,so_khung,can_cuoc,hanh_vi\n"


async def test_proofs_that_excel_has_shortened_are_refused_and_kept_ones_are_what_the_chat_reads(
    import_client: ChatbotClient, datasets: Datasets, tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        FINES + "99A-10001,ô tô,,1.09E+11,đèn đỏ\n"
        '99A-10002,ô tô,RLH 1234-56789,"1,09E+11",đèn đỏ\n'
        "99A-10003,ô tô,,79090001234,đèn đỏ\n"
        "99A-10004,ô tô,12 34,,đèn đỏ\n",
    )
    outcome = await load(import_client, "fines", path)
    assert [(bad["line"], bad["kept"]) for bad in outcome.bad] == [(2, False), (3, True), (5, False)]
    assert await fined(datasets, "99a 100.02", "số 56789")
    assert await fined(datasets, "99A10003", "01234")


async def fined(datasets: Datasets, plate: str, proof: str) -> bool:
    """As the chat reads both."""
    query = FindFines("1", "c", "p", read_plate(plate) or "", read_proof(proof) or "", "oto")
    return (await Fines(datasets, BODIES, PEPPER).answer([query]))[query] is not None


async def workbook(client: ChatbotClient, path: Path, sheets: dict[str, list[list[Any]]]) -> Outcome:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return await send(client, "scores", path, source="Sở", as_of=NOON + timedelta(days=1), step=lambda _: None)


async def test_a_workbook_with_titles_a_header_of_two_lines_and_formulas_is_read_as_it_looks(
    import_client: ChatbotClient, datasets: Datasets, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [
        ["SỞ GIÁO DỤC VÀ ĐÀO TẠO"],
        ["KẾT QUẢ THI"],
        [],
        ["STT", "Số báo danh", "Điểm thi", None, "Ghi chú"],
        [None, None, "Toán", "Ngữ văn"],
        [1, 2000001, 6, 7.5, "ưu tiên"],
        [2, 2000002, "=C6+1", 8],
        [3, "=B7+1", 5, 8],
    ]
    outcome = await workbook(import_client, tmp_path / "a.xlsx", {"Bìa": [["Ghi chú"]], "Điểm": rows})
    assert outcome.left_out == ["STT", "Ghi chú"]
    assert outcome.rows == 2
    assert [(bad["line"], bad["kept"]) for bad in outcome.bad] == [(7, True), (8, False)]
    assert await score_of(datasets, "02000001") == Score("Kỳ thi", {"Toán": 6.0, "Ngữ văn": 7.5}), "the zero is back"
    assert await score_of(datasets, "02000002") == Score("Kỳ thi", {"Ngữ văn": 8.0})


async def test_two_sheets_with_a_list_each_are_refused_by_name(import_client: ChatbotClient, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["SBD", "Toán"], ["37000001", 5]]
    with pytest.raises(SetupError, match=r"hai trang cùng có danh sách: “12A1” và “12A2”"):
        await workbook(import_client, tmp_path / "a.xlsx", {"12A1": rows, "12A2": rows})
