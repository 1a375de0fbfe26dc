"""The gateway's registry of OAs and apps, as `loa oa` and the seeding of the demonstration use it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import aiohttp

from loa.runtime.errors import SetupError

TOKEN_FILE = "gateway-api-token"  # noqa: S105 - the name of a file.
APP_KEY_FILE = "zalo-oa-secret-key"
MOST_AT_ONCE = 1_000
TIMEOUT = aiohttp.ClientTimeout(total=20)


class Registry:
    """Open it with `async with`. Every call raises SetupError, which names the remedy."""

    def __init__(self, gateway: str, token: str) -> None:
        self._gateway, self._token = gateway.rstrip("/"), token

    @classmethod
    def here(cls, gateway: str, secrets: Path) -> "Registry":
        """With the token of this machine. Raises SetupError when there is none."""
        return cls(gateway, secret(secrets / TOKEN_FILE))

    async def __aenter__(self) -> Self:
        headers = {"Authorization": f"Bearer {self._token}"}
        self._http = aiohttp.ClientSession(self._gateway, headers=headers, timeout=TIMEOUT)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def oas(self) -> list[dict[str, Any]]:
        """Every OA, page by page."""
        oas: list[dict[str, Any]] = []
        after = ""
        while True:
            page = await self._call("GET", f"/api/oas?limit=500&after={after}")
            oas += page["oas"]
            if not page["next"]:
                return oas
            after = page["next"]

    async def oa(self, oa_id: str) -> dict[str, Any]:
        record: dict[str, Any] = await self._call("GET", f"/api/oas/{oa_id}")
        return record

    async def put_oas(self, oas: Sequence[Mapping[str, Any]]) -> None:
        for at in range(0, len(oas), MOST_AT_ONCE):
            await self._call("PUT", "/api/oas", {"oas": oas[at : at + MOST_AT_ONCE]})

    async def put_app(self, app_id: str, key: str | None = None, codes: Sequence[str] | None = None) -> dict[str, Any]:
        body: dict[str, Any] = {"verifications": list(codes)} if codes is not None else {}
        if key is not None:
            body["secret"] = {"value": key}
        record: dict[str, Any] = await self._call("PUT", f"/api/apps/{app_id}", body)
        return record

    async def act(self, what: str, where: str, key: str | None = None) -> dict[str, Any]:
        """`what`: rotate (with a key), settle, enable, disable. `where`: `oas/<id>` or `apps/<id>`."""
        body = {"value": key} if key is not None else None
        record: dict[str, Any] = await self._call("POST", f"/api/{where}/{what}", body)
        return record

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        try:
            async with self._http.request(method, path, json=body) as answer:
                content = await answer.json() if answer.content_type == "application/json" else None
                if answer.ok:
                    return content
                detail = content.get("detail") if isinstance(content, dict) else None
                reason = detail if isinstance(detail, str) else f"answer {answer.status}"
                raise SetupError(f"The gateway refused: {reason}.", "Correct what it names and try again.")
        except (aiohttp.ClientError, TimeoutError) as silent:
            what = f"The gateway does not answer ({type(silent).__name__})."
            raise SetupError(what, "Is Loa up? `loa status` says. GATEWAY_URL names another gateway.") from silent


async def register(gateway: str, secrets: Path, oas: Sequence[Mapping[str, Any]]) -> None:
    """The OAs and their apps, with this machine's OA Secret Key for each app. Again is as good as once."""
    fields = ("oa_id", "app_id", "name", "kind", "pack")
    async with Registry.here(gateway, secrets) as registry:
        key = secret(secrets / APP_KEY_FILE)
        for app_id in sorted({oa["app_id"] for oa in oas}):
            await registry.put_app(app_id, key)
        await registry.put_oas([{name: oa[name] for name in fields if oa.get(name)} for oa in oas])


def secret(path: Path) -> str:
    """The secret in a file. Raises SetupError naming the file."""
    try:
        text = path.read_text().strip()
    except OSError as fault:
        raise SetupError(f"The secret {path} cannot be read ({type(fault).__name__}).", "`make up` makes it.") from None
    if not text:
        raise SetupError(f"The secret {path} is empty.", "Delete it and run `make up`, or write the secret into it.")
    return text
