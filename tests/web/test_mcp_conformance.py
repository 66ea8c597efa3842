"""The official conformance suite against our own `/mcp`, let in by a token as every caller is."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.domain.token import TokenScope
from bot.web.server import Server
from tests.connectors import conformance
from tests.engine.office import ANA
from tests.web.mcp_office import door_of


def bearing(app: ASGIApp, secret: str) -> ASGIApp:
    """The suite has no way to be given a token."""
    header = (b"authorization", f"Bearer {secret}".encode())

    async def borne(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "headers": [*scope.get("headers", []), header]}, receive, send)

    return borne


def test_every_server_scenario_that_applies_to_ours_passes(new_office) -> None:
    app, tokens = door_of(new_office())
    secret = tokens.make(ANA, "suite", tuple(TokenScope), by="test").secret
    server = Server(host="127.0.0.1", port=0)
    server.start(bearing(app, secret))

    results, said = conformance.server(f"{server.url}/mcp")
    server.stop()

    assert [name for name in conformance.SERVER if not results[name]] == [], said
    assert conformance.server_as_markdown(results) in conformance.TABLE.read_text("utf-8")
