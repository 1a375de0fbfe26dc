"""Makes a picture small enough for Zalo: a program of its own, started with `python -I` by `pictures.py`.

It knows no module of Loa, no setting and no secret. What a stranger's picture unpacks to happens here, under limits that end this
process alone. Standard input is the picture, standard output a JPEG of at most IMAGE_BYTES; status 1: there is none to be had.
"""

import resource
import sys
from io import BytesIO

from PIL import Image, ImageOps

IMAGE_BYTES = 1_000_000  # What Zalo takes as a picture.
MEMORY_BYTES = 400 * 1024 * 1024  # Of address space: Python and Pillow take 120 MB, twelve million pixels twice 48 MB.
CPU_SECONDS = 5  # The largest picture that is taken needs one.
_SIDES_TRIED = (2_400, 1_800, 1_200, 800)


def limit_this_process() -> None:
    """No more memory and time than a picture needs, no file written, no process started, no dump of what was in memory."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    for nothing in (resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_CORE):
        resource.setrlimit(nothing, (0, 0))


def shrink(data: bytes) -> bytes | None:
    """Returns a JPEG of at most IMAGE_BYTES, upright, on white; None for what does not unpack. Raises MemoryError."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            side = _SIDES_TRIED[0]
            image.draft("RGB", (side, side))  # A JPEG is read at half, a quarter or an eighth of its size at once.
            image.thumbnail((side, side))
            picture = _on_white(ImageOps.exif_transpose(image))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    for side in _SIDES_TRIED:
        picture.thumbnail((side, side))
        buffer = BytesIO()
        picture.save(buffer, "JPEG", quality=85, optimize=True)
        if buffer.tell() <= IMAGE_BYTES:
            return buffer.getvalue()
    return None


def _on_white(image: Image.Image) -> Image.Image:
    """A JPEG has no transparency: black letters on nothing would become black on black."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def main() -> int:
    limit_this_process()
    try:
        small = shrink(sys.stdin.buffer.read())
    except MemoryError:
        return 1
    if small is None:
        return 1
    sys.stdout.buffer.write(small)
    return 0


if __name__ == "__main__":
    sys.exit(main())
