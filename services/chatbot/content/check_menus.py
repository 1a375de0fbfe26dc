"""Menus: every button leads somewhere that the packs using the menu really offer, and every menu can be reached."""

from services.chatbot.content.draft import Written
from services.chatbot.content.errors import Faults
from services.chatbot.content.flows import FLOWS
from services.chatbot.content.load import Draft
from services.chatbot.content.models.base import Phone, Shape, Url
from services.chatbot.content.models.pack import Button, Menus, Pack

ROOT = "goc"


class _Link(Shape):
    url: Url


class _Call(Shape):
    phone: Phone


def check_menus(draft: Draft, faults: Faults) -> None:
    there = {
        "procedure": {one.value.key for one in draft.procedures},
        "knowledge": {one.value.key for one in draft.knowledge},
        "topic": {one.value.id for one in draft.topics},
        "flow": set(FLOWS),
    }
    for one in draft.menus:
        packs = [pack.value for pack in draft.packs if pack.value.menu == one.value.kind]
        _one_kind(one, packs, there, faults)


def _one_kind(one: Written[Menus], packs: list[Pack], there: dict[str, set[str]], faults: Faults) -> None:
    menus = one.value.menus
    if ROOT not in menus:
        faults.add(one.file, one.line_of("menus"), f"thiếu trình đơn «{ROOT}», trình đơn đầu tiên")
    reached = {ROOT}
    for name, menu in menus.items():
        titles: set[str] = set()
        for nth, button in enumerate(menu.buttons):
            line = one.line_of("menus", name, "buttons", nth)
            reason = _reason(button, set(menus), there) or _not_offered(button, packs)
            if reason:
                faults.add(one.file, line, reason)
            if button.title in titles:
                faults.add(one.file, line, f"hai nút trùng tên «{button.title}»")
            titles.add(button.title)
            if button.verb == "menu":
                reached.add(button.target)
    for name in sorted(set(menus) - reached):
        faults.add(one.file, one.line_of("menus", name), f"không nút nào dẫn tới trình đơn «{name}»")


def _reason(button: Button, menus: set[str], there: dict[str, set[str]]) -> str | None:
    """Why the button leads nowhere, in Vietnamese; None when it does lead somewhere."""
    if button.verb == "menu":
        found = button.target in menus
    elif button.verb in there:
        found = button.target in there[button.verb]
    else:
        try:
            _Link(url=button.target) if button.verb == "url" else _Call(phone=button.target)
        except ValueError:
            return f"nút «{button.title}»: «{button.to[:80]}» không phải địa chỉ https hay số điện thoại"
        return None
    return None if found else f"nút «{button.title}» dẫn tới «{button.to[:80]}», mà không có"


def _not_offered(button: Button, packs: list[Pack]) -> str | None:
    """A pack that shows this menu must have what the button leads to."""
    for pack in packs:
        lists = {"procedure": pack.procedures, "flow": pack.flows, "knowledge": pack.knowledge, "topic": pack.topics}
        offered = lists.get(button.verb)
        if offered is not None and "*" not in offered and button.target not in offered:
            return f"nút «{button.title}»: gói «{pack.id}» dùng trình đơn này nhưng không có «{button.target[:80]}»"
    return None
