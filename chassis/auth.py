"""Who is asking: every route of every service demands a scope, or states in code why anybody may use it.

A program shows a client key, an officer's call shows an acting token that the console signed; both in
`Authorization: Bearer …`. The files of both are read anew when they change.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from fastapi import APIRouter, Depends, HTTPException, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from chassis.acting_tokens import ActingClaims, Call, RefusedTokenError, parse_signers, verify
from chassis.api_clients import FOLDER, ApiClients
from chassis.bodies import content_length
from chassis.errors import MisconfiguredError
from chassis.http_metrics import API_CALLS
from chassis.used_tokens import UsedTokens
from chassis.watched_file import WatchedFile
from contracts.scopes import ROLES, Scope

SIGNERS_FILE = "console-signers"
MAX_BODY_BYTES = 1024 * 1024  # Of a call with an acting token: its hash needs the whole body in memory.
EVERY_OA = "*"
_REASON_LENGTH = 200
_JWS_DOTS = 2  # A client key has none.
_BEARER = HTTPBearer(auto_error=False, description="A client key (`loa clients add`), or an officer's acting token.")

RESPONSES: dict[int | str, dict[str, Any]] = {
    401: {"description": "No key or token, or not one that proves anything."},
    403: {"description": "It does not cover this scope or this OA."},
    503: {"description": "A file of keys, MongoDB or the broker is missing: the message names the remedy."},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The authenticated caller and its rights. `oa_ids` is None for every OA; `reason` is the text of `X-Reason`."""

    kind: Literal["client", "officer"]
    id: str
    scopes: frozenset[Scope]
    oa_ids: frozenset[str] | None
    roles: frozenset[str] = frozenset()
    unit: str = ""
    reason: str = field(default="", repr=False)

    def serves(self, oa_id: str) -> bool:
        return self.oa_ids is None or oa_id in self.oa_ids


@dataclass(frozen=True, slots=True)
class Public:
    """Allows every caller, with the reason why that is right; a test collects the reasons."""

    reason: str

    def __call__(self) -> None:
        """Nothing to check."""


def public(reason: str) -> Any:
    """Returns the dependency of a route that anybody may use."""
    return Depends(Public(reason))


def is_public(router: APIRouter) -> bool:
    """Returns whether anybody may use all of its routes: those are served at PUBLIC_PORT, the others at HTTP_PORT."""
    return any(isinstance(dependency.dependency, Public) for dependency in router.dependencies)


class Auth:
    """Knows the clients of the services and the console's public keys."""

    def __init__(
        self, service: str, secrets_dir: Path, used: UsedTokens, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._service, self._used, self._now = service, used, now
        self._clients = ApiClients(secrets_dir)
        remedy = "write the console's public keys into it, one `id:base64` a line"
        self._signers = WatchedFile(secrets_dir / FOLDER / SIGNERS_FILE, parse_signers, remedy)

    def require(self, scope: Scope, *, every_oa: bool = False) -> Any:
        """Returns a dependency that gives the Actor, of whom the scope is demanded.

        Whatever OA the request names as `oa_id`, in its path or its query, the actor must serve. `every_oa` is for what
        belongs to no single OA: the actor must serve all.
        """
        return Security(Required(self, scope, every_oa))

    async def identify(self, request: Request, bearer: str | None) -> Actor:
        """Raises HTTPException 401, or 503 where a file of keys is missing; TransientError without MongoDB."""
        if not bearer:
            raise _unproven("client", "no_credentials", "send a client key or an acting token")
        reason = unquote(request.headers.get("x-reason", ""))[:_REASON_LENGTH]
        try:
            if bearer.count(".") == _JWS_DOTS:
                return await self._officer(request, bearer, reason)
            return self._client(bearer, reason)
        except MisconfiguredError as fault:
            raise HTTPException(503, str(fault)) from None

    def _client(self, key: str, reason: str) -> Actor:
        entry = self._clients.find(key)
        if entry is None:
            raise _unproven("client", "unknown_key", "this client key is not known here")
        if not entry.is_live(self._now()):
            raise _unproven(
                "client", "expired_key", "this client key has expired: `loa clients rotate` makes a new one"
            )
        return Actor("client", entry.client, entry.scopes, entry.oa_ids, reason=reason)

    async def _officer(self, request: Request, token: str, reason: str) -> Actor:
        call = Call(self._service, request.method, _target(request), await _body(request))
        try:
            return _acting(await self._verified(token, call), reason)
        except RefusedTokenError as fault:
            raise _unproven("officer", fault.reason, f"this acting token is not accepted ({fault.reason})") from None

    async def _verified(self, token: str, call: Call) -> ActingClaims:
        claims = verify(token, self._signers.read(), call, self._now())
        if not await self._used.use(claims.jti, datetime.fromtimestamp(claims.exp, UTC)):
            raise RefusedTokenError("replayed")
        return claims


@dataclass(frozen=True, slots=True)
class Required:
    """The check of a route or a router: gives the actor, if they have the scope."""

    auth: Auth
    scope: Scope
    every_oa: bool

    async def __call__(
        self, request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
    ) -> Actor:
        """Raises HTTPException 401, 403 or 503."""
        actor: Actor | None = getattr(request.state, "actor", None)
        if actor is None:
            actor = await self.auth.identify(request, credentials.credentials if credentials else None)
            request.state.actor = actor  # Once per call: a route may check twice, and an acting token is valid once.
        if self.scope not in actor.scopes:
            raise _forbidden(actor, f"this key or token does not have the scope {self.scope}")
        if self.every_oa and actor.oa_ids is not None:
            raise _forbidden(actor, "this concerns every OA, and this key or token covers only some")
        if not all(map(actor.serves, _named_oas(request))):
            raise _forbidden(actor, "this key or token does not cover that OA")
        API_CALLS.labels(actor.kind, "accepted").inc()
        return actor


def _acting(claims: ActingClaims, reason: str) -> Actor:
    """Roles that this release does not know allow nothing."""
    scopes = frozenset[Scope]().union(*(ROLES.get(role, frozenset()) for role in claims.roles))
    oa_ids = None if EVERY_OA in claims.oa_ids else frozenset(claims.oa_ids)
    return Actor("officer", claims.sub, scopes, oa_ids, frozenset(claims.roles), claims.unit, reason)


def _named_oas(request: Request) -> list[str]:
    in_path = request.path_params.get("oa_id")
    return [*request.query_params.getlist("oa_id"), *([in_path] if in_path else [])]


def _target(request: Request) -> str:
    """Returns the path and the query as they were sent: decoding them first would make two requests alike."""
    path: bytes = request.scope.get("raw_path") or request.url.path.encode()
    query: bytes = request.scope["query_string"]
    return (path + b"?" + query if query else path).decode("latin-1")


async def _body(request: Request) -> bytes:
    """Raises HTTPException 411 or 413: a call on behalf of an officer states its length first, and is small."""
    if "transfer-encoding" in request.headers:
        raise HTTPException(411, "a call with an acting token states its Content-Length")
    length = content_length(request.headers.get("content-length", "0"))
    if length is None or length > MAX_BODY_BYTES:
        raise HTTPException(413, f"a call with an acting token has at most {MAX_BODY_BYTES} bytes")
    return await request.body()


def _forbidden(actor: Actor, message: str) -> HTTPException:
    API_CALLS.labels(actor.kind, "forbidden").inc()
    return HTTPException(403, message)


def _unproven(kind: str, outcome: str, message: str) -> HTTPException:
    API_CALLS.labels(kind, outcome).inc()
    return HTTPException(401, f"{message} as `Authorization: Bearer …`", {"WWW-Authenticate": "Bearer"})
