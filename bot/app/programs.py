"""What other programs reach: the HTTP API, made when the first of them asks."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp

from bot.app.colleague import Colleague
from bot.engine.serving import Serving
from bot.slack.edge import SlackEdge
from bot.web.asgi import Later


def programs(colleague: Colleague, edge: SlackEdge) -> Mapping[str, ASGIApp]:
    """By what their paths begin with."""
    return {"/api/v1": Later(lambda: _api(colleague, serving(colleague, edge)))}


def serving(colleague: Colleague, edge: SlackEdge) -> Serving:
    """Slack says who somebody is: without an edge there is nobody whom a program could act for."""
    return Serving(
        colleague.intake,
        colleague.record,
        colleague.authority,
        settings=colleague.settings,
        facts=edge.entry.facts,
        may_begin=edge.entry.may_begin,
        veil=colleague.database.veil,
    )


def _api(colleague: Colleague, tasks: Serving) -> ASGIApp:
    from bot.web.api import app  # FastAPI takes half a second, and most processes never need it
    from bot.web.api.caller import Buckets, Callers
    from bot.web.api.served import Services

    settings = colleague.settings
    services = Services(
        serving=tasks,
        callers=Callers(colleague.tokens, Buckets(settings.api_rate)),
        streams=colleague.streams,
    )
    return app.build(services, veil=colleague.database.veil, public_url=settings.public_url)
