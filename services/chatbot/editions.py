"""What is told when an editor's content goes live, or is refused."""

import structlog

from services.chatbot.content.watch import Published, Refused
from services.chatbot.metrics import CONTENT_INFO, CONTENT_REFUSED

log = structlog.get_logger()


def record_publication(outcome: Published | Refused) -> None:
    match outcome:
        case Published(version):
            CONTENT_INFO.clear()
            CONTENT_INFO.labels(version).set(1)
            log.info("content_published", version=version)
        case Refused(faults):
            CONTENT_REFUSED.inc()
            log.warning("content_refused", faults=[str(fault) for fault in faults[:20]])
