"""Which broker this machine runs, and why: Kafka wherever it can, Tansu otherwise, or what the operator says."""

import shutil
from dataclasses import dataclass

from loa.runtime.accounts import write_kafka_accounts
from loa.runtime.errors import SetupError
from loa.runtime.kafka import jars
from loa.runtime.kafka.server import LEAST_JAVA, Kafka, java_version
from loa.runtime.settings import BrokerName, Settings
from loa.runtime.tansu import Tansu

Broker = Kafka | Tansu
FORGETFUL = (
    "in memory, for a laptop and demonstrations only: it forgets everything when it stops, and has no accounts: "
    "whoever is on this machine reads and writes every topic"
)


@dataclass(frozen=True, slots=True)
class Machine:
    """What the choice depends on. `java` is a major version; `jars` says that an earlier download is complete."""

    java: int | None
    maven: bool
    jars: bool

    def obstacle(self) -> str | None:
        """Returns what keeps Kafka from running here, or None."""
        if self.java is None:
            return "there is no Java here"
        if self.java < LEAST_JAVA:
            return f"Java {self.java} is here and Kafka needs {LEAST_JAVA}"
        if not self.jars and not self.maven:
            return "there is no Maven here to bring Kafka's jars"
        return None


@dataclass(frozen=True, slots=True)
class Choice:
    name: BrokerName
    why: str


def choose(wanted: BrokerName | None, machine: Machine) -> Choice:
    """Raises SetupError where Kafka is asked for by name and cannot run."""
    obstacle = machine.obstacle()
    if wanted == "tansu":
        return Choice("tansu", f"BROKER asks for it; {FORGETFUL}")
    if obstacle is None:
        source = "its jars are here from an earlier run" if machine.jars else "Maven brings its jars, once"
        return Choice("kafka", f"Java {machine.java} is here and {source}")
    if wanted == "kafka":
        remedy = "apt-get install openjdk-17-jre-headless maven (JAVA_HOME is heeded), or use BROKER=tansu."
        raise SetupError(f"BROKER=kafka cannot be done: {obstacle}.", remedy)
    return Choice("tansu", f"{obstacle}; {FORGETFUL}")


def look(settings: Settings) -> Machine:
    return Machine(java_version(), shutil.which("mvn") is not None, jars.are_here(settings.loa_cache))


def prepare(settings: Settings) -> tuple[Broker, str]:
    """Returns the broker, ready to run, and the sentence that says which and why. Downloads Kafka's jars the first time."""
    choice = choose(settings.broker, look(settings))
    if choice.name == "kafka":
        try:
            home = jars.bring(settings.loa_cache)
        except SetupError as error:
            if settings.broker == "kafka":
                raise
            choice = Choice("tansu", f"{error.what.rstrip('.')}; {FORGETFUL}")
        else:
            accounts = write_kafka_accounts(settings.secrets)
            kafka = Kafka(
                settings.loa_state / "kafka", settings.kafka_port, settings.kafka_controller_port, home, accounts
            )
            return kafka, f"Broker: Apache Kafka {jars.version()} ({choice.why})."
    return Tansu(settings.kafka_port), f"Broker: Tansu ({choice.why})."
