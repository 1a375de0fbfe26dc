"""notify's authorisations of OAs, as `loa oa authorise` and the seeding of the demonstration use them."""

from pathlib import Path

import aiohttp

from loa.clients.registry import TIMEOUT, secret
from loa.runtime.errors import SetupError

TOKEN_FILE = "notify-api-token"  # noqa: S105 - the name of a file.


async def authorisation_link(notify: str, secrets: Path, oa_id: str) -> tuple[str, str]:
    """Returns a link for the OA's administrator, and until when it is good. Raises SetupError, which names the remedy."""
    headers = {"Authorization": f"Bearer {secret(secrets / TOKEN_FILE)}"}
    try:
        async with (
            aiohttp.ClientSession(notify.rstrip("/"), headers=headers, timeout=TIMEOUT) as http,
            http.post(f"/api/authorisations/{oa_id}/link") as answer,
        ):
            if answer.ok:
                link = await answer.json()
                return str(link["url"]), str(link["expires_at"])
            what = f"notify refused to make a link (answer {answer.status})."
    except (aiohttp.ClientError, TimeoutError) as silent:
        what = f"notify does not answer ({type(silent).__name__})."
        raise SetupError(what, "Is Loa up? `loa status` says. NOTIFY_URL names another notify.") from silent
    raise SetupError(what, "401, 403: the key in notify-api-token needs authorisations:write; 503: is the broker up?")
