"""What other programs reach: the HTTP API and the MCP server, each made when the first of them asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from bot.app.colleague import Colleague
from bot.engine.serving import Serving
from bot.slack.edge import SlackEdge
from bot.web.asgi import Later
from bot.web.buckets import Buckets
from bot.web.mcp.door import METADATA, PATH, door

if TYPE_CHECKING:
    from bot.web.mcp.hosted import Hosted


def programs(colleague: Colleague, edge: SlackEdge) -> Mapping[str, ASGIApp]:
    """By what their paths begin with."""
    tasks = serving(colleague, edge)
    settings, buckets = colleague.settings, Buckets(colleague.settings.api_rate)
    mcp = door(colleague.tokens, buckets, lambda: _mcp(colleague, tasks), public_url=settings.public_url)
    return {"/api/v1": Later(lambda: _api(colleague, tasks, buckets)), PATH: mcp, METADATA: mcp}


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


def _mcp(colleague: Colleague, tasks: Serving) -> Hosted:
    from bot.web.mcp.assembled import hosted  # the SDK takes more than that

    return hosted(tasks, colleague.tokens, colleague.record, colleague.bell)


def _api(colleague: Colleague, tasks: Serving, buckets: Buckets) -> ASGIApp:
    from bot.web.api import app  # FastAPI takes half a second, and most processes never need it
    from bot.web.api.caller import Callers
    from bot.web.api.served import Services

    services = Services(
        serving=tasks,
        callers=Callers(colleague.tokens, buckets),
        streams=colleague.streams,
        webhooks=colleague.webhooks,
        connectors=colleague.connectors,
    )
    return app.build(services, veil=colleague.database.veil, public_url=colleague.settings.public_url)
