"""Accounts are connected by a real call; what is no account, no server or no key is told so."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from google.auth import jwt

from bot.errors import SignInNeeded, ToolError, Unavailable
from bot.sdk import Connection, Form, Item, Per, service_account
from bot.sdk.trial import Trial
from plugins.calendar import davhome, plugin, signing
from tests.counterparts.emulate import Emulate
from tests.counterparts.odd import Odd, served
from tests.counterparts.wire import Wire
from tests.plugins.calendar.conftest import KICKOFF, Dav, caldav_connection, google_connection

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
KEY_FILE = json.dumps({"client_email": "bot@acme.example", "private_key": PEM, "private_key_id": "k1"})
WHO = (
    "<multistatus xmlns='DAV:'><response><href>/</href><propstat><prop><current-user-principal><href>{}</href>"
    "</current-user-principal></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"
)


def test_a_google_account_is_found_by_its_calendars(google: Trial) -> None:
    client = plugin.client(google.connection)
    assert plugin.check(client).account == "ana@example.com"
    assert plugin.discover(client, "") == [
        Item(id="primary", title="ana@example.com"),
        Item(id="team", title="Team"),
    ]
    assert plugin.discover(client, "TEA") == [Item(id="team", title="Team")]


def test_a_token_that_google_does_not_know_asks_for_a_sign_in(emulate: Emulate) -> None:
    client = plugin.client(google_connection(emulate.google.url, token="ya29.forged"))
    with pytest.raises(SignInNeeded, match="Google Calendar refused the token"):
        plugin.check(client)


def test_a_caldav_account_is_found_from_the_address_of_its_server(dav: Dav) -> None:
    dav.server.make("ana", "private")
    for path in ("", "/", "/ana/", "/ana/work/", "/.well-known/caldav"):
        client = plugin.client(caldav_connection(f"{dav.server.url}{path}"))
        checked = plugin.check(client)
        assert (checked.account, checked.can) == ("ana at 127.0.0.1", ("read 2 calendars",))
        assert checked.facts["home"] == f"{dav.server.url}/ana/"
        assert [one.id for one in plugin.discover(client, "")] == ["ana/private", "ana/work"]


def test_what_the_check_found_is_not_asked_again(dav: Dav, wire_to: Callable[[str], Wire]) -> None:
    wire = wire_to(dav.server.url)
    connection = caldav_connection(wire.url)
    facts = plugin.check(plugin.client(connection)).facts
    assert len(wire.sent) == 3
    plugin.client(replace(connection, facts=facts)).calendars()
    assert wire.sent[3:] == [("PROPFIND", "/ana/")]


def test_the_wrong_password_asks_for_a_sign_in(dav: Dav) -> None:
    with pytest.raises(SignInNeeded, match="user name or the app password"):
        plugin.check(plugin.client(caldav_connection(dav.server.url, password="wrong")))


def test_another_persons_calendar_is_none_of_this_account(dav: Dav) -> None:
    ben = replace(dav.trial, connection=caldav_connection(dav.server.url, user="ben"))
    with pytest.raises(ToolError, match="has no calendar 'ana/work'"):
        ben.run("get_event", calendar="ana/work", event="kickoff.ics")


@pytest.mark.parametrize(
    "url",
    [
        "http://caldav.example.com",
        "caldav.example.com",
        "https://ana:secret@caldav.example.com",
        "file:///etc",
    ],
)
def test_the_password_goes_to_no_address_where_it_could_be_read(url: str) -> None:
    with pytest.raises(ToolError, match="must begin with https"):
        plugin.client(replace(caldav_connection(url), endpoints={"caldav": ""}))


def test_the_operator_can_name_the_one_server() -> None:
    for url in (
        "https://dav.acme.example.evil.example",
        "http://dav.acme.example",
        "https://dav.acme.example:8443",
    ):
        with pytest.raises(ToolError, match=r"at https://dav\.acme\.example only"):
            plugin.client(replace(caldav_connection(url), endpoints={"caldav": "https://dav.acme.example"}))


@pytest.mark.parametrize(
    ("host", "domain", "is_below"),
    [
        ("p48-caldav.icloud.com", "icloud.com", True),
        ("evil.example", "icloud.com", False),
        ("evil-icloud.com", "icloud.com", False),
        ("evil.co.uk", "co.uk", False),
        ("a.dav.co.uk", "dav.co.uk", True),
        ("10.0.0.1", "0.0.1", False),
        ("evil.com", "com", False),
    ],
)
def test_only_houses_of_the_same_domain_are_sisters(host: str, domain: str, is_below: bool) -> None:
    assert davhome._is_below(host, domain) is is_below


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1:{0}", "https://localhost:{0}", "https://[::1]:{0}", "https://169.254.169.254"]
)
def test_what_somebody_types_leads_not_into_our_own_network(odd: Odd, url: str) -> None:
    typed = caldav_connection(url.format(odd.url.rpartition(":")[2]))
    with pytest.raises(ToolError, match="only the operator may lead: they set COWORK_CALENDAR_CALDAV_URL"):
        plugin.check(plugin.client(replace(typed, endpoints={})))
    assert odd.heard == []


def test_the_password_goes_to_no_other_server(odd: Odd) -> None:
    with served() as other:
        odd.says(b"", code=302, Location=f"{other.url}/dav/")
        with pytest.raises(ToolError, match="which was not connected"):
            plugin.check(plugin.client(caldav_connection(odd.url)))
        odd.says(WHO.format(f"{other.url}/ana/").encode(), code=207)
        with pytest.raises(ToolError, match="which was not connected"):
            plugin.check(plugin.client(caldav_connection(odd.url)))
        assert other.heard == []


@pytest.mark.parametrize(
    "answer",
    [
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><multistatus xmlns='DAV:'>&b;</multistatus>",
        b"<html>Sign in</html>",
        b"\xff\xfe",
        b"",
    ],
)
def test_what_is_no_answer_of_caldav_is_not_read(odd: Odd, answer: bytes) -> None:
    odd.says(answer, code=207)
    with pytest.raises(Unavailable, match="could not be read"):
        plugin.check(plugin.client(caldav_connection(odd.url)))
    odd.says(answer)
    with pytest.raises(ToolError, match="it must be that of CalDAV"):
        plugin.check(plugin.client(caldav_connection(odd.url)))


def test_the_forms_ask_for_what_is_needed() -> None:
    forms = {one.way: one for one in plugin.ways if isinstance(one, Form)}
    assert [one.name for one in forms["caldav"].blanks if one.is_secret] == ["password"]
    assert [one.name for one in forms["service_account"].blanks if one.is_secret] == ["key"]
    assert forms["caldav"].blanks[0].hint.startswith("https://")


def test_a_service_account_signs_for_the_calendars_it_may_use() -> None:
    signed = service_account.assertion(KEY_FILE, scopes=("a", "b"), now=NOW, subject="ana@acme.example")
    message, _, signature = signed.rpartition(".")
    padded = signature + "=" * (-len(signature) % 4)
    from_url_safe = jwt._helpers.padded_urlsafe_b64decode(padded)
    KEY.public_key().verify(from_url_safe, message.encode(), padding.PKCS1v15(), hashes.SHA256())
    assert jwt.decode(signed, verify=False) == {
        "iss": "bot@acme.example",
        "sub": "ana@acme.example",
        "scope": "a b",
        "aud": "https://oauth2.googleapis.com/token",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 3600,
    }


def test_a_service_accounts_token_lasts_as_long_as_google_says(odd: Odd) -> None:
    connection = _service_account(odd.url)
    odd.says({"access_token": "ya29.minted", "expires_in": 1800})
    minted = signing.token_of(connection, NOW)
    assert (minted.token, minted.until) == ("ya29.minted", NOW + timedelta(minutes=30))
    odd.says({"error": "invalid_grant", "error_description": "No such account"}, code=400)
    with pytest.raises(SignInNeeded, match="No such account"):
        signing.token_of(connection, NOW)
    odd.says({}, code=503)
    with pytest.raises(Unavailable):
        signing.token_of(connection, NOW)
    odd.hangs_up()
    with pytest.raises(Unavailable):
        signing.token_of(connection, NOW)


@pytest.mark.parametrize("key", ["", "{}", "[]", KEY_FILE.replace("PRIVATE", "PUBLIC"), PEM])
def test_what_is_no_key_is_told_so(key: str) -> None:
    with pytest.raises(ToolError, match="JSON"):
        signing.token_of(_service_account("http://127.0.0.1:1", key), NOW)


def _service_account(url: str, key: str = KEY_FILE) -> Connection:
    return Connection(
        plugin="calendar", way="service_account", per=Per.TEAM, secrets={"key": key}, endpoints={"oauth": url}
    )


def test_an_event_of_a_calendar_is_read_by_who_is_connected(dav: Dav) -> None:
    dav.put("kickoff.ics", KICKOFF)
    assert "ana@example.com" in dav.trial.run("get_event", calendar="primary", event="kickoff.ics").text
