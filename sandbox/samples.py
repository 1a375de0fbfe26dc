"""The pieces that samples of events are built from: who it is about, and the shape of each family. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sandbox.people import Json


@dataclass(frozen=True, slots=True)
class Scene:
    """Whom the sample is about. Ids are text; times are milliseconds."""

    app_id: str
    oa_id: str
    user_id: str
    by_app: str
    phone: str
    msg_id: str
    number: str  # A fresh id for a group, an order, a call.
    now_ms: int
    media: str  # Where media links begin.

    @property
    def now(self) -> str:
        return str(self.now_ms)

    def later(self, ms: int) -> str:
        return str(self.now_ms + ms)


Sample = Callable[[Scene], Json]
DAY = 86_400_000
TEXT: Json = {"text": "Nội dung thử nghiệm"}


def pair(by_oa: bool, content: Sample) -> Sample:
    """One to one: the side that speaks is the sender."""

    def sample(scene: Scene) -> Json:
        user, oa = {"id": scene.user_id}, {"id": scene.oa_id}
        ends = {"sender": oa if by_oa else user, "recipient": user if by_oa else oa}
        return {**ends, "message": {"msg_id": scene.msg_id, **content(scene)}, "user_id_by_app": scene.by_app}

    return sample


def attachment(kind: str, payload: Callable[[Scene], Json]) -> Sample:
    return lambda scene: {"attachments": [{"type": kind, "payload": payload(scene)}]}


def url(scene: Scene, name: str) -> str:
    return f"{scene.media}/media/sample/{name}"


MESSAGE_SAMPLES: dict[str, Sample] = {
    "text": lambda _: TEXT,
    "image": attachment("image", lambda s: {"thumbnail": url(s, "a-small.jpg"), "url": url(s, "a.jpg")}),
    "gif": attachment("gif", lambda s: {"thumbnail": url(s, "a-small.gif"), "url": url(s, "a.gif")}),
    "link": attachment("link", lambda _: {"thumbnail": "", "description": "Liên kết", "url": "https://example.vn/"}),
    "audio": attachment("audio", lambda s: {"url": url(s, "a.amr")}),
    "video": attachment("video", lambda s: {"url": url(s, "a.mp4"), "thumbnail": url(s, "a.jpg"), "description": ""}),
    "sticker": attachment("sticker", lambda s: {"url": url(s, "s.png"), "id": "25012"}),
    "location": attachment("location", lambda _: {"coordinates": {"latitude": "10.8639", "longitude": "106.6543"}}),
    "business_card": attachment(
        "link",
        lambda s: {
            "thumbnail": "",
            "description": f'{{"phone":"{s.phone}","qrCodeUrl":""}}',
            "url": "https://zalo.me/u/",
        },
    ),
    "file": attachment(
        "file", lambda s: {"size": "4", "name": "a.pdf", "checksum": "0" * 32, "type": "pdf", "url": url(s, "a.pdf")}
    ),
    "list": attachment(
        "link", lambda _: {"title": "Một", "thumbnail": "", "description": "", "url": "https://example.vn/"}
    ),
    "template": attachment("template", lambda _: {"zinstant_id": "1", "text": "", "link_url": "", "checksum": "0"}),
}


def receipt(content: Sample) -> Sample:
    def sample(scene: Scene) -> Json:
        return {"sender": {"id": scene.oa_id}, "recipient": {"id": scene.user_id}, "message": content(scene)}

    return sample


def root(more: Sample) -> Sample:
    return lambda scene: {"oa_id": scene.oa_id, **more(scene)}


def people(scene: Scene) -> Json:
    return {"oa_id": scene.oa_id, "group_id": scene.number, "users": [{"id": scene.user_id}]}


def in_group(by_oa: bool, kind: str) -> Sample:
    def sample(scene: Scene) -> Json:
        sender = scene.oa_id if by_oa else scene.user_id
        message = {"msg_id": scene.msg_id, **MESSAGE_SAMPLES[kind](scene)}
        return {"oa_id": scene.oa_id, "sender": {"id": sender}, "recipient": {"id": scene.number}, "message": message}

    return sample


def anonymous(by_oa: bool, kind: str) -> Sample:
    def sample(scene: Scene) -> Json:
        stranger = replace(scene, user_id=scene.number)
        event = pair(by_oa, lambda s: {"conversation_id": s.number, **MESSAGE_SAMPLES[kind](s)})(stranger)
        return {key: value for key, value in event.items() if key != "user_id_by_app"}

    return sample


def follow(scene: Scene) -> Json:
    return {
        "oa_id": scene.oa_id,
        "follower": {"id": scene.user_id},
        "user_id_by_app": scene.by_app,
        "source": "oa_profile",
    }


def call(scene: Scene) -> Json:
    return {
        "oa_id": scene.oa_id, "user_id": scene.user_id, "phone": scene.phone, "call_id": scene.number, "call_type": "AUDIO",
        "init_time": scene.now, "call_duration": 60_000, "waiting_time": 5, "talk_time": 55_000, "status_code": 0,
    }  # fmt: skip


def consent(more: Json) -> Sample:
    return lambda s: {"oa_id": s.oa_id, "phone": s.phone, "expired_time": s.later(DAY), **more}


def tag(more: Sample) -> Sample:
    return lambda scene: {"oa_id": scene.oa_id, "tag": {"name": "thử", **more(scene)}}


def template(more: Json) -> Sample:
    return lambda scene: {"oa_id": scene.oa_id, "template_id": "700001", **more}


def data(more: Json) -> Sample:
    return lambda s: {"oa_id": s.oa_id, "data": {"user_id": s.user_id, "user_external_id": "ngoai-1", **more}}


def info(scene: Scene) -> Json:
    address = {"user_city": "Tỉnh thử", "user_ward": "Phường thử", "user_address": "1 Đường Thử"}
    info = {
        "name": "Người Thử",
        "phone": scene.phone,
        "user_dob": "01/01/1990",
        "gender": "male",
        "full_address": address,
    }
    return {
        "sender": {"id": scene.user_id},
        "recipient": {"id": scene.oa_id},
        "user_id_by_app": scene.by_app,
        "info": info,
    }


def feedback(scene: Scene) -> Json:
    message: Any = {
        "rating_type": "STAR", "option": "", "note": "", "rate": 5, "submit_time": scene.now, "msg_id": scene.msg_id,
        "feedbacks": ["Nhanh"], "tracking_id": "t-1",
    }  # fmt: skip
    return {"oa_id": scene.oa_id, "message": message}


def response(scene: Scene) -> Json:
    message = {"submit_time": scene.now, "button_type": "QUERY", "data": "dong-y", "tracking_id": "t-1"}
    return {"oa_id": scene.oa_id, "msg_id": scene.msg_id, "message": message}
