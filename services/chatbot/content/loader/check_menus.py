"""Checks menus: every button leads to something that the packs with this menu offer, and every menu can be reached."""

from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.content.loader.errors import Faults
from services.chatbot.content.loader.load import Draft
from services.chatbot.content.loader.reader import Written
from services.chatbot.content.models.base import ContentModel, Phone, Url
from services.chatbot.content.models.pack import Button, Menus, Pack

ROOT = "goc"


class _Link(ContentModel):
    url: Url


class _Call(ContentModel):
    phone: Phone


def check_menus(draft: Draft, faults: Faults) -> None:
    """Adds a fault for every button that leads nowhere and every menu that cannot be reached."""
    existing = {
        "procedure": {procedure.value.key for procedure in draft.procedures},
        "knowledge": {knowledge.value.key for knowledge in draft.knowledge},
        "topic": {topic.value.id for topic in draft.topics},
        "flow": set(FLOW_TITLES),
    }
    for item in draft.menus:
        packs = [pack.value for pack in draft.packs if pack.value.menu == item.value.kind]
        _check_kind(item, packs, existing, faults)


def _check_kind(item: Written[Menus], packs: list[Pack], existing: dict[str, set[str]], faults: Faults) -> None:
    menus = item.value.menus
    if ROOT not in menus:
        faults.add(item.file, item.line_of("menus"), f"thiếu trình đơn «{ROOT}», trình đơn đầu tiên")
    reached = {ROOT}
    for name, menu in menus.items():
        titles: set[str] = set()
        for index, button in enumerate(menu.buttons):
            line = item.line_of("menus", name, "buttons", index)
            reason = _reason(button, set(menus), existing) or _not_offered(button, packs)
            if reason:
                faults.add(item.file, line, reason)
            if button.title in titles:
                faults.add(item.file, line, f"hai nút trùng tên «{button.title}»")
            titles.add(button.title)
            if button.verb == "menu":
                reached.add(button.target)
    for name in sorted(set(menus) - reached):
        faults.add(item.file, item.line_of("menus", name), f"không nút nào dẫn tới trình đơn «{name}»")


def _reason(button: Button, menus: set[str], existing: dict[str, set[str]]) -> str | None:
    """Returns why the button leads nowhere, in Vietnamese; None when it leads somewhere."""
    if button.verb == "menu":
        exists = button.target in menus
    elif button.verb in existing:
        exists = button.target in existing[button.verb]
    else:
        try:
            _Link(url=button.target) if button.verb == "url" else _Call(phone=button.target)
        except ValueError:
            return f"nút «{button.title}»: «{button.to[:80]}» không phải địa chỉ https hay số điện thoại"
        return None
    return None if exists else f"nút «{button.title}» dẫn tới «{button.to[:80]}», mà không có"


def _not_offered(button: Button, packs: list[Pack]) -> str | None:
    """Returns which pack shows this menu without offering the button's target, in Vietnamese; None when all offer it."""
    for pack in packs:
        lists = {"procedure": pack.procedures, "flow": pack.flows, "knowledge": pack.knowledge, "topic": pack.topics}
        offered = lists.get(button.verb)
        if offered is not None and "*" not in offered and button.target not in offered:
            return f"nút «{button.title}»: gói «{pack.id}» dùng trình đơn này nhưng không có «{button.target[:80]}»"
    return None
