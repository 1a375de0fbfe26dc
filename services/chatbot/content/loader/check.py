"""Checks a draft as a whole: every reference exists, nothing is defined twice, every button does something."""

from collections.abc import Callable, Container, Iterable
from typing import Any

from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.content.loader.check_menus import check_menus
from services.chatbot.content.loader.errors import Faults
from services.chatbot.content.loader.load import Draft
from services.chatbot.content.loader.reader import Written
from services.chatbot.content.loader.snapshot import Snapshot
from services.chatbot.content.models.training import OUT_OF_SCOPE
from services.chatbot.content.texts import fault_in

ALL = "*"
MIN_INTENTS = 3  # Two keys to tell apart, and what is neither.
_MAGIC = {".docx": b"PK\x03\x04", ".pdf": b"%PDF-"}


def check(draft: Draft, snapshot: Snapshot, faults: Faults) -> None:
    """Adds every broken reference and every duplicate to `faults`."""
    _check_duplicates(draft, faults)
    _check_procedures(draft, faults)
    _check_forms(draft, snapshot, faults)
    _check_places(draft, faults)
    _check_packs(draft, faults)
    _check_intents(snapshot, faults)
    check_menus(draft, faults)


def _check_duplicates(draft: Draft, faults: Faults) -> None:
    _check_unique(draft.procedures, lambda procedure: procedure.key, faults)
    _check_unique(draft.knowledge, lambda knowledge: knowledge.key, faults)
    _check_unique(draft.forms, lambda form: form.id, faults)
    _check_unique(draft.templates, lambda template: template.form, faults)
    _check_unique(draft.oas, lambda oa: oa.oa_id, faults)
    _check_unique(draft.provinces, lambda province: province.code, faults)
    _check_unique(draft.wards, lambda ward: ward.code, faults)
    _check_unique(draft.offices, lambda office: office.id, faults)
    _check_unique(draft.cameras, lambda camera: camera.id, faults)
    _check_unique(draft.services, lambda service: service.id, faults)
    _check_unique(draft.topics, lambda topic: topic.id, faults)
    _check_unique(draft.catalogue, lambda entry: entry.code, faults)
    _check_unique(draft.fines, lambda fine: f"{fine.point} {fine.vehicle} {fine.offence}", faults)
    _check_unique(
        [*draft.procedures, *draft.knowledge], lambda subject: subject.short.casefold(), faults
    )  # Buttons must differ.


def _check_unique(items: Iterable[Written[Any]], key: Callable[[Any], str], faults: Faults) -> None:
    first: dict[str, Written[Any]] = {}
    for item in items:
        earlier = first.setdefault(key(item.value), item)
        if earlier is not item:
            faults.add(item.file, item.line, f"«{key(item.value)[:80]}» đã có ở {earlier.file}:{earlier.line}")


def check_references(
    item: Written[Any], field: str, references: Iterable[str], existing: Container[str], faults: Faults, *, what: str
) -> None:
    """Adds a fault for each of the references under `field` that does not exist."""
    for index, name in enumerate(references):
        if name not in existing:
            faults.add(item.file, item.line_of(field, index), f"mục «{field}»: không có {what} «{name[:80]}»")


def _check_procedures(draft: Draft, faults: Faults) -> None:
    procedures = {procedure.value.key for procedure in draft.procedures}
    forms = {form.value.id for form in draft.forms}
    for procedure in draft.procedures:
        check_references(procedure, "related", procedure.value.related, procedures, faults, what="thủ tục")
        check_references(procedure, "forms", procedure.value.forms, forms, faults, what="biểu mẫu")
        for index, paper in enumerate(procedure.value.papers):
            if paper.form is not None and paper.form not in forms:
                faults.add(
                    procedure.file,
                    procedure.line_of("papers", index),
                    f"mục «papers»: không có biểu mẫu «{paper.form}»",
                )


