"""The small decisions of the launcher, without starting anything."""

import shlex
from pathlib import Path

import pytest
import yaml
from supervisor.options import ServerOptions

from chassis.settings import Settings as ChassisSettings
from loa.commands.say import as_text, pick
from loa.install import obstacle, uv_alone
from loa.runtime import debian
from loa.runtime.errors import SetupError
from loa.runtime.kafka import jars
from loa.runtime.kafka.server import Kafka
from loa.runtime.program import Program
from loa.runtime.prometheus import PRODUCTION, localised
from loa.runtime.services import Service, environment_of, services
from loa.runtime.settings import ROOT, Settings
from loa.runtime.supervisor import State, Supervisor
from loa.runtime.tansu import Tansu
from loa.runtime.watch import changes
from tests.loa.setting_names import names_of

OAS = [{"oa_id": "1", "name": "Công an Quận 12"}, {"oa_id": "2", "name": "Cổng DVC tỉnh Sông Lam"}]


def state(word: str, started: int, pid: int = 7) -> State:
    return State("chatbot", word, pid, started)


def test_a_death_and_return_are_told_once() -> None:
    assert changes({"chatbot": state("RUNNING", 100)}, {"chatbot": state("RUNNING", 160, 8)}) == [
        "chatbot had died and was started again (pid 8)."
    ]
    assert changes({"chatbot": state("RUNNING", 160)}, {"chatbot": state("RUNNING", 160)}) == []


def test_a_first_start_is_no_news() -> None:
    assert changes({"chatbot": state("STARTING", 0)}, {"chatbot": state("RUNNING", 100)}) == []


def test_a_service_that_stays_down_is_reported() -> None:
    (sentence,) = changes({"chatbot": state("RUNNING", 100)}, {"chatbot": state("FATAL", 200)})
    assert "stays down" in sentence


def test_the_process_manager_reads_back_what_was_meant(tmp_path: Path) -> None:
    """Its configuration has commas, semicolons and percent signs of its own."""
    awkward = {"A": "one, two=three; %(four)s", "MONGO_URL": "mongodb://u:p@h:1/?a=b&c=d%20"}
    program = Program("odd", ("/bin/echo", "two words", "100%", "a;b#c"), awkward, stop_seconds=3)
    folder = tmp_path / "50% done, so to say"
    settings = Settings.read({"LOA_STATE": str(folder)})
    settings.logs.mkdir(parents=True)
    with (folder / "conf").open("w") as file:
        Supervisor(settings)._render([program], []).write(file)
    options = ServerOptions()
    options.realize(["-n", "-c", str(folder / "conf")])
    (process,) = options.process_group_configs[0].process_configs
    assert process.environment == awkward
    assert shlex.split(process.command) == list(program.argv)
    assert process.stdout_logfile == str(settings.logs / "odd.log")
    assert process.stopwaitsecs == 3
    assert process.autorestart


@pytest.mark.parametrize("name", ['a "quoted" name', "it's", "one ;two", "back\\slash", "two\nlines"])
def test_what_the_process_manager_would_misread_is_refused_with_the_remedy(name: str, tmp_path: Path) -> None:
    program = Program("odd", ("/bin/true",), {"SECRETS_DIR": name})
    with pytest.raises(SetupError, match="LOA_STATE"):
        Supervisor(Settings.read({"LOA_STATE": str(tmp_path)}))._render([program], [])


def test_prometheus_here_scrapes_the_same_services_as_in_production() -> None:
    production = yaml.safe_load(PRODUCTION.read_text())
    here = yaml.safe_load(localised(PRODUCTION.read_text(), services(Settings.read({"TIPS_PORT": "9102"}))))
    targets = {job["job_name"]: job["static_configs"][0]["targets"] for job in here["scrape_configs"]}
    assert targets["tips"] == ["127.0.0.1:9102"]
    assert set(targets) <= {job["job_name"] for job in production["scrape_configs"]}
    assert {"gateway", "chatbot", "tips", "notify", "auditor"} <= set(targets)


