"""Our own forms as DOCX, made from their templates. The same template gives the same bytes, on every machine and day."""

import io
import zipfile

from docx import Document
from docx.document import Document as Page
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from services.chatbot.content.models.form import Form, Item, Template

NOTE = "Mẫu điền thử do Loa soạn, không thay thế mẫu chính thức"
_EPOCH = (2026, 1, 1, 0, 0, 0)
_UNUSED_PARTS = ("/thumbnail", "/stylesWithEffects")  # Parts of python-docx's own template that no reader needs.
_LINE_DOTS = 88  # Dots that fill a line of A4 in 12 points.


def render(form: Form, template: Template) -> bytes:
    """Returns a DOCX file of about 20 KB."""
    page = Document()
    _sheet(page)
    _head(page, form, template)
    for number, item in enumerate(template.items, start=1):
        _item(page, item, number - sum(1 for earlier in template.items[:number] if earlier.label is None))
    _foot(page, template.signers)
    return _reproducible(page, form)


def _sheet(page: Page) -> None:
    section = page.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.5), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    style = page.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    style.paragraph_format.space_after = Pt(4)


def _head(page: Page, form: Form, template: Template) -> None:
    note = page.add_paragraph()
    note.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    note.add_run(f"{form.id}\n{NOTE}").italic = True
    for line, bold in (
        ("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", True),
        ("Độc lập - Tự do - Hạnh phúc", True),
        ("", False),
    ):
        centred = page.add_paragraph()
        centred.alignment = WD_ALIGN_PARAGRAPH.CENTER
        centred.add_run(line).bold = bold
    title = page.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(template.title.upper())
    run.bold, run.font.size = True, Pt(14)
    if template.to:
        to = page.add_paragraph(f"Kính gửi: {template.to} {'.' * 30}")
        to.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _item(page: Page, item: Item, number: int) -> None:
    if item.heading:
        page.add_paragraph().add_run(item.heading).bold = True
    elif item.sentence:
        page.add_paragraph(item.sentence)
    elif item.choices:
        page.add_paragraph(f"{number}. {item.label}:   " + "    ".join(f"☐ {choice}" for choice in item.choices))
    elif item.boxes:
        page.add_paragraph(f"{number}. {item.label}:")
        _grid(page, 1, item.boxes, Cm(0.75))
    elif item.table:
        page.add_paragraph(f"{number}. {item.label}:")
        grid = _grid(page, item.rows + 1, len(item.table), None)
        for cell, name in zip(grid.rows[0].cells, item.table, strict=True):
            cell.paragraphs[0].add_run(name).bold = True
    else:
        start = f"{number}. {item.label}: "
        page.add_paragraph(start + "." * max(20, _LINE_DOTS - len(start)))
        for _ in range(item.lines - 1):
            page.add_paragraph("." * (_LINE_DOTS + 10))


def _grid(page: Page, rows: int, columns: int, width: Cm | None):  # type: ignore[no-untyped-def]  # noqa: ANN202  # python-docx ships no types for tables.
    grid = page.add_table(rows=rows, cols=columns, style="Table Grid")
    if width is not None:
        grid.autofit = False
        for cell in grid.rows[0].cells:
            cell.width = width
    page.add_paragraph().paragraph_format.space_after = Pt(2)
    return grid


def _foot(page: Page, signers: tuple[str, ...]) -> None:
    when = page.add_paragraph("...................., ngày ...... tháng ...... năm ..........")
    when.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    table = page.add_table(rows=1, cols=len(signers))
    for cell, signer in zip(table.rows[0].cells, signers, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(signer).bold = True
        paragraph.add_run("\n(ký, ghi rõ họ tên)").italic = True


def _reproducible(page: Page, form: Form) -> bytes:
    """Returns the same file with fixed times in its properties and in the ZIP, and entries in a fixed order."""
    properties = page.core_properties
    properties.title, properties.author, properties.comments = form.name, "Loa", NOTE
    for rels in (page.part.rels, page.part.package.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(_UNUSED_PARTS)]:
            del rels[key]
    raw, out = io.BytesIO(), io.BytesIO()
    page.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            info = zipfile.ZipInfo(name, date_time=_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name), compresslevel=9)
    return out.getvalue()
