"""A row of an imported file of traffic fines into what is stored."""

from chassis.mongo import Document
from contracts.text import fold
from services.chatbot.features.fines.effects import PROOF_DIGITS, read_plate
from services.chatbot.lookups.import_rows import BadRowError, Row, Sealer, cell


def parse_fine(row: Row, line: int, sealer: Sealer) -> Document:
    plate = read_plate(row.get("bien_so", ""))
    if plate is None:
        raise BadRowError("biển số không đúng dạng")
    kind = {"o to": "oto", "oto": "oto", "xe may": "xe_may", "mo to": "xe_may", "xe may dien": "xe_dien"}.get(
        fold(row.get("loai_xe", ""))
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
    row_id = f"{key}{line}"
    return {"id": row_id, "k": key, "line": line, "p": keys, "s": sealer.seal("fines", row_id, fields)}
