"""Everything that can be sent beside text: files, stickers, a place, a link, a business card."""

from collections.abc import Callable, Mapping
from functools import partial

from sandbox.page.actions import Actions
from sandbox.page.forms import Field, form, sheet
from sandbox.page.html import el, icon, press, words
from sandbox.page.stickers import FACES
from sandbox.page.uploads import CHOICES, chooser

PLACES = {
    "tru_so": ("Trụ sở Công an Quận 12 (mẫu)", "10.86727", "106.65412"),
    "cho": ("Chợ, ngã tư đông người (mẫu)", "10.85012", "106.62731"),
    "ho": ("Hồ Hoàn Kiếm, Hà Nội", "21.02880", "105.85245"),
    "cau": ("Cầu Rồng, Đà Nẵng", "16.06111", "108.22778"),
}
OWN = "khac"
LOCATION = (
    Field(
        "place",
        "Dùng vị trí mẫu",
        choices=(*((key, name) for key, (name, _, _) in PLACES.items()), (OWN, "Nhập toạ độ bên dưới")),
        value="tru_so",
    ),
    Field(
        "latitude", "Vĩ độ", "number", required=False, longest=20, step="any", least="-90", most="90", hint="10.86727"
    ),
    Field(
        "longitude",
        "Kinh độ",
        "number",
        required=False,
        longest=20,
        step="any",
        least="-180",
        most="180",
        hint="106.65412",
    ),
)
LINK = (
    Field("url", "Địa chỉ", "url", longest=2_000, hint="https://"),
    Field("description", "Mô tả", required=False, longest=500),
)
CARD = (Field("phone", "Số điện thoại trên danh thiếp", "tel", longest=20, hint="0900000000"),)


class AttachMenu:
    """Drawn into the composer when it is first opened; `close` puts it away again."""

    def __init__(self, actions: Actions, base_url: str, close: Callable[[], None]) -> None:
        self._actions, self._base_url, self._close = actions, base_url, close

    def draw(self) -> None:
        with el("div", "kinds", role="group", aria_label="Nội dung có thể gửi"):
            for choice in CHOICES:
                with el("button", "kind", type="button") as button:
                    icon(choice.image)
                    words("span", choice.label)
                button.on("click", js_handler=chooser(self._actions, choice))
            press("Nhãn dán", self._stickers, "kind", image="emoji_emotions")
            press("Vị trí", self._location, "kind", image="place")
            press("Liên kết", self._link, "kind", image="link")
            press("Danh thiếp", self._card, "kind", image="contact_phone")

    def _stickers(self) -> None:
        self._close()
        with sheet("Chọn nhãn dán") as dialog, el("div", "stickers"):
            for key, (name, _) in FACES.items():

                async def chosen(key: str = key) -> None:
                    dialog.close()
                    await self._actions.send({"kind": "sticker", "sticker_id": key, "url": self._url(key)})

                with el("button", "sticker-choice", type="button", aria_label=name, title=name) as button:
                    el("img", src=self._url(key), alt="", width="72", height="72")
                button.on("click", partial(chosen, key), args=[])

    def _url(self, key: str) -> str:
        return f"{self._base_url}/stickers/{key}.png"

    def _location(self) -> None:
        self._close()
        form("Gửi vị trí", LOCATION, self._send_location, about="Chọn một vị trí mẫu, hoặc nhập hai toạ độ.")

    async def _send_location(self, fields: Mapping[str, str]) -> None:
        latitude, longitude = fields["latitude"], fields["longitude"]
        if not (latitude and longitude) and fields["place"] in PLACES:
            _, latitude, longitude = PLACES[fields["place"]]
        await self._actions.send({"kind": "location", "latitude": latitude or None, "longitude": longitude or None})

    def _link(self) -> None:
        self._close()
        form("Gửi liên kết", LINK, lambda fields: self._actions.send({"kind": "link", **fields}))

    def _card(self) -> None:
        self._close()
        form("Gửi danh thiếp", CARD, lambda fields: self._actions.send({"kind": "business_card", **fields}))