def _check_forms(draft: Draft, snapshot: Snapshot, faults: Faults) -> None:
    procedures = {procedure.value.key for procedure in draft.procedures}
    templates = {template.value.form for template in draft.templates}
    files = set()
    for item in draft.forms:
        form, path = item.value, f"forms/{item.value.file}"
        files.add(path)
        check_references(item, "procedures", form.procedures, procedures, faults, what="thủ tục")
        body = snapshot.files.get(path)
        if body is None:
            faults.add(item.file, item.line_of("file"), f"không có tệp {path}; chạy «loa content forms» để tạo lại")
        elif not body.startswith(_MAGIC[form.file[form.file.rindex(".") :]]):
            faults.add(item.file, item.line_of("file"), f"tệp {path} không đúng loại như đuôi tên của nó")
        if not form.official and form.id not in templates:
            faults.add(item.file, item.line, f"biểu mẫu «{form.id}» không có khuôn trong forms/templates")
    for template in draft.templates:
        if template.value.form not in {other_form.value.id for other_form in draft.forms}:
            faults.add(
                template.file, template.line_of("form"), f"không có biểu mẫu «{template.value.form}» trong forms.yaml"
            )
    for stray in sorted({name for name in snapshot.files if name.startswith("forms/files/")} - files):
        faults.add(stray, 1, "không biểu mẫu nào trong forms.yaml dùng tệp này")


def _check_places(draft: Draft, faults: Faults) -> None:
    provinces = {province.value.code for province in draft.provinces}
    wards = {ward.value.code for ward in draft.wards}
    oas = {oa.value.oa_id for oa in draft.oas}
    offices = {office.value.id for office in draft.offices}
    procedures = {procedure.value.key for procedure in draft.procedures}
    topics = {topic.value.id for topic in draft.topics}
    for ward in draft.wards:
        check_references(ward, "province", [ward.value.province], provinces, faults, what="tỉnh, thành phố")
    for old in draft.old_wards:
        check_references(old, "code", [old.value.code], wards, faults, what="phường, xã")
    for camera in draft.cameras:
        check_references(camera, "ward", [camera.value.ward], wards, faults, what="phường, xã")
    for office in draft.offices:
        check_references(office, "wards", office.value.wards, wards, faults, what="phường, xã")
        check_references(office, "oa_id", [office.value.oa_id] if office.value.oa_id else [], oas, faults, what="OA")
    for service in draft.services:
        check_references(service, "offices", service.value.offices, offices, faults, what="đơn vị")
        check_references(service, "procedures", service.value.procedures, procedures, faults, what="thủ tục")
    for article in draft.articles:
        check_references(article, "topic", [article.value.topic], topics, faults, what="chủ đề")


def _check_packs(draft: Draft, faults: Faults) -> None:
    existing = {
        "procedures": {procedure.value.key for procedure in draft.procedures} | {ALL},
        "knowledge": {knowledge.value.key for knowledge in draft.knowledge},
        "services": {service.value.id for service in draft.services} | {ALL},
        "topics": {topic.value.id for topic in draft.topics},
        "flows": set(FLOW_TITLES),
    }
    menus = {menu.value.kind for menu in draft.menus}
    for item in draft.packs:
        pack = item.value
        for field, names in existing.items():
            check_references(item, field, getattr(pack, field), names, faults, what="mục")
        check_references(item, "menu", [pack.menu], menus, faults, what="bộ trình đơn")
        for key, text in pack.texts.items():
            if reason := fault_in(key, text):
                faults.add(item.file, item.line_of("texts", key), reason)
    packs = {other_pack.value.id: other_pack.value for other_pack in draft.packs}
    for oa in draft.oas:
        check_references(oa, "pack", [oa.value.pack], packs, faults, what="gói nội dung")
        named = packs.get(oa.value.pack)
        if named and oa.value.kind not in named.kinds:
            faults.add(oa.file, oa.line_of("kind"), f"gói «{named.id}» không dành cho loại OA «{oa.value.kind}»")


def _check_intents(snapshot: Snapshot, faults: Faults) -> None:
    files = list(snapshot.under("utterances", ".yaml"))
    if f"utterances/{OUT_OF_SCOPE}.yaml" not in files or len(files) < MIN_INTENTS:
        faults.add("utterances", 1, f"cần tệp {OUT_OF_SCOPE}.yaml (câu ngoài phạm vi) và ít nhất hai khoá khác")
