"""What a file is, by its bytes."""

import pytest

from chassis.file_types import UNKNOWN, media_type


def iso(major: bytes, *compatible: bytes) -> bytes:
    """The beginning of ISO media, as ISO 14496-12 lays it down: size, `ftyp`, major brand, version, compatible brands."""
    brands = b"".join(compatible)
    return (16 + len(brands)).to_bytes(4, "big") + b"ftyp" + major + bytes(4) + brands + bytes(64)


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/x-wav"),
        (b"\x00\x00\x00\x14moov", "video/quicktime"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video/webm"),
        (b"#!AMR\n<q\x17\x00\x00\x00\x00\x00", "audio/amr"),
        (b"ID3\x04", "audio/mpeg"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"  \n<!DOCTYPE html><html>", "text/html"),
        (b"\xef\xbb\xbf<HTML>", "text/html"),
        (b"<?xml version='1.0'?><Error>", "text/html"),
        (b"", UNKNOWN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (b'{"error":-14,"message":"expired"}', "application/json"),
        (b" [1, 2]", "application/json"),
        ("văn bản thường".encode(), UNKNOWN),
    ],
)
def test_the_first_bytes_show_the_type(head: bytes, shown: str) -> None:
    assert media_type(head) == shown


@pytest.mark.parametrize(
    "brand", [b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avis", b"avif", b"hevx"]
)
def test_a_phones_photo_is_a_picture_whatever_brand_it_begins_with(brand: bytes) -> None:
    assert media_type(iso(brand, b"isom", b"mp42")).startswith("image/")


@pytest.mark.parametrize(
    "brand", [b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  ", b"3gp4", b"3g2a", b"MSNV"]
)
def test_a_phones_film_is_a_film_whatever_brand_it_begins_with(brand: bytes) -> None:
    assert media_type(iso(brand, b"mif1")).startswith("video/")


def test_a_recording_in_the_same_container_is_sound() -> None:
    assert media_type(iso(b"M4A ", b"mp42", b"isom")) == "audio/mp4"


def test_a_brand_that_nobody_has_heard_of_is_what_it_says_it_is_compatible_with() -> None:
    assert media_type(iso(b"1pic", b"miaf", b"mif1")) == "image/heic"
    assert media_type(iso(b"new1", b"3gp6")) == "video/3gpp"
    assert media_type(iso(b"new1", b"new2")) == "video/mp4"


@pytest.mark.parametrize("size", [0, 7, 15, 17, 2**32 - 1])
def test_a_container_that_lies_about_its_length_is_read_no_further_than_it_goes(size: int) -> None:
    assert media_type(size.to_bytes(4, "big") + b"ftyp????" + bytes(8)) == "video/mp4"
