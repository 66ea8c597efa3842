"""The HTTP API as an ASGI app: its endpoints, its problems, its own description, and who is let in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from bot.domain.veil import Veil
from bot.errors import CoworkError
from bot.web import problems
from bot.web.api import checkpoints, connectors, deliverables, events, reference, tasks, webhooks
from bot.web.api.caller import Refused
from bot.web.api.served import Services
from bot.web.guard import MOST_BYTES, Guard, TooLarge, too_large
from bot.web.problems import Problem

PREFIX = "/api/v1"
_ABOUT = """Goals for Cowork from scripts and other programs.

Every request carries `Authorization: Bearer ck_…`, and acts as the person of that token: what they could not do in
Slack it cannot do here. What goes wrong is `application/problem+json` with a `remedy`. A request that was cut off may
be sent again with the same `Idempotency-Key`.
"""


def build(services: Services, *, veil: Veil = Veil(), public_url: str = "") -> ASGIApp:
    """To be mounted at the root: its paths begin with `PREFIX`."""
    app = FastAPI(
        title="Cowork",
        version="1",
        description=_ABOUT,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        default_response_class=_veiled(veil),
        redirect_slashes=False,
        exception_handlers={
            CoworkError: _of_error,
            Refused: _refused,
            RequestValidationError: _invalid,
            HTTPException: _of_http,
            Exception: _surprise,
        },
    )
    app.state.services, app.state.callers = services, services.callers
    for noun in (tasks, checkpoints, events, deliverables, webhooks):
        app.include_router(noun.router, prefix=PREFIX)
    if services.connectors is not None:
        app.include_router(connectors.router, prefix=PREFIX)
    app.add_api_route(f"{PREFIX}/docs", reference.page(app), include_in_schema=False)
    described = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = reference.with_problems(described())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
    return Guard(app, public_url=public_url)


def _veiled(veil: Veil) -> type[JSONResponse]:
    """What is secret is hidden here, too, wherever a text has it."""

    class Veiled(JSONResponse):
        def render(self, content: Any) -> bytes:
            return super().render(veil.masked_in(content))

    return Veiled


async def _of_error(_: Request, error: Any) -> Response:
    return problems.of_error(error).response()


async def _surprise(_: Request, error: Any) -> Response:
    return problems.of_surprise(error).response()


async def _refused(_: Request, error: Any) -> Response:
    problem: Problem = error.problem
    return problem.response()


async def _invalid(_: Request, error: Any) -> Response:
    """Which part of the request, and what is wrong with it."""
    found = [_fault(one) for one in error.errors()]
    is_no_json = any(one["type"] == "json_invalid" for one in error.errors())
    said = "; ".join(f"{one['at']}: {one['what']}" for one in found[:3])
    return Problem.of(
        400 if is_no_json else 422,
        f"The request is not as it should be. {said}",
        f"{PREFIX}/docs says what it takes. Nothing was done.",
        type="invalid-request",
        more={"faults": jsonable_encoder(found)},
    ).response()


def _fault(one: Mapping[str, Any]) -> dict[str, str]:
    return {"at": ".".join(map(str, one["loc"])), "what": str(one["msg"])}


async def _of_http(_: Request, error: Any) -> Response:
    """What the router says: no such path, or not by this method; and a body that goes on for too long."""
    if isinstance(error, TooLarge):
        return too_large(MOST_BYTES).response()
    return Problem.of(
        error.status_code,
        f"{error.detail}.",
        f"{PREFIX}/docs lists what there is.",
        headers=error.headers or {},
    ).response()
