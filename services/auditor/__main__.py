"""`python -m services.auditor`."""

from chassis.service import run
from services.auditor.app import build
from services.auditor.settings import AuditorSettings

if __name__ == "__main__":
    run("auditor", AuditorSettings, build)
