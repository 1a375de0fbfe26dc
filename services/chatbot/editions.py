"""What is told when an editor's content goes live, or is refused."""

import structlog

from services.chatbot.content.watch import Published, Refused
from services.chatbot.metrics import CONTENT, REFUSED

log = structlog.get_logger()


def published(told: Published | Refused) -> None:
    match told:
        case Published(version):
            CONTENT.clear()
            CONTENT.labels(version).set(1)
            log.info("content_published", version=version)
        case Refused(faults):
            REFUSED.inc()
            log.warning("content_refused", faults=[str(fault) for fault in faults[:20]])
