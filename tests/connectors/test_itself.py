"""A server that lets programs in by an id and a secret: nobody signs in, and the secret goes to its issuer alone."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from mcp.shared.auth import OAuthClientInformationFull
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from bot.errors import NotConfigured, Unavailable
from tests.connectors.remote import SCOPE, Remote
from tests.connectors.signing import Remoting, notes, remoting
from tests.services.accounts import BEN
from tests.store import databases

CLIENT = OAuthClientInformationFull(client_id="cowork", redirect_uris=None)


class Desk:
    """Gives tokens to one program, in the place of the server's own: `status` is what it answers when not 200."""

    def __init__(self, server: Remote) -> None:
        self.server, self.secret, self.status = server, "the value of NOTES_SECRET", 200
        self.asked: list[dict[str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        form = {name: str(value) for name, value in (await request.form()).items()}
        kind, _, pair = request.headers["authorization"].partition(" ")
        name, _, secret = base64.b64decode(pair).decode().partition(":")
        self.asked.append(form | {"by": f"{kind} {unquote(name)}"})
        if self.status != 200 or unquote(secret) != self.secret:
            answer = JSONResponse({"error": "invalid_client"}, 401 if self.status == 200 else self.status)
        else:
            token = self.server.registrar._issued(CLIENT, [SCOPE], form["resource"])
            answer = JSONResponse(token.model_dump(mode="json", exclude={"refresh_token"}, exclude_none=True))
        await answer(scope, receive, send)


@pytest.fixture
def desk(server: Remote) -> Desk:
    made = server.altered["/token"] = Desk(server)
    return made


@pytest.fixture
def one(tmp_path: Path, server: Remote, desk: Desk) -> Iterator[Remoting]:
    database = databases.sqlite(tmp_path)
    connector = replace(
        notes(server.address, is_personal=False),
        client_id="cowork",
        client_secret="${NOTES_SECRET}",
        issuer=server.url,
    )
    with remoting(database, connector) as made:
        yield made
    database.close()


def asked(server: Remote) -> dict[str, Any]:
    return {
        "grant_type": "client_credentials",
        "resource": server.address,
        "scope": SCOPE,
        "by": "Basic cowork",
    }


def test_it_is_let_in_as_itself_for_everybody_and_its_token_is_told_to_nobody(
    one: Remoting, server: Remote, desk: Desk
) -> None:
    assert (one.call(), one.call(BEN)) == ("Buy milk", "Buy milk")

    assert desk.asked == [asked(server)]
    [token] = server.registrar.access
    assert one.of.veil.masked(token) == "…(hidden: Notes token)"
    assert not one.connector.takes_sign_in and one.of.happened == []


def test_a_token_that_ended_is_fetched_anew_and_the_call_goes_through(
    one: Remoting, server: Remote, desk: Desk
) -> None:
    one.call()
    server.registrar.forget_all()

    assert one.call() == "Buy milk"
    assert desk.asked == [asked(server)] * 2


def test_a_secret_that_is_wrong_is_for_the_operator_to_mend(one: Remoting, desk: Desk) -> None:
    desk.secret = "another"
    with pytest.raises(NotConfigured, match=r"Notes did not let Cowork in as cowork .*Look at client_id"):
        one.call()


def test_while_the_issuer_is_out_nothing_is_lost_and_then_it_goes_on(
    one: Remoting, server: Remote, desk: Desk
) -> None:
    one.call()
    server.registrar.forget_all()
    desk.status = 503
    with pytest.raises(Unavailable, match="gave Cowork no token"):
        one.call()
    desk.status = 200
    assert one.call() == "Buy milk"
    assert one.hub.health(one.connector, BEN).restarts == 0


def test_the_secret_goes_to_no_other_issuer_than_the_one_that_was_named(one: Remoting, desk: Desk) -> None:
    one.connector = replace(one.connector, issuer="https://login.example.com")
    with pytest.raises(NotConfigured, match="issuer"):
        one.call()
    assert desk.asked == []
