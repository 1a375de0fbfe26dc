"""The parts of the auditor joined: a chain, a signature every minute, and no API but that of the jobs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chassis.jobs import periodic
from chassis.service import Resources, Service
from services.auditor import metrics
from services.auditor.checkpoints import Checkpoints
from services.auditor.handle import CONSUMES, AuditorHandler, known_good
from services.auditor.settings import AuditorSettings
from services.auditor.signing import KEY_FILE, Signer
from services.auditor.store import ChainStore


@asynccontextmanager
async def build(resources: Resources[AuditorSettings]) -> AsyncIterator[Service]:
    """Raises MisconfiguredError without the signing key."""
    metrics.prepare()
    settings, store = resources.settings, ChainStore(resources.db)
    signer = Signer.load(settings.secrets_dir / KEY_FILE)
    checkpoints = Checkpoints(store, signer, settings.checkpoints_path, resources.clock)
    yield Service(
        handle=AuditorHandler(store, checkpoints).handle,
        consumes=CONSUMES,
        known_good=known_good,
        jobs=[periodic("sign_checkpoint", settings.checkpoint_seconds, checkpoints.sign)],
        stores=[store, checkpoints],
    )
