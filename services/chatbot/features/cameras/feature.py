"""Traffic cameras: joined."""

from services.chatbot.features.cameras.api import picture_router
from services.chatbot.features.feature import Deps, Feature, Parts


def _build(deps: Deps) -> Parts:
    return Parts(routers=(picture_router(deps.editions),))


FEATURE = Feature(build=_build)
