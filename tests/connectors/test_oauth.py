"""People sign in to a connector's server through Slack, once: after that it is renewed, and nobody is asked."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from mcp.server.auth.provider import AccessToken
from mcp.shared.auth import OAuthClientInformationFull
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from bot.connectors import taking_back
from bot.domain.connector import origin
from bot.errors import CoworkError, NotAllowed, SignInNeeded, Unavailable
from bot.services.happened import Change
from bot.store.database import Database
from tests.connectors.remote import SCOPE, Remote
from tests.connectors.signing import NOTES, Remoting, notes, remoting
from tests.services.accounts import ANA, BEN
from tests.services.browser import Browser
from tests.store import databases


@pytest.fixture
def one(tmp_path: Path, server: Remote) -> Iterator[Remoting]:
    database = databases.sqlite(tmp_path)
    with remoting(database, notes(server.address)) as made:
        yield made
    database.close()


@pytest.fixture
def either(database: Database, server: Remote) -> Iterator[Remoting]:
    """The same on both databases, for what several processes share."""
    with remoting(database, notes(server.address)) as made:
        yield made


def test_a_person_signs_in_through_slack_and_their_calls_are_let_in(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    with pytest.raises(SignInNeeded, match="Notes is not signed in to") as needed:
        one.call()
    assert (needed.value.plugin, needed.value.owner) == (NOTES, "UANA")

    asked = one.shown(browser)
    assert "Connect Notes" in asked and "For Ana Silva in Acme" in asked
    assert f"You sign in at {urlsplit(server.url).netloc}" in asked and SCOPE in asked
    done = browser.open(browser.way_on)

    assert "Notes is connected" in done and one.at.told[-1] == (
        "UANA",
        "Notes is connected as Ana Silva for you.",
    )
    assert one.call() == "Buy milk"
    with pytest.raises(SignInNeeded):
        one.call(BEN)
    token = next(iter(server.registrar.access))
    assert one.of.veil.masked(token) == "…(hidden: Notes token)"


def test_what_goes_with_them_is_bound_to_them_and_to_the_server(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    one.shown(browser)

    sent = {name: value for name, [value] in parse_qs(urlsplit(browser.way_on).query).items()}

    assert sent["code_challenge_method"] == "S256" and sent["resource"] == server.address
    assert sent["redirect_uri"] == f"{one.at.url}/connect/mcp.notes/callback"
    [client] = server.registrar.clients
    assert sent["client_id"] == client


def test_a_sign_in_for_everybody_serves_everybody(one: Remoting, server: Remote, browser: Browser) -> None:
    one.connector = notes(server.address, is_personal=False)
    with pytest.raises(SignInNeeded) as needed:
        one.call(BEN)
    assert needed.value.owner == ""

    assert "for everybody in Acme, as Ana Silva asked" in one.signed_in(browser)

    assert one.call(BEN) == "Buy milk"


def test_after_a_restart_a_token_that_ended_is_renewed_once_and_nobody_is_asked(
    either: Remoting, server: Remote, browser: Browser
) -> None:
    either.signed_in(browser)
    either.of.clock.pass_(hours=2)
    server.registrar.forget_access()
    server.heard.clear()

    for _ in range(2):
        with either.restarted() as later:
            assert later.call() == "Buy milk"

    assert len(server.registrar.spent) == 1
    assert set(server.paths()) == {"/token", "/mcp"}
    assert [what.change for what in either.of.happened] == [Change.CONNECTED]


def test_a_token_that_was_taken_back_is_renewed_and_the_call_goes_through(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    one.signed_in(browser)
    server.registrar.forget_access()

    assert one.call() == "Buy milk"
    assert len(server.registrar.spent) == 1


def test_a_sign_in_that_was_taken_back_is_asked_for_once(
    either: Remoting, server: Remote, browser: Browser
) -> None:
    either.signed_in(browser)
    assert either.call() == "Buy milk"
    server.registrar.forget_all()

    for _ in range(3):
        with pytest.raises(SignInNeeded, match="Notes needs a new sign-in"):
            either.call()
    assert len(server.registrar.spent) == 1
    assert [what.change for what in either.of.happened] == [Change.CONNECTED, Change.DIED]

    either.signed_in(browser)
    assert either.call() == "Buy milk"


def test_many_calls_of_two_processes_spend_a_refresh_token_once(
    either: Remoting, server: Remote, browser: Browser
) -> None:
    either.signed_in(browser)
    either.of.clock.pass_(hours=2)
    server.registrar.forget_access()
    with either.restarted() as other, ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(one.call) for one in (either, other) * 3]
        assert {answer.result(30) for answer in answers} == {"Buy milk"}

    assert len(server.registrar.spent) == 1


def test_a_server_that_cannot_renew_just_now_is_no_reason_to_ask_anybody(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    one.signed_in(browser)
    one.of.clock.pass_(hours=2)
    server.registrar.forget_access()
    server.altered["/token"] = Response(status_code=503)

    with pytest.raises(Unavailable, match="could not be renewed") as out:
        one.call()
    server.altered.clear()

    assert out.value.nothing_done
    with one.restarted() as later:
        assert later.call() == "Buy milk"
    assert [what.change for what in one.of.happened] == [Change.CONNECTED]


def test_a_call_that_wants_more_is_asked_for_with_what_was_granted_before(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    one.signed_in(browser)
    server.refusing = "notes:write"
    with pytest.raises(SignInNeeded, match="needs more access for this: notes:write") as needed:
        one.call()
    assert needed.value.writes and needed.value.seen

    assert "notes:read, notes:write" in one.shown(browser)
    assert "is connected" in browser.open(browser.way_on)

    assert one.call() == "Buy milk"


def test_a_server_that_never_has_enough_does_not_have_people_sign_in_for_ever(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    one.signed_in(browser)
    server.altered["/mcp"] = JSONResponse(
        {}, 403, {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{SCOPE}"'}
    )

    with pytest.raises(CoworkError) as refused:
        one.call()

    assert not isinstance(refused.value, SignInNeeded)


def test_a_token_is_for_the_address_that_it_was_got_at(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    """An admin who points the connector elsewhere does not hand over what people signed in for."""
    one.signed_in(browser)
    elsewhere = server.address.replace("127.0.0.1", "localhost")
    one.connector = notes(elsewhere)
    one.inside.add(origin(elsewhere))
    server.heard.clear()

    with pytest.raises(SignInNeeded):
        one.call()

    assert {authorized for _, _, authorized in server.heard} == {""}


def test_a_token_does_not_follow_where_the_server_leads(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    one.signed_in(browser)
    elsewhere = f"{server.url.replace('127.0.0.1', 'localhost')}/other"
    one.inside.add(origin(elsewhere))
    server.altered["/mcp"] = RedirectResponse(elsewhere, 307)
    server.heard.clear()

    with pytest.raises(CoworkError):
        one.call()

    assert "/other" not in server.paths() and "/mcp" in server.paths()


def test_whoever_was_forwarded_the_link_connects_nothing(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    link = one.link()
    browser.press(link, "code")
    wrong = "000000" if one.at.code(ANA) != "000000" else "111111"

    assert "That is not the code" in browser.press(link, "digits", digits=wrong)
    assert server.heard == []


def test_an_answer_counts_once_and_in_one_browser(one: Remoting, server: Remote, browser: Browser) -> None:
    one.shown(browser)
    callback = browser.open(browser.way_on, until=f"{one.at.url}/connect/mcp.notes/callback")
    assert callback.startswith(one.at.url)
    with Browser() as other:
        assert "belongs to another browser" in other.open(callback)
    assert "used before" in browser.open(callback)
    with pytest.raises(SignInNeeded):
        one.call()


def test_who_says_no_is_told_that_nothing_was_connected(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    server.registrar.is_denying = True

    assert "you said no there" in one.signed_in(browser) and browser.status == 403
    with pytest.raises(SignInNeeded):
        one.call()


def test_a_restart_while_somebody_signs_in_begins_anew_and_says_so(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    one.shown(browser)
    with one.restarted() as later:
        one.at.linking.servers = later.signing
        said = browser.open(browser.way_on)

    assert "I was restarted while you were signing in" in said
    assert browser.status == 410


def test_a_server_that_asks_nobody_to_sign_in_is_not_signed_in_to(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    server.altered["/mcp"] = JSONResponse({"jsonrpc": "2.0", "id": 1, "result": {}})
    for path in ("oauth-protected-resource/mcp", "oauth-protected-resource", "oauth-authorization-server"):
        server.altered[f"/.well-known/{path}"] = Response(status_code=404)

    said = one.shown(browser)

    assert "there is nothing to connect" in said and "Nothing was connected" in said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("authorization_endpoint", "an address that is not safe"),
        ("token_endpoint", "only https is spoken"),
        ("registration_endpoint", "only https is spoken"),
    ],
)
def test_metadata_that_points_inside_leads_nowhere(
    one: Remoting, server: Remote, browser: Browser, name: str, said: str
) -> None:
    inner = f"{server.url.replace('127.0.0.1', 'localhost')}/inner"
    known = httpx2.get(f"{server.url}/.well-known/oauth-authorization-server", trust_env=False).json()
    server.altered["/.well-known/oauth-authorization-server"] = JSONResponse({**known, name: inner})

    page = one.signed_in(browser) if name == "token_endpoint" else one.shown(browser)

    assert said in page and "Nothing was connected" in page
    assert "/inner" not in server.paths()


@pytest.mark.parametrize(
    "inner", ["https://169.254.169.254/latest", "https://localhost:8443", "https://10.0.0.1"]
)
def test_nobody_is_sent_to_an_address_within_that_the_operator_did_not_open(
    one: Remoting, server: Remote, browser: Browser, inner: str
) -> None:
    known = httpx2.get(f"{server.url}/.well-known/oauth-authorization-server", trust_env=False).json()
    altered = JSONResponse({**known, "authorization_endpoint": f"{inner}/authorize"})
    server.altered["/.well-known/oauth-authorization-server"] = altered

    assert "an address that is not safe" in one.shown(browser)

    one.inside.add(origin(inner))
    assert inner in one.shown(browser).replace("&#x2F;", "/") + browser.way_on


def test_a_refusal_that_points_inside_is_not_followed(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    inner = f"{server.url.replace('127.0.0.1', 'localhost')}/inner"
    server.altered["/mcp"] = Response(
        status_code=401, headers={"WWW-Authenticate": f'Bearer resource_metadata="{inner}"'}
    )

    assert "only https is spoken to servers of others" in one.shown(browser)
    assert "/inner" not in server.paths()


def test_signing_out_takes_it_back_at_the_server_and_forgets_it(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    one.signed_in(browser)
    assert one.call() == "Buy milk"

    said = one.signing.sign_out(ANA, NOTES)

    assert "I have forgotten its sign-in" in said and "To end it there" not in said
    assert server.registrar.refresh == {}
    with pytest.raises(SignInNeeded, match="not signed in to"):
        one.call()
    assert one.signing.sign_out(ANA, NOTES) == "Notes is not signed in to."
    assert [what.change for what in one.of.happened] == [
        Change.CONNECTED,
        Change.DISCONNECTED,
        Change.REVOKED,
    ]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Response(status_code=503), "it answered 503"),
        (RedirectResponse("/elsewhere", 307), "it answered 307"),
        (StreamingResponse(b"x" * (1 << 20) for _ in range(17)), ""),
    ],
)
def test_what_a_server_answers_to_it_is_told_and_it_is_forgotten_here_in_any_case(
    one: Remoting, server: Remote, browser: Browser, answer: Response, why: str
) -> None:
    one.signed_in(browser)
    server.altered["/revoke"] = answer
    server.heard.clear()

    said = one.signing.sign_out(ANA, NOTES)

    assert ("take it back in your account there" in said) == bool(why)
    assert one.of.happened[-1].why == why
    assert server.paths() == ["/revoke"]
    with pytest.raises(SignInNeeded, match="not signed in to"):
        one.call()


def test_of_a_removed_connector_everybodys_sign_in_is_taken_back_once(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    one.signed_in(browser)
    with Browser() as other:
        one.signed_in(other, BEN)
    take_back = one.signing.ending(one.connector, ANA)
    server.heard.clear()

    said = take_back()

    assert said == "All 2 sign-ins at its server were taken back there, too."
    assert server.paths() == ["/revoke"] * 2 and server.registrar.refresh == {}
    told = [(what.change, what.connected.owner) for what in one.of.happened[2:]]
    assert sorted(told) == [(Change.REVOKED, "UANA"), (Change.REVOKED, "UBEN")]


@pytest.mark.parametrize(
    ("whys", "said"),
    [
        ([], ""),
        ([""], "The sign-in at its server was taken back"),
        (["it answered 503"], "could not be taken back there: whoever made one can end it"),
        (["", "it has no way to", ""], "Of 3 sign-ins at its server 2 were taken back there"),
    ],
)
def test_what_came_of_it_is_said_in_words(whys: list[str], said: str) -> None:
    assert said in taking_back.told(whys)


def test_only_an_admin_signs_everybody_out(one: Remoting, server: Remote, browser: Browser) -> None:
    one.connector = notes(server.address, is_personal=False)
    one.signed_in(browser)

    with pytest.raises(NotAllowed, match="Only a workspace admin"):
        one.signing.sign_out(BEN, NOTES)
    assert "signed out" in one.signing.sign_out(BEN, NOTES, is_admin=True)


def test_a_token_of_the_operators_own_goes_without_a_sign_in(one: Remoting, server: Remote) -> None:
    """As a header, with a reference to the secret in its place."""
    one.connector = replace(one.connector, headers={"Authorization": "Bearer ${NOTES_TOKEN}"})
    token = "the value of NOTES_TOKEN"
    server.registrar.access[token] = AccessToken(
        token=token, client_id="us", scopes=[SCOPE], resource=server.address
    )

    assert one.call() == "Buy milk"
    with pytest.raises(NotAllowed, match="nobody signs in to it"):
        one.link()


def test_an_app_that_the_operator_registered_is_used_instead_of_registering_one(
    one: Remoting, server: Remote, browser: Browser
) -> None:
    one.connector = replace(one.connector, client_id="our-app", client_secret="${NOTES_APP}")
    server.registrar.clients["our-app"] = OAuthClientInformationFull.model_validate(
        {
            "client_id": "our-app",
            "client_secret": "the value of NOTES_APP",
            "redirect_uris": [f"{one.at.url}/connect/mcp.notes/callback"],
            "scope": f"{SCOPE} notes:write",
            "token_endpoint_auth_method": "client_secret_basic",
        }
    )

    assert "Notes is connected" in one.signed_in(browser)
    assert one.call() == "Buy milk"
    assert list(server.registrar.clients) == ["our-app"] and "/register" not in server.paths()
