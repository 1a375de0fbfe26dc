"""The houses and the sandbox as processes of this machine: what runs, where it listens, what it is told."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from loa.runtime.broker import Broker
from loa.runtime.program import Program
from loa.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class House:
    """A process with an HTTP door that answers 200 on `ready` when it can work."""

    name: str
    argv: tuple[str, ...]
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: str = "/ready"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def program(self, common: Mapping[str, str]) -> Program:
        door = {"HTTP_HOST": "127.0.0.1", "HTTP_PORT": str(self.port)}
        return Program(self.name, self.argv, {**common, **self.environment, **door})


def houses(settings: Settings) -> tuple[House, ...]:
    """Everything but the servers below, in the order in which they are started."""

    def house(name: str, port: int, **environment: str) -> House:
        return House(name, (sys.executable, "-m", f"services.{name}"), port, environment)

    webhook = f"http://127.0.0.1:{settings.gateway_port}/webhooks/zalo"
    sandbox = House(
        "sandbox",
        (sys.executable, "-m", "sandbox"),
        settings.sandbox_port,
        {"WEBHOOK_URL": webhook, "STATE": str(settings.loa_state / "sandbox.json")},
    )
    return (
        sandbox,
        house("gateway", settings.gateway_port),
        house("chatbot", settings.chatbot_port),
        house("tips", settings.tips_port),
        house("notify", settings.notify_port),
    )


def common(settings: Settings, broker: Broker, mongo_url: str) -> dict[str, str]:
    """What every house is told. What is set in the operator's own environment and not named here reaches them too."""
    zalo = f"http://127.0.0.1:{settings.sandbox_port}"
    told = {
        "KAFKA_SERVERS": broker.servers,
        "MONGO_URL": mongo_url,
        "SECRETS_DIR": str(settings.secrets),
        "ZALO_OPENAPI_URL": zalo,
        "ZALO_OAUTH_URL": zalo,
        "PYTHONUNBUFFERED": "1",  # A line of log is on disk when it is written, not when the house ends.
    }
    if broker.name == "tansu":  # It refuses idempotent producers, and sleeps half of every wait.
        told |= {"KAFKA_IDEMPOTENCE": "false", "KAFKA_FETCH_WAIT_MS": "40", "KAFKA_SESSION_MS": "4000"}
    return told
