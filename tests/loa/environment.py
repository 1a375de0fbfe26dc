"""A Loa of one's own on free ports, with services in miniature."""

import sys
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient

from loa.runtime.accounts import broker_administrator
from loa.runtime.launch import Running
from loa.runtime.ports import free_port
from loa.runtime.services import Service
from loa.runtime.settings import Settings

STANDIN = str(Path(__file__).parent / "standins" / "service.py")


def settings_in(state: Path, broker: str) -> Settings:
    ports = {name: str(free_port()) for name in Settings.read({}).ports()}
    return Settings.read({"LOA_STATE": str(state), "BROKER": broker, "READY_SECONDS": "60", **ports})


def standins(settings: Settings, **environment: str) -> list[Service]:
    names = {"gateway": settings.gateway_port, "chatbot": settings.chatbot_port}
    return [Service(name, (sys.executable, STANDIN), port, environment) for name, port in names.items()]


async def partitions(running: Running) -> dict[str, int]:
    """Every topic of its broker, and how many partitions it has."""
    administrator = broker_administrator(running.broker.name, running.settings.secrets)
    admin = AIOKafkaAdminClient(bootstrap_servers=running.broker.servers, **administrator.client_options())
    await admin.start()
    try:
        return {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}
    finally:
        await admin.close()
