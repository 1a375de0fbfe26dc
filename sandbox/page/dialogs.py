"""The actions that ask something first: a call, one's details, taking back consent, and what a phone would open."""

from collections.abc import Callable, Mapping
from functools import partial

from nicegui import ui

from sandbox.page import notice
from sandbox.page.actions import Actions
from sandbox.page.forms import Field, confirm, form, sheet
from sandbox.page.html import el, press, words
from sandbox.page.links import safe
from sandbox.page.listings import local_phone
from sandbox.people import Citizen, Json

CALL = (
    Field("call_type", "Loại cuộc gọi", choices=(("AUDIO", "Gọi thoại"), ("VIDEO", "Gọi video"))),
    Field(
        "seconds",
        "Kết quả",
        choices=(
            ("60", "Nói chuyện 1 phút"),
            ("300", "Nói chuyện 5 phút"),
            ("5", "Nói chuyện 5 giây"),
            ("0", "Không có người nghe"),
        ),
    ),
)
LONGEST_CALL = 14_400


def call(actions: Actions, oa_name: str) -> None:
    async def submit(fields: Mapping[str, str]) -> None:
        seconds = int(fields["seconds"]) if fields["seconds"].isascii() and fields["seconds"].isdigit() else 0
        await actions.call("VIDEO" if fields["call_type"] == "VIDEO" else "AUDIO", min(seconds, LONGEST_CALL))

    form(f"Gọi {oa_name}", CALL, submit, about="OA được báo khi cuộc gọi kết thúc.", send="Gọi")


def share_info(actions: Actions, citizen: Citizen) -> None:
    """The small form behind an OA's request for details."""
    fields = (
        Field("name", "Họ và tên", value=citizen.name),
        Field("phone", "Số điện thoại", "tel", longest=20, value=local_phone(citizen), hint="0900000000"),
        Field("user_dob", "Ngày sinh", "date", required=False, longest=10),
        Field("gender", "Giới tính", required=False, choices=(("", "Không nêu"), ("male", "Nam"), ("female", "Nữ"))),
        Field("user_city", "Tỉnh, thành phố", required=False),
        Field("user_ward", "Phường, xã", required=False),
        Field("user_address", "Số nhà, tên đường", required=False, longest=200),
    )

    async def submit(answers: Mapping[str, str]) -> None:
        await actions.submit_info(info(answers))

    form("Cung cấp thông tin cho OA", fields, submit, about="OA sẽ thấy những gì bạn điền ở đây.")


def info(fields: Mapping[str, str]) -> Json:
    """The shape of user_submit_info: the date as dd/mm/yyyy, the address in three parts."""
    address = {name: fields[name] for name in ("user_city", "user_ward", "user_address")}
    day = "/".join(reversed(fields["user_dob"].split("-")))
    return {**{name: fields[name] for name in ("name", "phone", "gender")}, "user_dob": day, "full_address": address}


def withdraw(actions: Actions, oa_name: str) -> None:
    about = (
        f"{oa_name} được yêu cầu xoá dữ liệu của bạn. Cuộc trò chuyện ở đây bị xoá và bạn không còn quan tâm OA này."
    )
    confirm("Rút lại sự đồng ý?", about, "Rút lại", actions.withdraw)


def opened(opens: Json) -> None:
    """Show what the phone would do with a button that opens something."""
    kind, phone = opens.get("type"), str(opens.get("phone_code") or "")
    if kind == "oa.open.phone":
        with sheet("Gọi điện thoại", "Điện thoại của bạn sẽ mở màn hình gọi số này."):
            words("p", phone, "big")
    elif kind == "oa.open.sms":
        with sheet("Soạn tin nhắn SMS", f"Điện thoại của bạn sẽ mở tin nhắn gửi tới {phone}."):
            words("p", str(opens.get("content") or ""), "sms")
    elif not safe(opens.get("url")):
        notice.bad(ui.context.client, "Liên kết của nút này không mở được.")


def profile(name: str, kind: str, description: str, oa_id: str) -> None:
    """Who this OA is."""
    with sheet(name, kind):
        words("p", description)
        words("p", f"Mã OA: {oa_id}", "quiet")


def consent(answer: Callable[[str], object]) -> None:
    """The two buttons under an OA's request to be allowed to call."""
    with el("div", "consent", role="group", aria_label="Yêu cầu được gọi điện"):
        words("p", "OA xin phép được gọi điện cho bạn.")
        press("Đồng ý", partial(answer, "ALLOW"), "main")
        press("Từ chối", partial(answer, "REFUSE"), "plain")
