"""A row of an imported file into what is stored. A bad row is told by line and reason; neither quotes what stood in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from chassis.crypto import KeyRing, Pepper
from chassis.mongo import Document
from services.chatbot.dialogue.turn import plain
from services.chatbot.features.fines.effects import PROOF_DIGITS, read_plate
from services.chatbot.features.scores.effects import DIGITS

LONGEST_CELL = 1_000
OWNER = "imported"
_NUMBER = ("so_bao_danh", "sbd", "sobaodanh")
_NAME = ("ho_ten", "ho_va_ten", "hoten")
_NO_SUBJECT = frozenset((*_NUMBER, *_NAME, "ky_thi", "nam", "ngay_sinh", "ma_ngoai_ngu", "stt", "id"))
_SUBJECTS = {
    "toan": "Toán", "ngu_van": "Ngữ văn", "van": "Ngữ văn", "ngoai_ngu": "Ngoại ngữ", "tieng_anh": "Tiếng Anh",
    "vat_li": "Vật lí", "vat_ly": "Vật lí", "hoa_hoc": "Hoá học", "sinh_hoc": "Sinh học", "lich_su": "Lịch sử",
    "dia_li": "Địa lí", "dia_ly": "Địa lí", "gdcd": "Giáo dục công dân", "giao_duc_cong_dan": "Giáo dục công dân",
    "tin_hoc": "Tin học", "cong_nghe": "Công nghệ", "gdktpl": "Giáo dục kinh tế và pháp luật",
    "khtn": "Khoa học tự nhiên", "khxh": "Khoa học xã hội",
}  # fmt: skip

Row = Mapping[str, str]


class BadRowError(ValueError):
    """The row is at fault; the text says why, in Vietnamese, and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """What a row is kept under: pseudonyms to find it by, a key to seal the rest."""

    ring: KeyRing
    pepper: Pepper

    def seal(self, kind: str, fields: Any) -> str:
        return self.ring.seal(orjson.dumps(fields), OWNER, kind)


ParseRow = Callable[[Row, int, Sealer], Document]


def column(name: str) -> str:
    """`Số báo danh` and `so_bao_danh` are the same column."""
    return "_".join(plain(name.replace("_", " ")).split())[:64]


def has_names(columns: list[str]) -> bool:
    return any(name in _NAME for name in columns)


def parse_score(row: Row, line: int, sealer: Sealer) -> Document:
    number = _first(row, _NUMBER).strip()
    if not (len(number) == DIGITS and number.isascii() and number.isdigit()):
        raise BadRowError(f"số báo danh phải có {DIGITS} chữ số")
    name = _first(row, _NAME).strip()
    marks = {
        _SUBJECTS.get(key, key.replace("_", " ")): _mark(value)
        for key, value in row.items()
        if key not in _NO_SUBJECT and value.strip()
    }
    key = sealer.pepper.pseudonym("scores", number)
    proof = sealer.pepper.pseudonym("scores", number, plain(name)) if name else ""
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


def parse_fine(row: Row, line: int, sealer: Sealer) -> Document:
    plate = read_plate(row.get("bien_so", ""))
    if plate is None:
        raise BadRowError("biển số không đúng dạng")
    kind = {"o to": "oto", "oto": "oto", "xe may": "xe_may", "mo to": "xe_may", "xe may dien": "xe_dien"}.get(
        plain(row.get("loai_xe", ""))
    )
    if kind is None:
        raise BadRowError("loại xe phải là ô tô, xe máy hoặc xe máy điện")
    proofs = [
        value.strip().upper()[-PROOF_DIGITS:]
        for name in ("so_khung", "can_cuoc")
        if len(value := row.get(name, "")) >= PROOF_DIGITS
    ]
    if not proofs:
        raise BadRowError("cần số khung hoặc căn cước của chủ xe để người tra chứng minh được")
    fields = [cell(row, name) for name in ("thoi_gian", "dia_diem", "hanh_vi", "don_vi", "dien_thoai")]
    if not fields[2]:
        raise BadRowError("thiếu hành vi vi phạm")
    key = sealer.pepper.pseudonym("fines", plate, kind)
    keys = [sealer.pepper.pseudonym("fines", plate, kind, proof) for proof in proofs]
    return {"id": f"{key}{line}", "k": key, "line": line, "p": keys, "s": sealer.seal("fines", fields)}


def _first(row: Row, names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def cell(row: Row, name: str) -> str:
    value = " ".join(row.get(name, "").split())
    if len(value) > LONGEST_CELL:
        raise BadRowError(f"ô {name} dài quá {LONGEST_CELL} ký tự")
    return value
