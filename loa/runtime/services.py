"""The services and the sandbox as processes of this machine: what runs, where it listens, its environment."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.catalogue import SERVICES
from loa.runtime.accounts import mongo_url_file
from loa.runtime.broker import Broker
from loa.runtime.program import Program
from loa.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """A process with an HTTP port that answers 200 on `ready` when it is ready."""

    name: str
    argv: tuple[str, ...]
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: str = "/ready"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def program(self, common: Mapping[str, str]) -> Program:
        http_settings = {"HTTP_HOST": "127.0.0.1", "HTTP_PORT": str(self.port)}
        return Program(self.name, self.argv, {**common, **self.environment, **http_settings})


MEDIA_OF_ZALO = "zdn.vn,zadn.vn,dlfl.vn,dlmd.me"


def services(settings: Settings) -> tuple[Service, ...]:
    """Returns every program except the servers, each with the addresses of those it calls."""
    gateway, chatbot, tips, notify, auditor, sandbox = (
        f"127.0.0.1:{port}"
        for port in (
            settings.gateway_port,
            settings.chatbot_port,
            settings.tips_port,
            settings.notify_port,
            settings.auditor_port,
            settings.sandbox_port,
        )
    )
    webhook, state_file = f"http://{gateway}/webhooks/zalo", str(settings.loa_state / "sandbox.json")
    zalo = {"ZALO_OPENAPI_URL": f"http://{sandbox}", "ZALO_OAUTH_URL": f"http://{sandbox}"}
    return (
        _python("sandbox", "sandbox", sandbox, PUBLIC_URL=f"http://{sandbox}", WEBHOOK_URL=webhook, STATE=state_file),
        _python("gateway", "services.gateway", gateway, PUBLIC_URL=f"http://{gateway}"),
        _python(
            "chatbot",
            "services.chatbot",
            chatbot,
            FILES_URL=f"http://{chatbot}",
            MEDIA_HOSTS=f"{MEDIA_OF_ZALO},{sandbox}",
            CONTENT_ARCHIVE=str(settings.loa_state / "editions"),
        ),
        _python("tips", "services.tips", tips, MEDIA_HOSTS=f"{MEDIA_OF_ZALO},{sandbox}"),
        _python(
            "notify", "services.notify", notify, PUBLIC_URL=f"http://{notify}", ASSET_HOSTS=f"{chatbot},{tips}", **zalo
        ),
        _python("auditor", "services.auditor", auditor, CHECKPOINTS_PATH=str(settings.checkpoints)),
    )


def _python(name: str, module: str, address: str, **environment: str) -> Service:
    return Service(name, (sys.executable, "-m", module), int(address.split(":")[1]), environment)


def environment_of(service: str, settings: Settings, broker: Broker) -> dict[str, str]:
    """Returns what this process is told besides its own settings. What the operator's environment sets reaches it too."""
    environment = {
        "KAFKA_SERVERS": broker.servers,
        "SECRETS_DIR": str(settings.secrets),
        "PYTHONUNBUFFERED": "1",  # A log line is on disk when it is written, not when the service ends.
    }
    if service in SERVICES:
        environment["MONGO_URL_FILE"] = str(mongo_url_file(settings.secrets, service))
    if broker.name == "tansu":  # It refuses idempotent producers, and sleeps half of every wait.
        environment |= {"KAFKA_IDEMPOTENCE": "false", "KAFKA_FETCH_WAIT_MS": "40", "KAFKA_SESSION_MS": "4000"}
    return environment
