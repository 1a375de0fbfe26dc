"""The OpenAPI: messages over a wire of our own, the rest over aiohttp. Nothing raises: every end is an Answer."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
from multidict import CIMultiDict
from yarl import URL

from services.notify.metrics import observe_call
from services.notify.zalo.answer import Answer, Unknown, Unreached, parse
from services.notify.zalo.wire import NeverLeft, Unanswered, Wire

_ANSWER_BYTES = 1 << 20
_CONNECT_SECONDS = 3.0
_IDLE_SECONDS = 15.0  # A server that closes an idle connection just as we use it would leave us in doubt.
_SEND = "/v3.0/oa/message/cs"


class OpenApi:
    def __init__(self, session: aiohttp.ClientSession, wire: Wire, base: str) -> None:
        self._session, self._wire = session, wire
        self._conversation = URL(f"{base}/v2.0/oa/conversation")
        self._owner = URL(f"{base}/v2.0/oa/getoa")
        self._uploads = {kind: URL(f"{base}/v2.0/oa/upload/{kind}") for kind in ("image", "gif", "file")}

    async def send(self, token: str, user_id: str, message: dict[str, Any]) -> Answer:
        """`POST /v3.0/oa/message/cs`. Taken: `{message_id, …}`."""
        body = orjson.dumps({"recipient": {"user_id": user_id}, "message": message})
        started = time.perf_counter()
        answer: Answer
        try:
            reply = await self._wire.post(_SEND, f"access_token: {token}\r\nContent-Type: application/json\r\n", body)
            answer = parse(reply.status, reply.headers, reply.body)
        except NeverLeft:
            answer = Unreached()
        except Unanswered as fault:
            answer = Unknown(fault.late)
        observe_call("message", answer, time.perf_counter() - started)
        return answer

    async def conversation(self, token: str, user_id: str, offset: int, count: int = 10) -> Answer:
        """`GET /v2.0/oa/conversation`. Taken: newest first, `src` 0 is the OA's."""
        query = orjson.dumps({"user_id": user_id, "offset": offset, "count": count}).decode()
        headers = CIMultiDict({"access_token": token})
        return await self._call("conversation", "GET", self._conversation, headers, params={"data": query})

    async def owner(self, token: str) -> Answer:
        """`GET /v2.0/oa/getoa`. Taken: `{oa_id, …}` of the OA that this token is of."""
        return await self._call("owner", "GET", self._owner, CIMultiDict({"access_token": token}))

    async def upload(self, token: str, kind: str, name: str, media_type: str, data: bytes) -> Answer:
        """`POST /v2.0/oa/upload/{image,gif,file}`. Taken: `{attachment_id}` or `{token}`."""
        form = aiohttp.FormData(quote_fields=False)  # Percent signs would be what the citizen reads.
        form.add_field("file", data, filename=_plain(name), content_type=media_type)
        headers = CIMultiDict({"access_token": token})
        return await self._call(f"upload_{kind}", "POST", self._uploads[kind], headers, data=form)

    async def _call(self, endpoint: str, method: str, url: URL, headers: CIMultiDict[str], **more: Any) -> Answer:
        started = time.perf_counter()
        answer = await self._exchange(method, url, headers, **more)
        observe_call(endpoint, answer, time.perf_counter() - started)
        return answer

    async def _exchange(self, method: str, url: URL, headers: CIMultiDict[str], **more: Any) -> Answer:
        try:
            async with self._session.request(method, url, headers=headers, allow_redirects=False, **more) as response:
                body = await response.content.read(_ANSWER_BYTES)
                while not response.content.at_eof() and len(body) < _ANSWER_BYTES:
                    body += await response.content.read(_ANSWER_BYTES - len(body))
                return parse(response.status, response.headers, body)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Unreached()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Unknown()  # It left, and then something broke: Zalo may have taken it.


@asynccontextmanager
async def session(limit: int, seconds: float) -> AsyncIterator[aiohttp.ClientSession]:
    """At most `limit` connections, kept alive; a call may take `seconds`."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=limit, keepalive_timeout=_IDLE_SECONDS),
        timeout=aiohttp.ClientTimeout(total=seconds, connect=_CONNECT_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent", "Accept"),
        auto_decompress=True,
        trust_env=False,
    ) as client:
        yield client


def _plain(name: str) -> str:
    """A file's name without what would end a header or a path: citizens name their papers themselves."""
    return "".join(letter for letter in name if letter.isprintable() and letter not in '"\\/') or "tep"
