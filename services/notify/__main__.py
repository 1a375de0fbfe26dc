"""`python -m services.notify`."""

from chassis.service import run
from services.notify.app import build
from services.notify.settings import NotifySettings

if __name__ == "__main__":
    run("notify", NotifySettings, build)
