"""Files as citizens send them, made here; kept in a chat, and fetched by a link."""

import struct
import zipfile
import zlib
from io import BytesIO
from random import Random

import aiohttp
from PIL import Image

from contracts.message import Kind
from tests.services.chatbot.chatbot_app import FILES
from tests.services.chatbot.citizen_chat import CitizenChat

SECRET = "Giấy khai sinh của bé Thử"
PDF_BYTES = b"%PDF-1.7\n" + b"Bi mat cua rieng toi " * 40_000


def picture(kind: str = "JPEG", side: int = 64, noise: bool = False) -> bytes:
    out = BytesIO()
    image = Image.effect_noise((side, side), 90).convert("RGB") if noise else Image.new("RGB", (side, side), "red")
    image.save(out, kind, quality=95)
    return out.getvalue()


def png(side: int, noise: int = 0) -> bytes:
    """A white square of `side` pixels, made without unpacking it; `noise` bytes of each line do not compress."""
    lines, draws = zlib.compressobj(), Random(7)
    scan = b"".join(lines.compress(b"\0" + draws.randbytes(noise) + b"\xff" * (side * 3 - noise)) for _ in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", scan + lines.flush()) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def document(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


async def keep_paper(chat: CitizenChat, url: str, name: str = SECRET, kind: Kind = Kind.FILE) -> str:
    """The whole way: send it, name it."""
    await chat.says("#lam f_giay_to")
    await chat.sends(url, kind)
    return await chat.says(name)


async def download(base_url: str, url: str) -> tuple[int, bytes, str]:
    """What notify gets for a link: status, bytes, kind."""
    async with aiohttp.ClientSession() as http, http.get(url.replace(FILES, base_url)) as answer:
        return answer.status, await answer.read(), answer.headers.get("Content-Type", "")
