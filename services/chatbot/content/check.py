"""The draft against itself: every reference leads somewhere, nothing is there twice, every button does something."""

from collections.abc import Callable, Container, Iterable
from typing import Any

from services.chatbot.content.check_menus import check_menus
from services.chatbot.content.draft import Written
from services.chatbot.content.errors import Faults
from services.chatbot.content.flows import FLOWS
from services.chatbot.content.load import Draft
from services.chatbot.content.snapshot import Snapshot
from services.chatbot.content.texts import fault_in

ALL = "*"
_MAGIC = {".docx": b"PK\x03\x04", ".pdf": b"%PDF-"}


def check(draft: Draft, snapshot: Snapshot, faults: Faults) -> None:
    """Add every broken reference and every double to `faults`."""
    _doubles(draft, faults)
    _procedures(draft, faults)
    _forms(draft, snapshot, faults)
    _places(draft, faults)
    _packs(draft, faults)
    check_menus(draft, faults)


def _doubles(draft: Draft, faults: Faults) -> None:
    _once(draft.procedures, lambda one: one.key, faults)
    _once(draft.knowledge, lambda one: one.key, faults)
    _once(draft.forms, lambda one: one.id, faults)
    _once(draft.templates, lambda one: one.form, faults)
    _once(draft.oas, lambda one: one.oa_id, faults)
    _once(draft.provinces, lambda one: one.code, faults)
    _once(draft.wards, lambda one: one.code, faults)
    _once(draft.offices, lambda one: one.id, faults)
    _once(draft.cameras, lambda one: one.id, faults)
    _once(draft.services, lambda one: one.id, faults)
    _once(draft.topics, lambda one: one.id, faults)
    _once(draft.fines, lambda one: f"{one.point} {one.vehicle} {one.offence}", faults)
    _once([*draft.procedures, *draft.knowledge], lambda one: one.short.casefold(), faults)  # Buttons must differ.


def _once(written: Iterable[Written[Any]], key: Callable[[Any], str], faults: Faults) -> None:
    first: dict[str, Written[Any]] = {}
    for one in written:
        same = first.setdefault(key(one.value), one)
        if same is not one:
            faults.add(one.file, one.line, f"«{key(one.value)[:80]}» đã có ở {same.file}:{same.line}")


def known(
    one: Written[Any], field: str, wanted: Iterable[str], there: Container[str], faults: Faults, *, what: str
) -> None:
    """Fault each of `wanted`, the list under `field`, that is not `there`."""
    for nth, name in enumerate(wanted):
        if name not in there:
            faults.add(one.file, one.line_of(field, nth), f"mục «{field}»: không có {what} «{name[:80]}»")


def _procedures(draft: Draft, faults: Faults) -> None:
    procedures = {one.value.key for one in draft.procedures}
    forms = {one.value.id for one in draft.forms}
    for one in draft.procedures:
        known(one, "related", one.value.related, procedures, faults, what="thủ tục")
        known(one, "forms", one.value.forms, forms, faults, what="biểu mẫu")
        for nth, paper in enumerate(one.value.papers):
            if paper.form is not None and paper.form not in forms:
                faults.add(one.file, one.line_of("papers", nth), f"mục «papers»: không có biểu mẫu «{paper.form}»")


def _forms(draft: Draft, snapshot: Snapshot, faults: Faults) -> None:
    procedures = {one.value.key for one in draft.procedures}
    templates = {one.value.form for one in draft.templates}
    files = set()
    for one in draft.forms:
        form, path = one.value, f"forms/{one.value.file}"
        files.add(path)
        known(one, "procedures", form.procedures, procedures, faults, what="thủ tục")
        body = snapshot.files.get(path)
        if body is None:
            faults.add(one.file, one.line_of("file"), f"không có tệp {path}; chạy «loa content forms» để tạo lại")
        elif not body.startswith(_MAGIC[form.file[form.file.rindex(".") :]]):
            faults.add(one.file, one.line_of("file"), f"tệp {path} không đúng loại như đuôi tên của nó")
        if not form.official and form.id not in templates:
            faults.add(one.file, one.line, f"biểu mẫu «{form.id}» không có khuôn trong forms/templates")
    for template in draft.templates:
        if template.value.form not in {one.value.id for one in draft.forms}:
            faults.add(
                template.file, template.line_of("form"), f"không có biểu mẫu «{template.value.form}» trong forms.yaml"
            )
    for stray in sorted({name for name in snapshot.files if name.startswith("forms/files/")} - files):
        faults.add(stray, 1, "không biểu mẫu nào trong forms.yaml dùng tệp này")


def _places(draft: Draft, faults: Faults) -> None:
    provinces = {one.value.code for one in draft.provinces}
    wards = {one.value.code for one in draft.wards}
    oas = {one.value.oa_id for one in draft.oas}
    offices = {one.value.id for one in draft.offices}
    procedures = {one.value.key for one in draft.procedures}
    topics = {one.value.id for one in draft.topics}
    for ward in draft.wards:
        known(ward, "province", [ward.value.province], provinces, faults, what="tỉnh, thành phố")
    for old in draft.old_wards:
        known(old, "code", [old.value.code], wards, faults, what="phường, xã")
    for camera in draft.cameras:
        known(camera, "ward", [camera.value.ward], wards, faults, what="phường, xã")
    for office in draft.offices:
        known(office, "wards", office.value.wards, wards, faults, what="phường, xã")
        known(office, "oa_id", [office.value.oa_id] if office.value.oa_id else [], oas, faults, what="OA")
    for service in draft.services:
        known(service, "offices", service.value.offices, offices, faults, what="đơn vị")
        known(service, "procedures", service.value.procedures, procedures, faults, what="thủ tục")
    for article in draft.articles:
        known(article, "topic", [article.value.topic], topics, faults, what="chủ đề")


def _packs(draft: Draft, faults: Faults) -> None:
    there = {
        "procedures": {one.value.key for one in draft.procedures} | {ALL},
        "knowledge": {one.value.key for one in draft.knowledge},
        "services": {one.value.id for one in draft.services} | {ALL},
        "topics": {one.value.id for one in draft.topics},
        "flows": set(FLOWS),
    }
    menus = {one.value.kind for one in draft.menus}
    for one in draft.packs:
        pack = one.value
        for field, names in there.items():
            known(one, field, getattr(pack, field), names, faults, what="mục")
        known(one, "menu", [pack.menu], menus, faults, what="bộ trình đơn")
        for key, text in pack.texts.items():
            if reason := fault_in(key, text):
                faults.add(one.file, one.line_of("texts", key), reason)
    packs = {one.value.id: one.value for one in draft.packs}
    for oa in draft.oas:
        known(oa, "pack", [oa.value.pack], packs, faults, what="gói nội dung")
        named = packs.get(oa.value.pack)
        if named and oa.value.kind not in named.kinds:
            faults.add(oa.file, oa.line_of("kind"), f"gói «{named.id}» không dành cho loại OA «{oa.value.kind}»")
