"""The yardstick of the webhook: FastAPI on uvicorn, as anyone would write it, that reads the same body and answers 200."""

import asyncio
import os

import uvloop
from fastapi import FastAPI, Request, Response

from chassis.http import serve

app = FastAPI(openapi_url=None)


@app.post("/webhooks/zalo")
async def webhook(request: Request) -> Response:
    await request.body()
    return Response(status_code=200)


@app.get("/ready")
async def ready() -> Response:
    return Response(status_code=200)


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(serve(app, "127.0.0.1", int(os.environ["HTTP_PORT"])))
