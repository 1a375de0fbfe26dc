"""`python -m services.gateway`."""

from chassis.service import run
from services.gateway.app import build
from services.gateway.settings import GatewaySettings

if __name__ == "__main__":
    run("gateway", GatewaySettings, build)
