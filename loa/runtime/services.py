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
    """A process with an HTTP port for operators that answers 200 on `ready` when it is ready, and maybe one for everybody."""

    name: str
    argv: tuple[str, ...]
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: str = "/ready"
    public_port: int | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def program(self, common: Mapping[str, str]) -> Program:
        http_settings = {"HTTP_HOST": "127.0.0.1", "HTTP_PORT": str(self.port)}
        if self.public_port is not None:
            http_settings["PUBLIC_PORT"] = str(self.public_port)
        return Program(self.name, self.argv, {**common, **self.environment, **http_settings})


MEDIA_OF_ZALO = "zdn.vn,zadn.vn,dlfl.vn,dlmd.me"


def services(settings: Settings) -> tuple[Service, ...]:
    """Returns every program except the servers, each with the addresses of those it calls."""
    sandbox, gateway, chatbot, notify = (
        f"127.0.0.1:{port}"
        for port in (settings.sandbox_port, settings.gateway_port, settings.chatbot_port, settings.notify_port)
    )
    zalo = {"ZALO_OPENAPI_URL": f"http://{sandbox}", "ZALO_OAUTH_URL": f"http://{sandbox}"}
    state_file, media_hosts = str(settings.loa_state / "sandbox.json"), f"{MEDIA_OF_ZALO},{sandbox}"
    return (
        _python(
            "sandbox",
            "sandbox",
            settings.sandbox_port,
            None,
            PUBLIC_URL=f"http://{sandbox}",
            WEBHOOK_URL=f"http://{gateway}/webhooks/zalo",
            STATE=state_file,
        ),
        _service("gateway", settings.gateway_internal_port, settings.gateway_port, PUBLIC_URL=f"http://{gateway}"),
        _service(
            "chatbot",
            settings.chatbot_internal_port,
            settings.chatbot_port,
            FILES_URL=f"http://{chatbot}",
            MEDIA_HOSTS=media_hosts,
            CONTENT_ARCHIVE=str(settings.loa_state / "editions"),
        ),
        _service("tips", settings.tips_port, None, MEDIA_HOSTS=media_hosts),
        _service(
            "notify",
            settings.notify_internal_port,
            settings.notify_port,
            PUBLIC_URL=f"http://{notify}",
            ASSET_HOSTS=chatbot,
            **zalo,
        ),
        _service("auditor", settings.auditor_port, None, CHECKPOINTS_PATH=str(settings.checkpoints)),
    )


def _service(name: str, port: int, public_port: int | None, **environment: str) -> Service:
    return _python(name, f"services.{name}", port, public_port, **environment)


def _python(name: str, module: str, port: int, public_port: int | None, **environment: str) -> Service:
    return Service(name, (sys.executable, "-m", module), port, environment, public_port=public_port)


def environment_of(service: str, settings: Settings, broker: Broker) -> dict[str, str]:
    """Returns what this process is told besides its own settings. What the operator's environment sets reaches it too."""
    environment = {
        "KAFKA_SERVERS": broker.servers,
        "SECRETS_DIR": str(settings.secrets),
        "PYTHONUNBUFFERED": "1",  # A log line is on disk when it is written, not when the service ends.
    }
    if service in SERVICES:
        environment["MONGO_URL_FILE"] = str(mongo_url_file(settings.secrets, service))
    if service in SERVICES and broker.name == "kafka":
        password = str(settings.secrets / f"{service}-kafka-password")
        environment |= {"KAFKA_USER": service, "KAFKA_PASSWORD_FILE": password}
    if broker.name == "tansu":  # It refuses idempotent producers, and sleeps half of every wait.
        environment |= {"KAFKA_IDEMPOTENCE": "false", "KAFKA_FETCH_WAIT_MS": "40", "KAFKA_SESSION_MS": "4000"}
    return environment
