"""One Kafka node, broker and controller in one, that keeps what it acknowledged."""

import base64
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from loa.runtime.errors import SetupError
from loa.runtime.kafka.jars import HERE
from loa.runtime.program import Program
from loa.runtime.shell import run

LEAST_JAVA = 17

# A lean start on a small machine: no waiting for company in groups of one, small internal topics, and a session short
# enough that a broker killed and started again is let back in within seconds (nine by default).
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners={protocol}://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners={protocol}://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map={protocol}:{protocol},CONTROLLER:{protocol}
log.dirs={data}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
log.retention.hours=168
log.segment.bytes=67108864
"""


# Who has no right has none: what a new topic is for has to be said (chassis/kafka/access.py).
ACCOUNTS = """\
sasl.enabled.mechanisms=PLAIN
sasl.mechanism.inter.broker.protocol=PLAIN
sasl.mechanism.controller.protocol=PLAIN
security.inter.broker.protocol=SASL_PLAINTEXT
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:loa
"""


def java() -> str | None:
    """The java to run: JAVA_HOME's, or the one in the path."""
    home = os.environ.get("JAVA_HOME")
    candidate = Path(home) / "bin" / "java" if home else None
    return str(candidate) if candidate and candidate.exists() else shutil.which("java")


def java_version() -> int | None:
    """The major version, e.g. 17; None without a java that runs."""
    java_path = java()
    if java_path is None:
        return None
    output = run([java_path, "-version"], 30).stderr
    number = re.search(r'version "(?:1\.)?(\d+)', output)
    return int(number[1]) if number else None


@dataclass(frozen=True, slots=True)
class Kafka:
    """`home` holds the log and the node's configuration; `jars` is what `jars.bring` returned.

    `accounts` is the file of names and passwords; without one everybody on this machine may do everything.
    """

    home: Path
    port: int
    controller_port: int
    jars: Path
    accounts: Path | None = None
    name: str = "kafka"
    partitions: int = 12

    @property
    def servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    def program(self) -> Program:
        """Write the configuration and give a new log its identity. Returns how to run it. Raises SetupError."""
        self.home.mkdir(parents=True, exist_ok=True)
        data, config = self.home / "data", self.home / "server.properties"
        protocol = "SASL_PLAINTEXT" if self.accounts else "PLAINTEXT"
        properties = PROPERTIES.format(port=self.port, controller=self.controller_port, data=data, protocol=protocol)
        config.write_text(properties + (ACCOUNTS if self.accounts else ""))
        if not (data / "meta.properties").exists():
            self._format(config)
        return Program("broker", (*self._java(), "kafka.Kafka", str(config)), stop_seconds=30)

    def _java(self) -> tuple[str, ...]:
        heap = ("-Xms128m", "-Xmx400m", "-XX:+UseSerialGC", "-XX:-UsePerfData")  # One small node; G1 wants more cores.
        logging = f"-Dlog4j2.configurationFile={(HERE / 'log4j2.properties').as_uri()}"
        login = (f"-Djava.security.auth.login.config={self.accounts}",) if self.accounts else ()
        return (java() or "java", *heap, logging, *login, "-cp", f"{self.jars}/*")

    def _format(self, config: Path) -> None:
        identity = base64.urlsafe_b64encode(os.urandom(16)).decode().rstrip("=")
        tool = [*self._java(), "kafka.tools.StorageTool", "format", "-c", str(config)]
        tool.append(f"--cluster-id={identity}")  # In one word with its name: it may begin with a dash.
        result = run(tool, 60)
        if result.returncode:
            output = (result.stderr or result.stdout)[-400:].strip()
            raise SetupError(f"Kafka could not prepare its log: {output}", f"Look at {self.home}, or use BROKER=tansu.")
