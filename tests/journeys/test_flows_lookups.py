"""Scores and fines: imported by the command a province types, and looked up by citizens, through the whole chain."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from loa.testkit.system import POLICE, PROVINCE, FullSystem
from tests.journeys.chat_script import StartChat

pytestmark = pytest.mark.live

SCORES = """so_bao_danh,ky_thi,toan,ngu_van,tieng_anh
37000001,Kỳ thi thử 2026,8.4,7,9.25
37000002,Kỳ thi thử 2026,0,5.5,
37000003,Kỳ thi thử 2026,mười,5,6
37000004,Kỳ thi thử 2026,11,5,6
1234,Kỳ thi thử 2026,5,5,6
37000001,Kỳ thi thử 2026,1,1,1
"""
FINES = """bien_so,loai_xe,so_khung,can_cuoc,thoi_gian,dia_diem,hanh_vi,don_vi,dien_thoai
99Y-123.45,ô tô,RLHJF1234AB56789,000000054321,08:15 01/02/2026,Ngã tư Thử,Vượt đèn đỏ,Đội thử nghiệm,000 0000 0000
99Y-123.45,ô tô,RLHJF1234AB56789,000000054321,09:15 02/02/2026,Cầu Thử,Chạy quá tốc độ,Đội thử nghiệm,000 0000 0000
=cmd|calc,ô tô,123456,,08:15,ở đâu,gì đó,ai,0
"""


async def loa_import(system: FullSystem, kind: str, path: Path) -> str:
    """What the real command says; it must end well. By force: the demonstration's own lists are longer."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "loa", "import", kind, str(path), "--source", "Sở Thử nghiệm", "--force",
        env={
            **os.environ,
            "LOA_STATE": str(system.settings.loa_state),
            "CHATBOT_INTERNAL_PORT": str(system.settings.chatbot_internal_port),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0, out.decode()
    return out.decode()


async def test_a_score_file_is_imported_and_every_score_found_as_people_ask(
    start_chat: StartChat, system: FullSystem, tmp_path: Path
) -> None:
    path = tmp_path / "diem.csv"
    path.write_text(SCORES, encoding="utf-8")
    report = await loa_import(system, "scores", path)
    assert "Đã nạp 4 dòng" in report
    assert all(f"dòng {line}:" in report for line in (4, 5, 6, 7)), report
    assert "mười" not in report, "a report never quotes the row"
    await asyncio.sleep(2.5)  # What is visible is looked at every two seconds.
    chat = await start_chat(PROVINCE)
    await chat.play("""
        citizen: cho em hỏi điểm thi số báo danh 37000001 với ạ
        bot: Kỳ thi thử 2026 … 37000001 … Toán: 8,4 … Ngữ văn: 7 … Tiếng Anh: 9,25 … Nguồn: Sở Thử nghiệm
        citizen: tra diem thi
        bot: số báo danh
        citizen: 12
        bot: phải có 8 chữ số
        citizen: sbd 37000002
        bot: Toán: 0 … Ngữ văn: 5,5
        bot does not say: Tiếng Anh
        citizen: điểm thi 37999999
        bot: Không tìm thấy kết quả
    """)


async def test_fines_are_told_only_to_who_knows_the_car_and_guessing_is_locked(
    start_chat: StartChat, system: FullSystem, tmp_path: Path
) -> None:
    path = tmp_path / "phat.csv"
    path.write_text(FINES, encoding="utf-8")
    report = await loa_import(system, "fines", path)
    assert "Đã nạp 2 dòng" in report
    assert "calc" not in report
    await asyncio.sleep(2.5)
    owner = await start_chat(POLICE)
    await owner.play("""
        citizen: kiểm tra phạt nguội xe 99Y-123.45
        bot: Đây là xe gì?
        citizen taps: Ô tô
        bot: 5 số cuối
        citizen: 56789
        bot: 99Y-123.45 có 2 vi phạm … Vượt đèn đỏ … Chạy quá tốc độ … Cảnh giác … Nguồn: Sở Thử nghiệm
    """)
    stranger = await start_chat(POLICE)
    for _ in range(5):
        await stranger.play("""
            citizen: #lam f_phat_nguoi 99Y-123.45
            citizen taps: Ô tô
            citizen: 00000
            bot: Không tìm thấy vi phạm
            bot does not say: Vượt đèn đỏ
        """)
    await stranger.play("""
        citizen: #lam f_phat_nguoi 99Y-123.45
        citizen taps: Ô tô
        citizen: 56789
        bot: thử quá số lần
        bot does not say: Vượt đèn đỏ
    """)


async def test_a_file_that_is_none_changes_nothing(start_chat: StartChat, system: FullSystem, tmp_path: Path) -> None:
    for name, body in (("rac.csv", b"\xff\xfe\x00rubbish\x00"), ("rac.xlsx", b"PK\x03\x04 no workbook")):
        path = tmp_path / name
        path.write_bytes(body)
        with pytest.raises(AssertionError, match="UTF-8"):
            await loa_import(system, "scores", path)
    chat = await start_chat(PROVINCE)
    await chat.play("""
        citizen: #lam f_diem_thi 37000001
        bot: Toán: 8,4
    """)
