"""The webhook in the OpenAPI page, though FastAPI does not serve it."""

from typing import Any

from fastapi import FastAPI

from services.gateway.webhook import PATH

_DESCRIPTION = (
    "Zalo's events. Verified on the raw bytes (`X-ZEvent-Signature: mac=<sha256 hex>`). "
    "200 means durable, or nothing that we should keep."
)
_WEBHOOK: dict[str, Any] = {
    "post": {
        "tags": ["webhook"],
        "summary": "An event from Zalo",
        "description": _DESCRIPTION,
        "parameters": [
            {
                "name": "X-ZEvent-Signature",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "maxLength": 128},
            }
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": {
            "200": {"description": "Durable, or acknowledged and dropped; the answer never says which."},
            "408": {"description": "The body did not arrive in time."},
            "413": {"description": "More than four megabytes."},
            "503": {"description": "Could not be made durable: send it again."},
        },
    },
    "get": {"tags": ["webhook"], "summary": "Somebody is there", "responses": {"200": {"description": "Always."}}},
}


def add_webhook_docs(api: FastAPI) -> FastAPI:
    """`api`, with the webhook added to the page it generates."""
    generate = api.openapi

    def openapi() -> dict[str, Any]:
        page = generate()
        page["paths"].setdefault(PATH, _WEBHOOK)
        return page

    api.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the page.
    return api
