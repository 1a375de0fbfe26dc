"""A picture small enough for Zalo."""

from io import BytesIO

from PIL import Image

IMAGE_BYTES = 1_000_000  # What Zalo takes as a picture.
_SIDES_TRIED = (2_400, 1_800, 1_200, 800)


def shrink_for_zalo(data: bytes) -> bytes | None:
    """The picture as it is when it is small enough, else a smaller JPEG of it; None for one that does not unpack."""
    if len(data) <= IMAGE_BYTES:
        return data
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            image.draft(
                "RGB", (_SIDES_TRIED[0], _SIDES_TRIED[0])
            )  # A JPEG is read at half or a quarter of its size at once.
            picture = image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    for side in _SIDES_TRIED:
        picture.thumbnail((side, side))
        buffer = BytesIO()
        picture.save(buffer, "JPEG", quality=85, optimize=True)
        if buffer.tell() <= IMAGE_BYTES:
            return buffer.getvalue()
    return None
