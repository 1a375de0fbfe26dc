"""Eight faces to send as stickers, drawn when first asked for: nobody else's pictures, and none from outside."""

import io
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw

Face = Callable[[ImageDraw.ImageDraw], None]
SIDE, SCALE = 130, 4  # Drawn four times as large, so that edges are smooth.
INK, SKIN, RED, BLUE = "#5b3a00", "#ffd34d", "#e5484d", "#3b82f6"
BOX = (6, 6, 124, 124)


def _eyes(draw: ImageDraw.ImageDraw, height: int = 50) -> None:
    for x in (44, 86):
        _oval(draw, (x - 7, height - 9, x + 7, height + 9), INK)


def _oval(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], fill: str) -> None:
    draw.ellipse(_grown(box), fill=fill)


def _arc(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], begin: int, end: int) -> None:
    draw.arc(_grown(box), begin, end, fill=INK, width=6 * SCALE)


def _grown(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    return (left * SCALE, top * SCALE, right * SCALE, bottom * SCALE)


def _smile(draw: ImageDraw.ImageDraw) -> None:
    _eyes(draw)
    _arc(draw, (38, 48, 92, 100), 20, 160)


def _laugh(draw: ImageDraw.ImageDraw) -> None:
    for x in (44, 86):
        _arc(draw, (x - 12, 40, x + 12, 64), 190, 350)
    draw.chord(_grown((36, 50, 94, 108)), 0, 180, fill=INK)


def _sad(draw: ImageDraw.ImageDraw) -> None:
    _eyes(draw)
    _arc(draw, (42, 80, 88, 120), 200, 340)


def _cry(draw: ImageDraw.ImageDraw) -> None:
    _sad(draw)
    _oval(draw, (36, 66, 50, 90), BLUE)


def _surprise(draw: ImageDraw.ImageDraw) -> None:
    _eyes(draw, 46)
    _oval(draw, (54, 76, 76, 104), INK)


def _love(draw: ImageDraw.ImageDraw) -> None:
    for x in (42, 88):
        _oval(draw, (x - 15, 38, x + 1, 54), RED)
        _oval(draw, (x - 1, 38, x + 15, 54), RED)
        draw.polygon([(p * SCALE, q * SCALE) for p, q in ((x - 14, 50), (x + 14, 50), (x, 68))], fill=RED)
    _arc(draw, (38, 52, 92, 102), 20, 160)


def _angry(draw: ImageDraw.ImageDraw) -> None:
    _eyes(draw, 56)
    for points in ((32, 36, 54, 46), (98, 36, 76, 46)):
        draw.line(_grown(points), fill=INK, width=6 * SCALE)
    _arc(draw, (44, 84, 86, 120), 200, 340)


def _wink(draw: ImageDraw.ImageDraw) -> None:
    _oval(draw, (37, 41, 51, 59), INK)
    _arc(draw, (74, 42, 98, 62), 190, 350)
    _arc(draw, (38, 48, 92, 100), 20, 160)


FACES: dict[str, tuple[str, Face]] = {
    "cuoi": ("Mỉm cười", _smile),
    "cuoi-to": ("Cười to", _laugh),
    "yeu": ("Yêu thích", _love),
    "nhay-mat": ("Nháy mắt", _wink),
    "ngac-nhien": ("Ngạc nhiên", _surprise),
    "buon": ("Buồn", _sad),
    "khoc": ("Khóc", _cry),
    "gian": ("Giận", _angry),
}


@cache
def picture(name: str) -> bytes:
    """PNG with a clear background. Raise KeyError for a face that does not exist."""
    image = Image.new("RGBA", (SIDE * SCALE, SIDE * SCALE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    _, face = FACES[name]
    draw.ellipse(_grown(BOX), fill=SKIN, outline="#f0b400", width=3 * SCALE)
    face(draw)
    out = io.BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()
