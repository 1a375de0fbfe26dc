"""The background jobs of a service, as `loa jobs` sees and redrives them through its API."""

from pathlib import Path
from typing import Any

import aiohttp

from loa.clients.registry import TIMEOUT, secret
from loa.runtime.errors import SetupError


class Jobs:
    """Every call raises SetupError that says what to do."""

    def __init__(self, service: str, url: str, secrets: Path) -> None:
        self._service, self._url, self._token_file = service, url, secrets / f"{service}-api-token"

    async def all(self) -> list[dict[str, Any]]:
        jobs: list[dict[str, Any]] = await self._call("GET", "/api/jobs")
        return jobs

    async def parked(self) -> list[dict[str, Any]]:
        """The oldest first, at most five hundred."""
        items: list[dict[str, Any]] = await self._call("GET", "/api/jobs/parked")
        return items

    async def redrive(self, job: str, key: str | None) -> int:
        """Returns how many parked items the job will try again."""
        redriven = await self._call("POST", "/api/jobs/parked/redrive", {"job": job, "key": key})
        return int(redriven["items"])

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {secret(self._token_file)}"}
        try:
            async with (
                aiohttp.ClientSession(self._url, headers=headers, timeout=TIMEOUT) as http,
                http.request(method, path, json=body) as answer,
            ):
                content = await answer.json() if answer.content_type == "application/json" else None
                if answer.ok:
                    return content
        except (aiohttp.ClientError, TimeoutError) as silent:
            what = f"{self._service} does not answer ({type(silent).__name__})."
            raise SetupError(what, "Is Loa up? `loa status` says.") from silent
        detail = content.get("detail") if isinstance(content, dict) else None
        reason = detail if isinstance(detail, str) else f"answer {answer.status}"
        raise SetupError(f"{self._service} refused: {reason}.", "Correct what it names and try again.")
