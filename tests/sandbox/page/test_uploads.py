"""Files are bounded while they arrive, and looked at before they are sent."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from sandbox.page.uploads import CHOICES, MOST_BYTES, Bounded, Choice, fits, refusal

KINDS = {choice.kind: choice for choice in CHOICES}


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "content_type", "data", "taken"),
    [
        ("image", "image/png", picture("PNG"), True),
        ("image", "image/gif", picture("GIF"), False),
        ("image", "image/png", b"<svg onload=alert(1)>", False),
        ("image", "text/html", picture("PNG"), False),
        ("gif", "image/gif", picture("GIF"), True),
        ("gif", "image/gif", picture("PNG"), False),
        ("audio", "audio/wav", b"RIFF", True),
        ("audio", "video/mp4", b"RIFF", False),
        ("file", "", b"x", True),
    ],
)
def test_a_file_is_sent_only_as_what_it_is(kind: str, content_type: str, data: bytes, taken: bool) -> None:
    assert fits(KINDS[kind], content_type, data) is taken


def test_the_person_is_told_why_a_file_is_refused() -> None:
    choice: Choice = KINDS["image"]
    assert refusal(choice, "accept") == "Tệp này không phải là ảnh."
    assert "8 MB" in refusal(choice, "max-file-size")


async def swallow(_: Scope, receive: Receive, __: Send) -> None:
    while (await receive()).get("more_body"):
        pass


def arriving(total: int) -> Receive:
    """A body of so many bytes, a megabyte at a time, without a length said before."""
    sizes = iter([*[1 << 20] * (total >> 20), total & ((1 << 20) - 1)])

    def chunks() -> Iterator[Message]:
        for count in sizes:
            yield {"type": "http.request", "body": bytes(count), "more_body": True}
        yield {"type": "http.request", "body": b"", "more_body": False}

    stream = chunks()

    async def receive() -> Message:
        return next(stream)

    return receive


async def send(_: Message) -> None:
    """Nobody listens."""


SCOPE: Scope = {"type": "http", "method": "POST", "path": "/"}


async def test_a_file_of_the_allowed_size_arrives() -> None:
    await Bounded(swallow)(SCOPE, arriving(MOST_BYTES), send)


async def test_a_larger_one_is_refused_while_it_arrives() -> None:
    with pytest.raises(HTTPException) as refused:
        await Bounded(swallow)(SCOPE, arriving(64 << 20), send)
    assert refused.value.status_code == 413
