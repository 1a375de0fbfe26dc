"""Made-up citizens and what they write, as Zalo would send it: signed, with Vietnamese in the clear."""

import itertools
import time
from collections.abc import Iterator
from hashlib import sha256

import orjson

from bench.poster import request

APP, OA, SECRET = "1000000000000000001", "4100000000000000012", "a made-up secret key for benches"
_WORDS = (
    "làm căn cước cần giấy tờ gì",
    "cho mình hỏi thủ tục đăng ký tạm trú",
    "#tinbao",
    "nộp phạt nguội ở đâu vậy ạ",
    "Tôi muốn đặt lịch làm căn cước vào sáng thứ hai tuần sau, có cần mang theo sổ hộ khẩu cũ không?",
)
_numbers = itertools.count()


def bodies(count: int, citizens: int = 2_000) -> Iterator[bytes]:
    """Each a new message: `user_send_text`, about 400 bytes."""
    for number in itertools.islice(_numbers, count):
        yield orjson.dumps(
            {
                "event_name": "user_send_text",
                "app_id": APP,
                "sender": {"id": str(7_000_000_000_000_000_000 + number % citizens)},
                "recipient": {"id": OA},
                "message": {"text": _WORDS[number % len(_WORDS)], "msg_id": f"bench-{time.time_ns():x}-{number}"},
                "timestamp": str(time.time_ns() // 1_000_000),
                "user_id_by_app": str(3_000_000_000_000_000_000 + number % citizens),
            }
        )


def requests(count: int, citizens: int = 2_000) -> list[bytes]:
    """Whole HTTP requests, signed."""
    return [request(body, signature(body)) for body in bodies(count, citizens)]


def signature(body: bytes) -> str:
    stamp = orjson.loads(body)["timestamp"]
    return "mac=" + sha256(APP.encode() + body + stamp.encode() + SECRET.encode()).hexdigest()
