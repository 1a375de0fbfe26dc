"""Who may use a house's API: whoever holds its token, a file in SECRETS_DIR."""

import hmac
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or not the right one."},
    503: {"description": "The token's file or MongoDB is missing: the message names the remedy."},
}


def require_token(secrets_dir: Path, name: str) -> Any:
    """A dependency that lets only the holder of the token in. Read anew each time: a new token needs no restart."""
    bearer = HTTPBearer(auto_error=False, description=f"The text of the file {name} in SECRETS_DIR.")

    def check(credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]) -> None:
        try:
            token = (secrets_dir / name).read_text().strip()
        except OSError:
            token = ""
        if not token:
            raise HTTPException(503, f"the file {name} in SECRETS_DIR is missing: write a long random text into it")
        if credentials is None or not hmac.compare_digest(credentials.credentials.encode(), token.encode()):
            raise HTTPException(401, "send the API token as `Authorization: Bearer …`", {"WWW-Authenticate": "Bearer"})

    return Depends(check)
