"""Message templates: what the platform approved, their parameters and limits, and what each send is checked against."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from sandbox.errors import ZaloError
from sandbox.people import Json, Message

MAXIMA = {
    "name": 30, "phone": 15, "address": 200, "code": 30, "label": 30, "status": 30, "contact": 50, "title": 5,
    "product": 200, "amount": 20, "time": 20, "otp": 10, "url": 200, "currency": 12, "bank_note": 90,
}  # fmt: skip
FORMATS = {"amount": re.compile(r"[0-9.,]+"), "otp": re.compile(r"[0-9A-Za-z]+"), "phone": re.compile(r"[+0-9 ]+")}
OTP, RATING = 2, 5
PROMOTION = 3
MAX_DATA = 4_000
Status = Literal["ENABLE", "PENDING_REVIEW", "DISABLE", "REJECT", "DELETE"]
STATUS_NUMBER: dict[Status, int] = {"ENABLE": 1, "PENDING_REVIEW": 2, "REJECT": 3, "DISABLE": 4, "DELETE": 5}


class Param(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    name: str = Field(min_length=1, max_length=50)
    type: Literal[
        "name", "phone", "address", "code", "label", "status", "contact", "title", "product", "amount", "time", "otp", "url",
        "currency", "bank_note",
    ]  # fmt: skip
    required: bool = True


class Template(BaseModel):
    """One template; `oa_id` empty: every OA of the app may use it."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    template_id: str = Field(pattern=r"^[0-9]{1,19}$")
    oa_id: str = ""
    name: str = Field(min_length=1, max_length=100)
    type: int = Field(1, ge=1, le=5)
    tag: int = Field(1, ge=1, le=3)
    text: str = Field("", max_length=2_000)
    params: tuple[Param, ...] = Field((), max_length=30)
    buttons: tuple[Json, ...] = ()
    status: Status = "ENABLE"
    quality: Literal["HIGH", "MEDIUM", "LOW", "UNDEFINED"] = "HIGH"
    by_uid: bool = True
    daytime_only: bool = False
    daily_quota: int = Field(1_000_000, ge=0)
    price_sdt: int = 800
    price_uid: int = 560

    def filled(self, data: Json) -> str:
        """The words with the parameters in their places."""
        return re.sub(r"<(\w+)>", lambda match: str(data.get(match[1], "")), self.text)


_templates = TypeAdapter(list[Template])


def load(path: Path) -> dict[str, Template]:
    """Raise what yaml and pydantic raise. A file that is not there means: no templates yet."""
    if not path.exists():
        return {}
    return {each.template_id: each for each in _templates.validate_python(yaml.safe_load(path.read_text("utf-8")))}


@dataclass(slots=True)
class Sent:
    """What /message/status and the ratings know of one message."""

    message: Message
    tracking_id: str
    template_id: str


@dataclass(slots=True)
class Templates:
    by_id: dict[str, Template] = field(default_factory=dict)

    def of(self, oa_id: str) -> list[Template]:
        return [each for each in self.by_id.values() if each.oa_id in ("", oa_id) and each.status != "DELETE"]

    def usable(self, template_id: Any, oa_id: str, *, trial: bool = False) -> Template:
        """Raise ZaloError -109, -117, -131 or -146. A `trial` may use one that is still pending."""
        template = self.by_id.get(template_id) if isinstance(template_id, str) else None
        if template is None or template.status == "DELETE":
            raise ZaloError(-109, family="zns")
        if template.oa_id not in ("", oa_id):
            raise ZaloError(-117, family="zns")
        if template.status == "DISABLE":
            raise ZaloError(-146, family="zns")
        if template.status == "REJECT" or (template.status == "PENDING_REVIEW" and not trial):
            raise ZaloError(-131, family="zns")
        return template


def check(template: Template, data: Any) -> Json:
    """Check template_data. Raise ZaloError -111, -112, -1121, -1122, -1124, -130 or -132, naming the parameter."""
    if not isinstance(data, dict):
        raise ZaloError(-111, family="zns")
    if sum(len(value) for value in data.values() if isinstance(value, str)) > MAX_DATA:
        raise ZaloError(-130, family="zns")
    if not data and template.params:
        raise ZaloError(-111, family="zns")
    for param in template.params:
        _check(param, data.get(param.name))
    strange = set(data) - {param.name for param in template.params}
    if strange:
        raise ZaloError(-132, "template_data has a member that the template does not", family="zns")
    return data


def _check(param: Param, value: Any) -> None:
    if value is None or value == "":
        if param.required:
            raise ZaloError(-1122, param.name, family="zns")
        return
    if not isinstance(value, str):
        raise ZaloError(-112, param.name, family="zns")
    if len(value) > MAXIMA[param.type]:
        raise ZaloError(-1121, param.name, family="zns")
    pattern = FORMATS.get(param.type)
    if pattern is not None and not pattern.fullmatch(value):
        raise ZaloError(-1124, param.name, family="zns")
