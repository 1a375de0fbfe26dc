"""How satisfied citizens were, over HTTP, for officers."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from chassis.auth import RESPONSES, Auth
from contracts.scopes import Scope
from services.chatbot.features.survey.store import Surveys


def survey_router(surveys: Surveys, auth: Auth) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["officers"], responses=RESPONSES)

    @router.get("/surveys", dependencies=[auth.require(Scope.SURVEYS_READ)])
    async def results(
        oa_id: Annotated[str, Query(pattern=r"^[0-9A-Za-z_-]{1,32}$")],
        since: Annotated[AwareDatetime, Query()],
        until: Annotated[AwareDatetime, Query()],
    ) -> list[dict[str, Any]]:
        """How satisfied citizens were with this OA between two times, by errand."""
        return await surveys.results(oa_id, since, until)

    return router
