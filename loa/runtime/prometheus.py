"""Prometheus, where it is installed: the production configuration with this machine's addresses in it."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import yaml

from loa.runtime.program import Program
from loa.runtime.services import Service
from loa.runtime.settings import ROOT, Settings

PRODUCTION = ROOT / "deploy" / "prometheus" / "prometheus.yml"


def installed() -> str | None:
    """Where Prometheus is, or None: nothing of Loa's depends on it."""
    return shutil.which("prometheus")


def program(settings: Settings, services: Iterable[Service]) -> Program | None:
    """None where Prometheus is not installed."""
    path = installed()
    if path is None:
        return None
    home = settings.loa_state / "prometheus"
    home.mkdir(parents=True, exist_ok=True)
    config = home / "prometheus.yml"
    config.write_text(localised(PRODUCTION.read_text(), services))
    return Program("prometheus", (path, *_flags(config, home, settings.prometheus_port)))


def localised(production: str, services: Iterable[Service]) -> str:
    """Returns the configuration with each job's target replaced by its service's address; other jobs are left out."""
    config = yaml.safe_load(production)
    addresses = {service.name: f"127.0.0.1:{service.port}" for service in services}
    here = [job for job in config["scrape_configs"] if job["job_name"] in addresses]
    for job in here:
        job["static_configs"] = [{"targets": [addresses[job["job_name"]]]}]
    text: str = yaml.safe_dump(config | {"scrape_configs": here}, sort_keys=False)
    return text


def _flags(config: Path, home: Path, port: int) -> tuple[str, ...]:
    return (
        f"--config.file={config}",
        f"--storage.tsdb.path={home / 'data'}",
        "--storage.tsdb.retention.size=256MB",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
    )
