"""What all models share: the kinds of text, and Zalo's limits (text 2,000, title 100, 5 buttons)."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from contracts.text import is_digits

MESSAGE = 2_000
TITLE = 100
BUTTONS = 5
PHONE_DIGITS = range(3, 12)  # 113 … 028 3891 0000


class ContentModel(BaseModel):
    """The base of all models of content: frozen, without unknown fields; errors do not show the input."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _https(url: str) -> str:
    host = url.removeprefix("https://").split("/")[0]
    if not url.startswith("https://") or "." not in host or any(char.isspace() or char in "<>\"'" for char in url):
        raise ValueError("địa chỉ phải bắt đầu bằng https:// và không có khoảng trắng")
    return url


def _phone(phone: str) -> str:
    digits = phone.replace(" ", "").replace(".", "")
    if not (is_digits(digits) and len(digits) in PHONE_DIGITS):
        raise ValueError("số điện thoại phải gồm 3 đến 11 chữ số (có thể cách bằng dấu cách hoặc dấu chấm)")
    return phone


Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
FormId = Annotated[str, StringConstraints(pattern=r"^[0-9A-ZĐ][A-Za-zĐđ0-9_./-]{1,29}$")]  # CT01, 01/2025/LLTP
WardCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]
OaId = Annotated[str, StringConstraints(pattern=r"^[0-9]{10,20}$")]
Short = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=TITLE)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=MESSAGE)]
Url = Annotated[str, StringConstraints(max_length=500), AfterValidator(_https)]
Phone = Annotated[str, StringConstraints(max_length=20), AfterValidator(_phone)]
