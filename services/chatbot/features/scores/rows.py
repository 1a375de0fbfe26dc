"""A row of an imported file of exam scores into what is stored."""

from chassis.mongo import Document
from contracts.text import fold, is_digits
from services.chatbot.features.scores.effects import DIGITS
from services.chatbot.lookups.import_rows import NAME_COLUMNS, BadRowError, Row, Sealer

_NUMBER_COLUMNS = ("so_bao_danh", "sbd", "sobaodanh")
_NO_SUBJECT = frozenset((*_NUMBER_COLUMNS, *NAME_COLUMNS, "ky_thi", "nam", "ngay_sinh", "ma_ngoai_ngu", "stt", "id"))
_SUBJECTS = {
    "toan": "Toán", "ngu_van": "Ngữ văn", "van": "Ngữ văn", "ngoai_ngu": "Ngoại ngữ", "tieng_anh": "Tiếng Anh",
    "vat_li": "Vật lí", "vat_ly": "Vật lí", "hoa_hoc": "Hoá học", "sinh_hoc": "Sinh học", "lich_su": "Lịch sử",
    "dia_li": "Địa lí", "dia_ly": "Địa lí", "gdcd": "Giáo dục công dân", "giao_duc_cong_dan": "Giáo dục công dân",
    "tin_hoc": "Tin học", "cong_nghe": "Công nghệ", "gdktpl": "Giáo dục kinh tế và pháp luật",
    "khtn": "Khoa học tự nhiên", "khxh": "Khoa học xã hội",
}  # fmt: skip


def parse_score(row: Row, line: int, sealer: Sealer) -> Document:
    number = _first(row, _NUMBER_COLUMNS).strip()
    if not (len(number) == DIGITS and is_digits(number)):
        raise BadRowError(f"số báo danh phải có {DIGITS} chữ số")
    name = _first(row, NAME_COLUMNS).strip()
    marks = {
        _SUBJECTS.get(key, key.replace("_", " ")): _mark(value)
        for key, value in row.items()
        if key not in _NO_SUBJECT and value.strip()
    }
    key = sealer.pepper.pseudonym("scores", number)
    proof = sealer.pepper.pseudonym("scores", number, fold(name)) if name else ""
    return {
        "id": key,
        "k": key,
        "line": line,
        "e": row.get("ky_thi", "").strip()[:80] or "Kỳ thi",
        "m": marks,
        "n": proof,
    }


def _mark(text: str) -> float:
    try:
        mark = float(text.strip().replace(",", "."))
    except ValueError:
        raise BadRowError("điểm phải là số") from None
    if not 0 <= mark <= 10:  # noqa: PLR2004 — the scale of marks.
        raise BadRowError("điểm phải từ 0 đến 10")
    return mark


def _first(row: Row, names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")
