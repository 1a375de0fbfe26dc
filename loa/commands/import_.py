"""`loa import`: load scores, fines or dossiers from a CSV or XLSX file; resumable, and visible only when whole."""

import asyncio
import csv
import os
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from loa.clients.imports import Outcome, chatbot_client, send
from loa.runtime.errors import SetupError
from loa.runtime.settings import Settings

SHOWN = 20  # Bad rows on the screen; all of them are in the file beside.


def command(  # noqa: PLR0917 — typer's form of a command line: each is an option by its name.
    kind: Annotated[str, typer.Argument(help="scores, fines hoặc dossiers")],
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Tệp CSV (UTF-8) hoặc XLSX, dòng đầu là tên cột.")
    ],
    source: Annotated[str, typer.Option(help="Nguồn dữ liệu, hiện cùng mỗi câu trả lời.")],
    as_of: Annotated[datetime | None, typer.Option(help="Thời điểm của dữ liệu; mặc định là lúc tệp được sửa.")] = None,
    url: Annotated[str, typer.Option(help="Địa chỉ của chatbot.")] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Nạp cả tệp ít hơn hẳn bản đang có, hoặc tệp thiếu kết thúc dòng cuối.")
    ] = False,
) -> None:
    """Nạp tệp vào chatbot. Dòng lỗi được báo theo số dòng và lý do. Nạp nhầm: `loa datasets restore`."""
    client = chatbot_client(Settings.read(os.environ), url)
    when = (as_of or datetime.fromtimestamp(file.stat().st_mtime)).astimezone()  # noqa: DTZ006 — local on purpose.
    began = time.perf_counter()
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    ) as progress:
        task = progress.add_task(file.name, total=_estimate(file))
        outcome = asyncio.run(
            send(
                client,
                kind,
                file,
                source=source,
                as_of=when,
                step=lambda count: progress.advance(task, count),
                force=force,
            )
        )
    _print_outcome(outcome, file, time.perf_counter() - began)


def _estimate(file: Path) -> int | None:
    """Returns the number of lines of a CSV, without reading cells; of a workbook it is not known before it is read."""
    if file.suffix.lower() == ".xlsx":
        return None
    with file.open("rb") as raw:
        return max(0, sum(block.count(b"\n") for block in iter(lambda: raw.read(1 << 20), b"")) - 1)


def _print_outcome(outcome: Outcome, file: Path, seconds: float) -> None:
    """Raises SetupError when nothing was loaded, after what was wrong with the lines."""
    if outcome.left_out:
        print(f"Cột không dùng: {', '.join(outcome.left_out)}.")
    if outcome.already:
        print("Tệp này đã được nạp trước đó; không có gì thay đổi.")
        return
    if outcome.resumed_at:
        print(f"Tiếp tục từ phần thứ {outcome.resumed_at + 1}.")
    if not outcome.refusal:
        print(f"Đã nạp {outcome.rows:,} dòng trong {seconds:.1f} s ({outcome.rows / max(seconds, 1e-9):,.0f} dòng/s).")
    if outcome.bad:
        _print_bad(outcome.bad, file.with_suffix(".loi.csv"))
    if outcome.refusal:
        raise SetupError(f"Chưa nạp: {outcome.refusal}.", "Sửa tệp rồi chạy lại lệnh này.")


def _print_bad(bad: Sequence[Mapping[str, Any]], report: Path) -> None:
    with report.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("dong", "ly_do", "dong_duoc_nap"))
        writer.writerows((line["line"], line["reason"], "có" if line["kept"] else "không") for line in bad)
    for line in bad[:SHOWN]:
        print(f"  dòng {line['line']}: {line['reason']}")
    lost = sum(not line["kept"] for line in bad)
    print(f"{lost} dòng không nạp được, {len(bad) - lost} ô bị bỏ trong những dòng được nạp; ghi đủ trong {report}.")
