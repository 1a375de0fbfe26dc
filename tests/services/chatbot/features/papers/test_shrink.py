"""A picture made small enough for Zalo: upright, on white, by nothing but its bytes."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from services.chatbot.features.papers import shrink as program
from services.chatbot.features.papers.shrink import IMAGE_BYTES, shrink
from tests.services.chatbot.features.papers.paper_files import picture

ORIENTATION = 0x0112


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def shrunk(data: bytes) -> Image.Image:
    small = shrink(data)
    assert small is not None
    assert len(small) <= IMAGE_BYTES
    return Image.open(BytesIO(small))


def test_a_picture_too_large_for_zalo_becomes_a_smaller_jpeg() -> None:
    large = picture(side=2_200, noise=True)
    assert len(large) > IMAGE_BYTES
    small = shrunk(large)
    assert small.format == "JPEG"
    assert small.width >= 800


def test_a_photo_taken_sideways_is_upright_afterwards() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    sideways = encoded(Image.new("RGB", (320, 200), "red"), "JPEG", exif=exif)
    assert shrunk(sideways).size == (200, 320)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_becomes_white(mode: str) -> None:
    small = shrunk(encoded(Image.new(mode, (40, 40)), "PNG"))
    assert small.getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", picture()[:-300], picture("PNG")[:60]])
def test_what_does_not_unpack_is_none(data: bytes) -> None:
    assert shrink(data) is None


@pytest.mark.slow
def test_the_program_answers_a_picture_with_a_picture_and_anything_else_with_its_status() -> None:
    command = [sys.executable, "-I", str(Path(program.__file__))]
    taken = subprocess.run(command, input=picture(side=2_200, noise=True), capture_output=True, check=False)  # noqa: S603 — our own.
    assert taken.returncode == 0
    assert Image.open(BytesIO(taken.stdout)).format == "JPEG"
    refused = subprocess.run(command, input=b"no picture", capture_output=True, check=False)  # noqa: S603 — our own.
    assert (refused.returncode, refused.stdout) == (1, b"")
