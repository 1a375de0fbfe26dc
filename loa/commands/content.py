"""`loa content`: check a content directory before publishing it, and make the forms from their templates."""

import time
from pathlib import Path

import typer

from loa.commands._content import HOME, MODEL_CACHE, ContentOption
from services.chatbot.content import Content, ContentErrors
from services.chatbot.content.forms.files import write_forms
from services.chatbot.nlu import NluModel

SHOWN = 200  # Faults on the screen; an editor mends these first.

app = typer.Typer(name="content", help="Nội dung của chatbot: kiểm tra, tạo biểu mẫu.", no_args_is_help=True)


def load_and_train(folder: Path, model_cache: Path | None = MODEL_CACHE) -> tuple[Content, NluModel]:
    """Returns what publishing the folder would give. Prints every fault and exits with 1 where it would be refused."""
    try:
        content = Content.load(folder)
        return content, NluModel.train(content, model_cache)
    except ContentErrors as refusal:
        for fault in refusal.faults[:SHOWN]:
            typer.echo(str(fault), err=True)
        if len(refusal.faults) > SHOWN:
            typer.echo(f"… và {len(refusal.faults) - SHOWN} lỗi nữa", err=True)
        typer.echo(f"{len(refusal.faults)} lỗi; nội dung này chưa dùng được.", err=True)
        raise typer.Exit(1) from refusal


@app.command()
def check(content: ContentOption = HOME) -> None:
    """Kiểm tra mọi tệp và học thử: báo tệp, dòng và lý do của từng lỗi. Mã thoát 1 khi có lỗi."""
    started = time.perf_counter()
    loaded, _ = load_and_train(content)
    took = (time.perf_counter() - started) * 1000
    typer.echo(
        f"Hợp lệ. Phiên bản {loaded.version}: {len(loaded.procedures)} thủ tục, {len(loaded.forms)} biểu mẫu, "
        f"{len(loaded.packs)} gói, {len(loaded.office_index.offices)} đơn vị, "
        f"{len(loaded.office_index.wards.by_code)} phường xã, "
        f"{len(loaded.cameras.all)} camera, {len(loaded.news)} tin, {len(loaded.fines.fines)} mức phạt, "
        f"{len(loaded.training_data.intents)} khoá câu hỏi ({took:.0f} ms)."
    )


@app.command()
def forms(content: ContentOption = HOME) -> None:
    """Tạo lại các tệp DOCX trong forms/files từ forms/templates; tệp chính thức của cơ quan được giữ nguyên."""
    try:
        made = write_forms(content)
    except ContentErrors as bad:
        typer.echo(str(bad), err=True)
        raise typer.Exit(1) from bad
    typer.echo(f"Đã tạo {len(made)} tệp, tổng cộng {sum(path.stat().st_size for path in made) // 1024} KB.")
