"""The OpenAPI page of Zalo's own addresses. They are answered in the fast lane; FastAPI only knows of them."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request, Response

from sandbox.endpoints import Endpoint
from sandbox.fast_router import FastRouter
from sandbox.people import Json

ENVELOPE: Json = {
    "type": "object",
    "properties": {"data": {}, "error": {"type": "integer"}, "message": {"type": "string"}},
    "required": ["error", "message"],
}
TAGS = {"oa": "openapi.zalo.me", "zns": "business.openapi.zalo.me", "oauth": "oauth.zaloapp.com"}
TOKEN = {"name": "access_token", "in": "header", "required": False, "schema": {"type": "string"}}
MEDIA_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded", "file": "multipart/form-data"}


def document(app: FastAPI, fast_router: FastRouter) -> None:
    """Enter every address of the table. The handler is the fast router itself, for calls to the inner app."""
    for endpoint in fast_router.table.values():
        app.add_api_route(
            endpoint.path,
            _through(fast_router, endpoint),
            methods=[endpoint.method],
            summary=endpoint.summary,
            tags=[TAGS[endpoint.family]],
            openapi_extra=_extra(endpoint),
            operation_id=f"{endpoint.method.lower()}{endpoint.path.replace('/', '_').replace('.', '_')}",
            responses={200: {"content": {"application/json": {"schema": {} if endpoint.raw else ENVELOPE}}}},
            response_class=Response,
        )


def _through(fast_router: FastRouter, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def through(request: Request) -> Response:
        body = await request.body()
        status, headers, reply = await fast_router.answer(endpoint, request.scope, body)
        return Response(reply, status, {name.decode(): value.decode() for name, value in headers})

    return through


def _extra(endpoint: Endpoint) -> Json:
    parameters: list[Json] = [] if endpoint.open else [TOKEN]
    if endpoint.shape == "data":
        schema = {"type": "object", "example": endpoint.example or {}}
        parameters.append({"name": "data", "in": "query", "content": {"application/json": {"schema": schema}}})
    if endpoint.shape == "query":
        example = endpoint.example or {}
        parameters += [
            {"name": name, "in": "query", "schema": {"type": "string", "example": example[name]}} for name in example
        ]
    extra: Json = {"parameters": parameters}
    if endpoint.shape in MEDIA_TYPES:
        extra["requestBody"] = {"content": {MEDIA_TYPES[endpoint.shape]: {"schema": _body(endpoint)}}}
    return extra


def _body(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.shape == "file":
        return {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"]}
    schema: Json = {"type": "object"}
    return schema | ({"example": endpoint.example} if endpoint.example else {})
