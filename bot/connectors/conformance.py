"""`python -m bot.connectors.conformance URL`: what the official conformance suite runs as the client that it tests.

It is our own hub, guard and sign-in, in the place of a worker; the person at the browser is played by one request.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from bot.connectors.hub import Hub
from bot.domain.clock import system_clock
from bot.domain.connector import Connector, Definition, Era, Transport
from bot.domain.person import Person
from bot.errors import NotConfigured, SignInNeeded, ToolError
from bot.sdk.halt import Halt

SCENARIO: Final = "MCP_CONFORMANCE_SCENARIO"
CONTEXT: Final = "MCP_CONFORMANCE_CONTEXT"
VERSION: Final = "MCP_CONFORMANCE_PROTOCOL_VERSION"
BACK: Final = "http://localhost:3000/callback"
DOCUMENT: Final = "https://conformance-test.local/client-metadata.json"

_SOMEBODY: Final = Person(team="T1", user="U1", name="Conformance")
_MOST_SIGN_INS: Final = 3
_STUBS: Final[Mapping[str, Any]] = {
    "string": "text",
    "integer": 1,
    "number": 1,
    "boolean": True,
    "array": [],
    "object": {},
}


def main(url: str, scenario: str, context: Mapping[str, Any], version: str) -> None:
    """Connects, calls every tool, and signs in when it is told to. Raises what a task would meet."""
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        _run(url, scenario, context, version, folder)


def _run(url: str, scenario: str, context: Mapping[str, Any], version: str, folder: str) -> None:
    connector = Connector(
        slug="conformance",
        title="Conformance",
        transport=Transport.HTTP,
        url=url,
        is_personal=True,
        client_id="" if "private_key_pem" in context else str(context.get("client_id", "")),
        client_secret="${CLIENT_SECRET}" if context.get("client_secret") else "",
    )
    given = {"CLIENT_SECRET": str(context.get("client_secret", ""))}
    auth, sign_in = _signing(connector, scenario, context, given, folder)
    hub = Hub(
        secret=lambda name: _of(given, name),
        inside=_is_loopback,
        auth=lambda *_: auth,
        callbacks=lambda *_: _callbacks(),
        era=lambda _: Era.UNKNOWN if version >= "2026" else Era.HANDSHAKE,
    )
    try:
        for tool in _signed_in(lambda: hub.look(connector, _SOMEBODY), sign_in).tools:
            _signed_in(lambda tool=tool: _called(hub, connector, tool), sign_in)  # type: ignore[misc]
    finally:
        hub.close()


def _called(hub: Hub, connector: Connector, tool: Definition) -> None:
    schema = tool.described["inputSchema"]
    arguments = {
        name: _STUBS[schema["properties"][name].get("type", "string")] for name in schema.get("required", ())
    }
    hub.call(connector, _SOMEBODY, tool.name, arguments, halt=Halt())


def _signed_in(act: Callable[[], Any], sign_in: Callable[[], None] | None) -> Any:
    """As a task does: it waits for the sign-in that it needs, and goes on."""
    for _ in range(_MOST_SIGN_INS):
        try:
            return act()
        except SignInNeeded:
            if sign_in is None:
                raise
            sign_in()
    return act()


def _signing(
    connector: Connector,
    scenario: str,
    context: Mapping[str, Any],
    given: Mapping[str, str],
    folder: str,
) -> tuple[Any, Callable[[], None] | None]:
    """What signs the requests, and how the person signs in; nothing of it where the scenario needs none."""
    if not scenario.startswith("auth/"):
        return None, None
    if "idp_id_token" in context or scenario.startswith("auth/client-credentials"):
        from bot.connectors import conformance_grants

        return conformance_grants.auth(connector.url, scenario, context), None
    from bot.connectors.bearer import Bearer
    from bot.connectors.guarded import Guard
    from bot.connectors.logins import Logins
    from bot.connectors.portal import Portal

    sign_ins = _sign_ins(folder)
    logins = Logins(
        Portal(),
        inside=_is_loopback,
        secret=lambda name: _of(given, name),
        clock=system_clock,
        document=lambda _: DOCUMENT,
    )

    def sign_in() -> None:
        begun = logins.begun(connector, sign_ins.of(connector, _SOMEBODY), back=BACK)
        came = _came_back(begun.url)
        if came.get("state") != begun.state:
            raise NotConfigured("The authorization server came back with another state.")
        grant = logins.done(begun.id, connector, code=came["code"], issuer=came.get("iss", ""))
        sign_ins.keep(connector, _SOMEBODY, grant)

    import httpx2

    def http() -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=Guard(_is_loopback), timeout=30)

    return Bearer(connector, _SOMEBODY, sign_ins=sign_ins, http=http, clock=system_clock), sign_in


def _sign_ins(folder: str) -> Any:
    from sqlalchemy import create_engine

    from bot.connectors.signed_in import SignIns
    from bot.services.hiding import LearningVeil
    from bot.store.connection_table import ConnectionRow
    from bot.store.database import Database
    from bot.store.sealing import Seal

    url = f"sqlite:///{folder}/kept.sqlite"
    ConnectionRow.metadata.create_all(
        create_engine(url), tables=[ConnectionRow.metadata.tables["connection"]]
    )
    return SignIns(
        Database(url),
        seal=Seal(("a-key-for-one-run-only-0123456789",)),
        clock=system_clock,
        veil=LearningVeil(),
    )


def _came_back(url: str) -> dict[str, str]:
    """The person allows it: where their browser is sent with the answer."""
    import httpx2

    answer = httpx2.get(url, follow_redirects=False, trust_env=False)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def _callbacks() -> dict[str, Any]:
    """The suite looks at what a client answers, not at who thought of it."""
    import mcp_types as types

    async def elicited(_: Any, asked: Any) -> types.ElicitResult:
        fields = asked.requested_schema.get("properties", {})
        content = {name: field["default"] for name, field in fields.items() if "default" in field}
        return types.ElicitResult(action="accept", content=content)

    return {"elicitation_callback": elicited}


def _is_loopback(origin: str) -> bool:
    return urlsplit(origin).hostname in ("localhost", "127.0.0.1", "::1")


def _of(given: Mapping[str, str], name: str) -> str:
    return given[name]


if __name__ == "__main__":
    try:
        main(
            sys.argv[-1],
            os.environ.get(SCENARIO, ""),
            json.loads(os.environ.get(CONTEXT) or "{}"),
            os.environ.get(VERSION, ""),
        )
    except (ToolError, SignInNeeded, asyncio.CancelledError) as refused:
        sys.exit(f"{type(refused).__name__}: {refused}")
