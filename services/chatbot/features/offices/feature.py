"""Offices: joined."""

from services.chatbot.features.feature import Deps, Feature, Parts
from services.chatbot.features.offices.api import qr_router


def _build(deps: Deps) -> Parts:
    return Parts(routers=(qr_router(deps.editions),))


FEATURE = Feature(build=_build)
