"""The shipped content, copied for a suite that may run at night and on holidays: somebody is always there."""

import re
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import yaml

from chassis.clock import VIETNAM
from loa.runtime.settings import ROOT

ALWAYS = '["T2-CN 00:00-24:00"]'
HOLIDAY = "Ngày hội Thử nghiệm"
SCARCE = "dl_ho_chieu"  # One citizen in four hours, today and tomorrow: a line forms.


def always_open(target: Path) -> Path:
    """Open at any hour of any day, but for one holiday in three days' time. Passports are scarce."""
    shutil.copytree(ROOT / "content", target)
    for path in (target / "packs").glob("*.yaml"):
        path.write_text(re.sub(r"^hours: .*$", f"hours: {ALWAYS}", path.read_text(), flags=re.MULTILINE))
    _services(target / "services.yaml")
    holidays = f'holidays: [{{first: {holiday()}, last: {holiday()}, name: "{HOLIDAY}"}}]\n'
    holidays += 'sources: [{title: "Đặt ra để thử"}]\n'
    (target / "holidays.yaml").write_text(holidays)
    return target


def holiday() -> date:
    return datetime.now(VIETNAM).date() + timedelta(days=3)


def _services(path: Path) -> None:
    document = yaml.safe_load(path.read_text())
    for service in document["services"]:
        service |= {"hours": ["T2-CN 00:00-24:00"], "notice_hours": 0}
        if service["id"] == SCARCE:
            service |= {"minutes": 240, "capacity": 1, "horizon_days": 1}
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))
