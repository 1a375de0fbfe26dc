"""Offices: joined."""

from services.chatbot.features.feature import Deps, Feature, Parts
from services.chatbot.features.offices.api import qr_router
from services.chatbot.features.offices.flow import OFFICES


def _build(deps: Deps) -> Parts:
    return Parts(routers=(qr_router(deps.editions),))


FEATURE = Feature(flows=(OFFICES,), build=_build)
