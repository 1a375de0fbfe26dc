"""What a file is, by its bytes."""

import pytest

from contracts.message import Kind
from services.tips.media.sniff import UNKNOWN, is_error_page, sniff


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"\x00\x00\x00\x18ftypqt  ", "video/quicktime"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
        (b"#!AMR\n<q", "audio/amr"),
        (b"ID3\x04", "audio/mpeg"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"  \n<!DOCTYPE html><html>", "text/html"),
        (b"\xef\xbb\xbf<HTML>", "text/html"),
        (b"<?xml version='1.0'?><Error>", "text/html"),
        (b"", UNKNOWN),
        (b"MZ\x90\x00", UNKNOWN),
        ("văn bản thường".encode(), UNKNOWN),
    ],
)
def test_the_first_bytes_show_the_type(head: bytes, media_type: str) -> None:
    assert sniff(head) == media_type


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.GIF, Kind.VIDEO, Kind.AUDIO])
def test_a_page_in_the_place_of_a_picture_is_an_expired_link(kind: Kind) -> None:
    assert is_error_page(kind, "text/html")
    assert not is_error_page(kind, UNKNOWN)


def test_a_page_sent_as_a_file_is_a_file() -> None:
    assert not is_error_page(Kind.FILE, "text/html")
