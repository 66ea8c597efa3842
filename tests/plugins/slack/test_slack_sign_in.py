"""An admin installs an app by Slack's own page, and what comes back is a token that the plugin can use."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2

from bot.sdk import Per
from bot.sdk.connect import OAuth
from bot.services import authorization
from plugins.slack import plugin
from tests.counterparts.emulate import Emulate
from tests.plugins.slack.conftest import connected

BACK = "http://127.0.0.1:9999/connect/slack/callback"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_an_installed_app_reads_what_it_was_allowed(emulate: Emulate, tmp_path: Path) -> None:
    api, app = emulate.slack.url.rstrip("/"), emulate.slack.oauth
    emulate.redirects_to("http://127.0.0.1:9999")
    web = api.removesuffix("/api")
    given = {
        "COWORK_SLACK_CLIENT_ID": app.id,
        "COWORK_SLACK_CLIENT_SECRET": app.secret,
        "COWORK_SLACK_API_URL": api,
        "COWORK_SLACK_WEB_URL": web,
    }
    way = plugin.way("oauth")
    assert isinstance(way, OAuth)

    def setting(name: str) -> str:
        return given.get(name, "")

    page = authorization.page(plugin, way, setting, writes=True, back=BACK, state="s", verifier="v" * 48)
    form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', httpx2.get(page).text))
    sent_back = httpx2.post(f"{web}/oauth/v2/authorize/callback", data=form).headers["location"]
    (code,) = parse_qs(urlsplit(sent_back).query)["code"]
    got = authorization.got(
        plugin,
        way,
        setting,
        code=code,
        back=BACK,
        verifier="v" * 48,
        now=NOW,
        asked=authorization.wanted(way, writes=True),
    )
    assert got.scopes is not None
    assert {"channels:history", "chat:write"} <= set(got.scopes)
    team = connected(emulate.slack.url, tmp_path, per=Per.TEAM, **got.secrets)
    assert "#sprint" in team.run("list_channels").text
