"""A conventional handler, as FastStream's documentation writes one: subscriber, find, update, publisher.

Durability is Loa's own: acks=all and idempotence, w=majority and journaled, manual acknowledgement after the work.
Prints messages per second: `python -m bench.baseline COUNT`.
"""

import asyncio
import os
import sys
import time
from typing import Any

from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import BaseModel
from pymongo import WriteConcern

IN, OUT = "baseline.gateway.messages", "baseline.chatbot.events"


class Tap(BaseModel):
    id: str
    conversation: str
    text: str


class Reply(BaseModel):
    id: str
    conversation: str
    text: str


async def main(count: int) -> None:
    broker = KafkaBroker(os.environ["KAFKA_SERVERS"], acks="all", enable_idempotence=True, linger_ms=0, logger=None)
    mongo: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(os.environ["MONGO_URL"])
    conversations = mongo.baseline.get_collection("conversations", write_concern=WriteConcern(w="majority", j=True))
    finished, times = asyncio.Event(), []

    @broker.subscriber(IN, group_id="baseline", auto_offset_reset="earliest", ack_policy=AckPolicy.NACK_ON_ERROR)
    @broker.publisher(OUT)
    async def answer(tap: Tap) -> Reply:
        stored = await conversations.find_one({"_id": tap.conversation}) or {"count": 0}
        await conversations.update_one(
            {"_id": tap.conversation}, {"$set": {"count": stored["count"] + 1, "last": tap.text}}, upsert=True
        )
        times.append(time.perf_counter())
        if len(times) == count:
            finished.set()
        return Reply(id=tap.id, conversation=tap.conversation, text=f"Anh/chị đã chọn {tap.text}")

    app = FastStream(broker, logger=None)
    async with broker:
        for number in range(count):
            tap = Tap(id=str(number), conversation=f"c{number % 500}", text="#menu")
            await broker.publish(tap, IN, key=tap.conversation.encode(), no_confirm=number < count - 1)
        running = asyncio.ensure_future(app.run())
        await asyncio.wait_for(finished.wait(), 300)
        app.exit()
        await running
    skip = count // 10  # Joining the group is not the handler's work.
    print((count - skip) / (times[-1] - times[skip - 1]))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
