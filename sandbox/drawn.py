"""Pictures that exist by name alone: avatars, covers, stickers, samples. Drawn from the name, so always the same."""

import hashlib
import io

from PIL import Image, ImageDraw

SIZES = {"avatar": (240, 240), "cover": (960, 320), "sticker": (130, 130), "sample": (640, 480)}
FORMATS = {"png": ("PNG", "image/png"), "jpg": ("JPEG", "image/jpeg"), "gif": ("GIF", "image/gif")}
OTHERS = {
    "amr": (b"#!AMR\n" + b"\x3c" * 32, "audio/amr"),
    "pdf": (b"%PDF-1.4\n%%EOF\n", "application/pdf"),
    "mp4": (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "video/mp4"),
}


def drawn(group: str, name: str) -> tuple[bytes, str] | None:
    """Bytes and content type, or None for a group or ending nobody knows."""
    suffix = name.rsplit(".", 1)[-1].lower()
    if group not in SIZES:
        return None
    if suffix in OTHERS:
        return OTHERS[suffix]
    if suffix not in FORMATS:
        return None
    form, content_type = FORMATS[suffix]
    out = io.BytesIO()
    _picture(SIZES[group], hashlib.blake2b(name.encode(), digest_size=6).digest()).save(out, form)
    return out.getvalue(), content_type


def _picture(size: tuple[int, int], seed: bytes) -> Image.Image:
    """A ring on a plain ground, both coloured by the seed."""
    background, ring = (seed[0], seed[1] // 2 + 64, 200), (255, 255 - seed[3] // 4, 255 - seed[4] // 4)
    picture = Image.new("RGB", size, background)
    width, height = size
    radius = min(size) // 3
    middle = (width // 2, height // 2)
    box = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
    ImageDraw.Draw(picture).ellipse(box, outline=ring, width=max(2, radius // (2 + seed[5] % 4)))
    return picture
