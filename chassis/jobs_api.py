"""The jobs' page of every service's API: what runs, what is parked, and the command that tries it again."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import AwareDatetime, BaseModel, Field

from chassis.auth import RESPONSES, Auth
from chassis.job_runner import JobRunner
from contracts.scopes import Scope

_PAGE = 500


class JobStatus(BaseModel):
    name: str
    every_seconds: float
    alive: bool


class Parked(BaseModel):
    job: str
    key: str
    reason: str = Field(description="The type of the exception: its text could quote a citizen.")
    at: AwareDatetime
    times: int


class Redrive(BaseModel):
    job: str = Field(max_length=64)
    key: str | None = Field(None, max_length=256, description="One item; all of the job's without it.")


class Redriven(BaseModel):
    items: int


def jobs_api(runner: JobRunner, auth: Auth) -> APIRouter:
    """For operators: the jobs of a service work for every OA."""
    allowed = auth.require(Scope.JOBS_MANAGE, every_oa=True)
    router = APIRouter(prefix="/api/jobs", tags=["jobs"], dependencies=[allowed], responses=RESPONSES)

    @router.get("")
    async def jobs() -> list[JobStatus]:
        hanging = runner.hanging()
        return [
            JobStatus(name=job.name, every_seconds=job.every_seconds, alive=job.name not in hanging)
            for job in runner.jobs.values()
        ]

    @router.get("/parked")
    async def parked(job: Annotated[str | None, Query(max_length=64)] = None) -> list[Parked]:
        """The oldest first, at most five hundred."""
        return [Parked(**asdict(item)) for item in await runner.parked.list(job, _PAGE)]

    @router.post("/parked/redrive", responses={404: {"description": "No such job."}})
    async def redrive(order: Redrive) -> Redriven:
        """Try parked items again. One that fails again is parked again."""
        job = runner.jobs.get(order.job)
        if job is None:
            raise HTTPException(404, f"there is no such job; there are: {', '.join(sorted(runner.jobs)) or 'none'}")
        items = await runner.parked.redrive(order.job, order.key, datetime.now(UTC))
        if job.wake is not None:
            job.wake.wake()
        return Redriven(items=items)

    return router
