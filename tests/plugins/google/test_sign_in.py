"""Signing in with Google as the plugin declares it, against the emulator's own sign-in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from bot.errors import SignInNeeded
from bot.sdk import OAuth
from bot.services import authorization
from plugins.google import plugin
from tests.counterparts.emulate import Emulate
from tests.plugins.google.conftest import connection

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BACK = "http://127.0.0.1:9999/connect/google/callback"
VERIFIER = "v" * 64


def settings(emulate: Emulate) -> Callable[[str], str]:
    """What an operator sets to have it at the emulator."""
    google = emulate.google
    given = {
        "COWORK_GOOGLE_CLIENT_ID": google.oauth.id,
        "COWORK_GOOGLE_CLIENT_SECRET": google.oauth.secret,
        "COWORK_GOOGLE_ACCOUNTS_URL": google.url,
        "COWORK_GOOGLE_OAUTH_URL": f"{google.url}/oauth2",
    }
    return lambda name: given.get(name, "")


def way() -> OAuth:
    found = plugin.way("oauth")
    assert isinstance(found, OAuth)
    return found


def code_of(page: str) -> str:
    """Ana presses her own name on the page that people are sent to."""
    assert httpx2.get(page).status_code == 200
    asked = {name: values[0] for name, values in parse_qs(urlsplit(page).query).items()}
    form = asked | {"email": "ana@example.com"}
    sent_back = httpx2.post(page.partition("?")[0] + "/callback", data=form, follow_redirects=False)
    said = parse_qs(urlsplit(sent_back.headers["location"]).query)
    assert said["state"] == ["s1"]
    return said["code"][0]


def test_ana_signs_in_and_out_and_her_token_is_renewed_between(emulate: Emulate) -> None:
    given = settings(emulate)
    emulate.redirects_to("http://127.0.0.1:9999")
    page = authorization.page(plugin, way(), given, writes=False, back=BACK, state="s1", verifier=VERIFIER)
    asked = parse_qs(urlsplit(page).query)
    assert asked["access_type"] == ["offline"] and asked["code_challenge_method"] == ["S256"]
    assert asked["scope"][0].split() == list(way().read)
    got = authorization.got(
        plugin, way(), given, code=code_of(page), back=BACK, verifier=VERIFIER, asked=way().read, now=NOW
    )
    assert got.scopes == way().read
    assert got.ends_at == NOW + timedelta(hours=1)
    renewed = authorization.renewed(plugin, way(), given, refresh=got.secrets["refresh_token"], now=NOW)
    client = plugin.client(connection(emulate.google.url, renewed.secrets["token"]))
    assert plugin.check(client).account == "ana@example.com"
    assert authorization.revoke(plugin, way(), given, {"token": renewed.secrets["token"]})
    with pytest.raises(SignInNeeded):
        plugin.check(client)


def test_writing_asks_for_the_right_to_write_too(emulate: Emulate) -> None:
    page = authorization.page(
        plugin, way(), settings(emulate), writes=True, back=BACK, state="s1", verifier=VERIFIER
    )
    asked = parse_qs(urlsplit(page).query)["scope"][0].split()
    needed = {scope for one in plugin.actions for scope in one.needs}
    assert needed <= set(asked)