def test_each_service_has_a_port_of_its_own() -> None:
    every = services(Settings.read({}))
    ports = [port for service in every for port in (service.port, service.public_port) if port is not None]
    assert len(set(ports)) == len(ports) == len(every) + 3
    assert {"gateway", "chatbot", "tips", "notify", "auditor", "sandbox"} == {service.name for service in every}


def test_a_service_keeps_its_own_setting_over_the_common_one() -> None:
    service = Service("odd", ("x",), 1234, {"SECRETS_DIR": "/own"})
    environment = service.program({"SECRETS_DIR": "/common", "HTTP_PORT": "1"}).environment
    assert environment["SECRETS_DIR"] == "/own"
    assert environment["HTTP_PORT"] == "1234"


@pytest.mark.parametrize("wanted", ["2", "sông lam"])
def test_an_oa_is_meant_by_id_or_by_a_part_of_its_name(wanted: str) -> None:
    assert pick(OAS, wanted)["oa_id"] == "2"


def test_an_unknown_oa_is_answered_with_those_there_are() -> None:
    with pytest.raises(SetupError, match="Cổng DVC"):
        pick(OAS, "Hà Nội")


def test_a_message_is_shown_with_its_buttons() -> None:
    message = {"text": "Xin chào", "buttons": [{"title": "Làm căn cước"}]}
    assert as_text(message) == "Xin chào\n  [Làm căn cước]"


@pytest.mark.parametrize(
    ("version", "system", "machine", "says"),
    [
        ((3, 9, 1), "Linux", "x86_64", "Loa needs 3.11"),
        ((3, 12, 0), "Darwin", "arm64", "Remedy: a Linux machine"),
        ((3, 12, 0), "Linux", "aarch64", "not supported"),
    ],
)
def test_a_machine_that_cannot_run_it_is_told_so(
    version: tuple[int, ...], system: str, machine: str, says: str
) -> None:
    assert says in (obstacle(version, system, machine) or "")


def test_a_machine_that_can_is_told_nothing() -> None:
    assert obstacle((3, 11, 2), "Linux", "x86_64") is None


def test_uv_is_installed_by_its_locked_digests() -> None:
    lines = uv_alone((ROOT / "requirements.lock").read_text()).splitlines()
    assert lines[0].startswith("uv==")
    assert all(line.strip().startswith("--hash=sha256:") for line in lines[1:] if not line.strip().startswith("#"))
    assert len(lines) > 1


def test_jars_that_were_changed_are_not_used(tmp_path: Path) -> None:
    folder = jars.folder(tmp_path)
    folder.mkdir()
    for jar in jars.locked():
        (folder / jar).write_bytes(b"not what was locked")
    assert not jars.are_here(tmp_path)


def test_what_is_locked_is_what_the_project_file_asks_for() -> None:
    assert f"kafka_2.13-{jars.version()}.jar" in jars.locked()


def test_who_may_not_install_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SetupError, match=r"drive Chromium(.|\n)*sudo apt-get install .*chromium"):
        debian.require({"chromium": "The browser tests drive Chromium"})


def test_nothing_missing_installs_nothing() -> None:
    debian.require({})


@pytest.mark.parametrize("service", services(Settings.read({})), ids=lambda service: service.name)
def test_a_service_is_told_only_what_it_reads(service: Service) -> None:
    """A misspelt setting would be ignored in silence, and the default would reach for the wrong machine."""
    assert service.environment.keys() <= names_of(service.name)


@pytest.mark.parametrize("kind", [Tansu(9092), Kafka(ROOT, 9092, 9093, ROOT)], ids=lambda kind: kind.name)
def test_what_all_services_are_told_is_what_the_chassis_reads(kind: Tansu | Kafka) -> None:
    names = environment_of("tips", Settings.read({}), kind).keys() - {"PYTHONUNBUFFERED"}
    assert {name.removesuffix("_FILE") for name in names} <= {name.upper() for name in ChassisSettings.model_fields}
