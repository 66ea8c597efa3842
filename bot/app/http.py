"""The web address of a process: health and figures always, Slack's deliveries where it has an edge."""

from __future__ import annotations

from starlette.types import ASGIApp

from bot.app.colleague import Colleague
from bot.app.programs import programs
from bot.errors import CoworkError
from bot.model.claude import Claude
from bot.slack.edge import SlackEdge
from bot.web import asgi, connect
from bot.web.readiness import Part, Readiness


def http(
    colleague: Colleague, *, edge: SlackEdge | None = None, local_slack: ASGIApp | None = None
) -> ASGIApp:
    return asgi.build(
        slack_events=None if edge is None else edge.http_handler,
        local_slack=local_slack,
        readiness=_readiness(colleague, edge),
        metrics=colleague.telemetry.page,
        connect=() if edge is None else connect.routes(colleague.reception.linking, edge.tell),
        programs={} if edge is None else programs(colleague, edge),
    )


def _readiness(colleague: Colleague, edge: SlackEdge | None) -> Readiness:
    """The model is asked once a minute at most, and only while somebody asks us."""
    parts = [
        Part(name="database", look=colleague.database.trouble, keep=1),
        Part(name="model", look=lambda: _trouble(colleague.claude), keep=60),
    ]
    if edge is not None:
        parts.append(Part(name="slack", look=edge.trouble, keep=30))
    return Readiness(parts)


def _trouble(claude: Claude) -> str:
    """Why it cannot work now, "" when it can. Costs no tokens."""
    try:
        claude.check()
    except CoworkError as trouble:
        return str(trouble)
    return ""
