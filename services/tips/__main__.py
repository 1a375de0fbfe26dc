"""`python -m services.tips`."""

from chassis.service import run
from services.tips.app import build
from services.tips.settings import TipsSettings

if __name__ == "__main__":
    run("tips", TipsSettings, build)
