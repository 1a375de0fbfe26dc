"""Pictures and files for Zalo: fetched from one of our services, uploaded once per OA and content."""

import hashlib
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from contracts.message import Asset, MessagePart
from services.notify.keys import Keys
from services.notify.store.uploads import Uploads
from services.notify.zalo.answer import Answer, Refused, Taken
from services.notify.zalo.client import OpenApi

IMAGE_BYTES, FILE_BYTES = 1 << 20, 5 << 20  # Zalo's limits; a GIF may be as large as a file.
_FETCH_SECONDS = 10.0
_GIF_HEAD = 10
_OK = 200


class Unsendable(Exception):  # noqa: N818 — the asset's state.
    """An asset that can never be sent. `why` is from a closed set."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unfetched(Exception):  # noqa: N818 — the world's state.
    """The service that has it does not answer just now."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    reference: str = field(repr=False)
    key: tuple[str, str]  # (kind, digest): what to drop when Zalo has forgotten it.
    size: tuple[int, int] | None = None  # Of a GIF, in pixels.


class Assets:
    def __init__(
        self, session: aiohttp.ClientSession, api: OpenApi, uploads: Uploads, keys: Keys, hosts: frozenset[str]
    ) -> None:
        """`session` is for our own services; `hosts` are the only `host:port` it is used for."""
        self._session, self._api, self._uploads, self._keys, self._hosts = session, api, uploads, keys, hosts

    async def upload(self, part: MessagePart, oa_id: str, token: str) -> Uploaded | Answer | None:
        """Returns None without anything to upload, an Answer if Zalo refused. Raises Unsendable, Unfetched, TransientError."""
        asset = part.image or part.file
        if asset is None:
            return None
        data = await self._fetch(asset)
        kind = "file" if part.file else kind_of(data)
        if kind == "image" and len(data) > IMAGE_BYTES:
            raise Unsendable("asset_too_large")
        digest = hashlib.sha256(data).hexdigest()
        size = gif_size(data) if kind == "gif" else None
        sealed_reference = await self._uploads.find(oa_id, kind, digest)
        if sealed_reference is not None:
            return Uploaded(self._keys.open_upload(sealed_reference, oa_id), (kind, digest), size)
        answer = await self._api.upload(token, kind, asset.name, asset.media_type, data)
        if not isinstance(answer, Taken):
            return answer
        fields = answer.data if isinstance(answer.data, dict) else {}
        reference = str(fields.get("token") or fields.get("attachment_id") or "")
        if not reference:
            return Refused(-200)  # Accepted, but without the id we need: treated as a send that failed.
        await self._uploads.save(oa_id, kind, digest, self._keys.seal_upload(reference, oa_id))
        return Uploaded(reference, (kind, digest), size)

    async def invalidate(self, oa_id: str, uploaded: Uploaded) -> None:
        """Zalo does not know it any more."""
        await self._uploads.delete(oa_id, *uploaded.key)

    async def _fetch(self, asset: Asset) -> bytes:
        url = URL(asset.url)
        if url.scheme not in ("http", "https") or url.user or f"{url.host}:{url.port}" not in self._hosts:
            raise Unsendable("asset_host")
        timeout = aiohttp.ClientTimeout(total=_FETCH_SECONDS)
        try:
            async with self._session.get(url, allow_redirects=False, timeout=timeout) as response:
                if 400 <= response.status < 500:  # noqa: PLR2004 — the service has no such file.
                    raise Unsendable("asset_missing")
                if response.status != _OK:
                    raise Unfetched
                return await _bounded(response.content, FILE_BYTES)
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise Unfetched from None


async def _bounded(content: aiohttp.StreamReader, limit: int) -> bytes:
    data = bytearray()
    async for chunk in content.iter_any():
        data += chunk
        if len(data) > limit:
            raise Unsendable("asset_too_large")
    return bytes(data)


def kind_of(data: bytes) -> str:
    """`image` or `gif`, by the bytes themselves. Raises Unsendable for what Zalo does not take."""
    if data.startswith((b"GIF87a", b"GIF89a")) and len(data) >= _GIF_HEAD:
        return "gif"
    if data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return "image"
    raise Unsendable("asset_type")


def gif_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the logical screen descriptor."""
    return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
