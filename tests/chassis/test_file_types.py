"""What a file is, by its bytes."""

import pytest

from chassis.file_types import UNKNOWN, media_type


@pytest.mark.parametrize(
    ("head", "shown"),
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
def test_the_first_bytes_show_the_type(head: bytes, shown: str) -> None:
    assert media_type(head) == shown
