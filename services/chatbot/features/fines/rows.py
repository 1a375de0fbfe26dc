"""A row of an imported file of traffic fines into what is stored."""

from collections.abc import Callable

from chassis.mongo import Document
from services.chatbot.features.fines.effects import read_kind, read_plate, read_proof
from services.chatbot.lookups.identity import read_identity
from services.chatbot.lookups.import_columns import Column
from services.chatbot.lookups.import_rows import BadRowError, Row, RowFormat, Sealer

_CHASSIS, _IDENTITY = "so_khung", "can_cuoc"
_TOLD = ("thoi_gian", "dia_diem", "hanh_vi", "don_vi", "dien_thoai")


def parse_fine(row: Row, sealer: Sealer) -> Document:
    plate = read_plate(row.code("bien_so"))
    if plate is None:
        raise BadRowError("biển số không đúng dạng")
    kind = read_kind(row.cell("loai_xe"))
    if kind is None:
        raise BadRowError("loại xe phải là ô tô, xe máy hoặc xe máy điện")
    proofs = _proofs(row)
    fields = [row.cell(name) for name in _TOLD]
    if not fields[2]:
        raise BadRowError("thiếu hành vi vi phạm")
    key = sealer.pepper.pseudonym("fines", plate, kind)
    keys = [sealer.pepper.pseudonym("fines", plate, kind, proof) for proof in proofs]
    row_id = f"{key}{row.line}"
    return {"id": row_id, "k": key, "line": row.line, "p": keys, "s": sealer.seal("fines", row_id, fields)}


def _proofs(row: Row) -> list[str]:
    """What the chat will read from the same numbers. Of two numbers one may be unusable: that is reported, the other proves."""
    proofs: list[str] = []
    faults: list[str] = []
    for column, read in ((_CHASSIS, read_proof), (_IDENTITY, _identity_proof)):
        try:
            proofs += _proof(row, column, read)
        except BadRowError as error:
            faults.append(str(error))
    if not proofs:
        raise BadRowError("; ".join(faults) or "cần số khung hoặc căn cước của chủ xe để người tra chứng minh được")
    for fault in faults:
        row.drop(fault)
    return proofs


def _proof(row: Row, column: str, read: Callable[[str], str | None]) -> list[str]:
    text = row.code(column)
    if not text:
        return []
    proof = read(text)
    if proof is None:
        raise BadRowError(f"ô {column} không phải số mà người tra gõ lại được")
    return [proof]


def _identity_proof(text: str) -> str | None:
    identity = read_identity(text)
    return read_proof(identity) if identity else None


_OWNERSHIP = "số khung hoặc căn cước của chủ xe"
FINE_ROWS = RowFormat(
    (
        Column("bien_so", "Biển số", ("Biển kiểm soát", "BKS", "Biển số xe"), "biển số"),
        Column("loai_xe", "Loại xe", ("Loại phương tiện", "Phương tiện"), "loại xe"),
        Column(_CHASSIS, "Số khung", (), _OWNERSHIP),
        Column(_IDENTITY, "Căn cước", ("CCCD", "Số căn cước", "Số CCCD", "Căn cước công dân", "CMND/CCCD"), _OWNERSHIP),
        Column("thoi_gian", "Thời gian", ("Thời gian vi phạm",)),
        Column("dia_diem", "Địa điểm", ("Địa điểm vi phạm", "Nơi vi phạm")),
        Column("hanh_vi", "Hành vi", ("Hành vi vi phạm", "Lỗi vi phạm"), "hành vi vi phạm"),
        Column("don_vi", "Đơn vị", ("Đơn vị phát hiện", "Đơn vị xử lý", "Nơi giải quyết")),
        Column("dien_thoai", "Điện thoại", ("Số điện thoại", "Điện thoại liên hệ")),
    ),
    parse_fine,
)
