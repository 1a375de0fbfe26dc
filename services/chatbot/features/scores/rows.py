"""A row of an imported file of exam scores into what is stored."""

import re

from chassis.mongo import Document
from contracts.text import fold, fold_words, is_digits
from services.chatbot.features.scores.effects import DIGITS, Missed
from services.chatbot.lookups.import_columns import Column
from services.chatbot.lookups.import_rows import BadRowError, Row, RowFormat, Sealer

NUMBER, NAME, EXAM = "so_bao_danh", "ho_ten", "ky_thi"
_ANY_SUBJECT = "điểm của ít nhất một môn"
_SUBJECTS: dict[str, tuple[str, ...]] = {
    "Toán": ("Toán học",), "Ngữ văn": ("Văn",), "Ngoại ngữ": ("NN",), "Tiếng Anh": ("Anh", "Anh văn"),
    "Tiếng Pháp": ("Pháp",), "Tiếng Nga": ("Nga",), "Tiếng Trung": ("Trung", "Tiếng Trung Quốc"), "Tiếng Đức": ("Đức",),
    "Tiếng Nhật": ("Nhật",), "Tiếng Hàn": ("Hàn", "Tiếng Hàn Quốc"), "Vật lí": ("Vật lý", "Lí", "Lý"),
    "Hoá học": ("Hoá",), "Sinh học": ("Sinh",), "Lịch sử": ("Sử", "LS"), "Địa lí": ("Địa lý", "Địa"),
    "Giáo dục công dân": ("GDCD",), "Tin học": ("Tin",), "Công nghệ": (),
    "Công nghệ công nghiệp": ("CNCN",), "Công nghệ nông nghiệp": ("CNNN",),
    "Giáo dục kinh tế và pháp luật": ("GDKTPL", "GDKT&PL", "KTPL"), "Khoa học tự nhiên": ("KHTN",),
    "Khoa học xã hội": ("KHXH",),
}  # fmt: skip
_MISSED = {
    **dict.fromkeys(("v", "vang", "vang thi", "vang mat", "bo thi", "n v", "khong du thi"), Missed.ABSENT),
    **dict.fromkeys(("mien", "mien thi", "duoc mien"), Missed.EXEMPT),
}
_MARK = re.compile(r"\d{1,2}(?:[.,]\d{1,3})?", re.ASCII)
_NOTHING = re.compile(r"-*")  # A dash in a table of marks is an empty cell.
_HIGHEST = 10


def parse_score(row: Row, sealer: Sealer) -> Document:
    number = row.code(NUMBER)
    if not (len(number) == DIGITS and is_digits(number)):
        raise BadRowError(f"số báo danh phải có {DIGITS} chữ số")
    name = row.cell(NAME)
    key = sealer.pepper.pseudonym("scores", number)
    proof = sealer.pepper.pseudonym("scores", number, fold(name)) if name else ""
    return {
        "id": key,
        "k": key,
        "line": row.line,
        "e": row.cell(EXAM)[:80] or "Kỳ thi",
        "m": _marks(row),
        "n": proof,
    }


def _marks(row: Row) -> dict[str, float | str]:
    """By subject. What is no mark is dropped and reported: the other marks are the candidate's all the same."""
    marks: dict[str, float | str] = {}
    for subject in _SUBJECTS:
        if not row.cells.get(subject):
            continue
        try:
            mark = read_mark(row.cell(subject))
        except BadRowError as fault:
            row.drop(f"bỏ điểm môn {subject}: {fault}")
            continue
        if mark is not None:
            marks[subject] = mark
    return marks


def read_mark(text: str) -> float | Missed | None:
    """Returns a mark from 0 to 10, why there is none, or None for an empty cell. Raises BadRowError for anything else."""
    folded = fold(text)
    if _NOTHING.fullmatch(folded):
        return None
    if (missed := _MISSED.get(fold_words(text))) is not None:
        return missed
    if _MARK.fullmatch(folded) is None:
        raise BadRowError("không phải điểm, cũng không phải vắng hay miễn")
    mark = float(folded.replace(",", "."))
    if mark > _HIGHEST:
        raise BadRowError(f"điểm phải từ 0 đến {_HIGHEST}")
    return mark


SCORE_ROWS = RowFormat(
    (
        Column(NUMBER, "Số báo danh", ("SBD", "sobaodanh"), "số báo danh", DIGITS),
        Column(NAME, "Họ tên", ("Họ và tên", "hoten", "Họ và tên thí sinh", "Họ tên thí sinh")),
        Column(EXAM, "Kỳ thi"),
        *(Column(subject, subject, aliases, _ANY_SUBJECT) for subject, aliases in _SUBJECTS.items()),
    ),
    parse_score,
    name_column=NAME,
)
