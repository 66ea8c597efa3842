"""Connecting Confluence, and what it and the way to it can do wrong: told once, and nothing is sent twice."""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.sdk import Connection, Item, Per, SignInNeeded, ToolError, Unavailable
from bot.sdk.reaching import MOST_BYTES
from bot.sdk.trial import Trial
from plugins.confluence import plugin
from tests.counterparts.odd import Odd
from tests.plugins.confluence.conftest import SITE, V1, V2, Confluence, a_space, signed_in

SEARCH = {"cql": "text ~ x"}
NEW = {"page": "98310", "text": "Hello"}


def at(url: str, folder: Path) -> Trial:
    return Trial(plugin=plugin, connection=signed_in(url), folder=folder)


def by_token(url: str, site: str) -> Connection:
    return Connection(
        plugin="confluence",
        way="token",
        per=Per.TEAM,
        secrets={"site": site, "email": "mia@example.com", "token": "ATATT-x"},
        endpoints={"site": url, "api": url, "auth": "http://127.0.0.1:1"},
    )


def test_an_api_token_signs_in_at_the_site_itself(confluence: Confluence, tmp_path: Path) -> None:
    url = confluence.running.url
    checked = plugin.check(plugin.client(by_token(url, f"{url}/wiki/home")))
    assert checked.account.endswith(f" at {url.partition('//')[2]}")
    call = confluence.calls[0]
    assert (call.path, call.violations) == (f"{V1}/user/current", [])
    assert call.headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "typed", ["https://evil.example", "http://acme.atlassian.net", "https://atlassian.net.evil.io"]
)
def test_a_token_is_sent_to_no_other_host_than_the_vendors(typed: str) -> None:
    with pytest.raises(ToolError, match="is not a Confluence site"):
        plugin.check(plugin.client(by_token("https://atlassian.net", typed)))


def test_a_sign_in_is_checked_by_a_call_and_says_where_it_leads(odd: Odd) -> None:
    scopes = ["read:page:confluence", "write:page:confluence"]
    sites = [
        {"id": "jira", "url": "https://jira.atlassian.net", "scopes": ["read:jira-work"]},
        {"id": "acme", "url": SITE, "scopes": scopes},
    ]
    odd.says(sites, path="/oauth/token/accessible-resources")
    odd.says({"accountId": "1", "displayName": "Mia"}, path=f"/ex/confluence/acme{V1}/user/current")
    checked = plugin.check(plugin.client(replace(signed_in(odd.url), facts={})))
    assert checked.account == "Mia at acme.atlassian.net"
    assert checked.can[1:] == ("create and change pages",)
    assert checked.facts == {"cloud": "acme", "site": SITE}
    odd.says([], path="/oauth/token/accessible-resources")
    with pytest.raises(ToolError, match="no Confluence site"):
        plugin.check(plugin.client(replace(signed_in(odd.url), facts={})))


def test_the_scope_picker_shows_spaces(trial: Trial, confluence: Confluence) -> None:
    client = plugin.client(trial.connection)
    confluence.has_spaces("7", "8")
    both = [Item(id="ENG", title="Space ENG"), Item(id="HR", title="Space HR")]
    assert plugin.discover(client, "") == both
    assert confluence.calls[-1].query["type"] == "global"
    assert plugin.discover(client, 'e"n')[0].id
    assert confluence.calls[-1].query["cql"] == 'type = space AND space.title ~ "e\\"n*"'
    assert [call.violations for call in confluence.calls if call.violations] == []
    assert a_space("7")["key"] == "ENG"


@pytest.mark.parametrize(("headers", "wait"), [({"Retry-After": "300"}, 300), ({}, None)])
def test_a_limit_parks_the_task_at_once_and_nothing_is_sent_again(
    trial: Trial, confluence: Confluence, headers: dict[str, str], wait: float | None
) -> None:
    confluence.has(times=2)
    confluence.says("POST", f"{V2}/footer-comments", {}, code=429, headers=headers)
    with pytest.raises(Unavailable) as refused:
        trial.run("add_comment", **NEW)
    assert (refused.value.retry_after, refused.value.nothing_done) == (wait, True)
    assert refused.value.service == "Confluence"
    assert len(confluence.written) == 1


@pytest.mark.parametrize(
    ("code", "body", "told"),
    [
        (
            403,
            {"errors": [{"status": 403, "code": "X", "title": "Not permitted", "detail": "to comment"}]},
            "Not permitted to comment. Ask an admin of the space in Confluence for the right.",
        ),
        (
            400,
            {"statusCode": 400, "message": "Bad storage"},
            "Confluence refused the call (400): Bad storage.",
        ),
        (404, {}, "Confluence did not find the page 98310."),
        (413, {}, "Confluence refused the call (413)."),
    ],
)
def test_what_is_refused_is_said_in_confluences_own_words_with_what_to_do(
    trial: Trial, confluence: Confluence, code: int, body: dict[str, Any], told: str
) -> None:
    confluence.has(times=2)
    confluence.says("POST", f"{V2}/footer-comments", body, code=code)
    with pytest.raises(ToolError) as refused:
        trial.run("add_comment", **NEW)
    assert told in str(refused.value)


def test_a_dead_token_asks_for_a_sign_in(odd: Odd, tmp_path: Path) -> None:
    odd.says({"code": 401, "message": "Unauthorized; scope does not match"}, code=401)
    with pytest.raises(SignInNeeded, match="refused the sign-in: Unauthorized; scope does not match"):
        at(odd.url, tmp_path).run("search_pages", **SEARCH)


def test_a_create_whose_answer_is_lost_went_out_once_and_may_have_happened(odd: Odd, tmp_path: Path) -> None:
    spaces = {"results": [a_space("7")]}
    odd.says(spaces, path=f"/ex/confluence/acme{V2}/spaces")
    odd.hangs_up()
    for code in (None, 502):
        if code:
            odd.says(b"", code=code)
        with pytest.raises(Unavailable) as lost:
            at(odd.url, tmp_path).run("create_page", space="ENG", title="x")
        assert not lost.value.nothing_done
    assert odd.heard.count(f"POST /ex/confluence/acme{V2}/pages") == 2


def test_what_was_never_sent_did_nothing(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unavailable) as refused:
        at(url, tmp_path).run("search_pages", **SEARCH)
    assert refused.value.nothing_done


def test_an_answer_without_end_or_of_another_kind_is_refused(odd: Odd, tmp_path: Path) -> None:
    odd.says(b"[" * (MOST_BYTES + 1))
    with pytest.raises(ToolError, match="more than 5,000,000 bytes"):
        at(odd.url, tmp_path).run("search_pages", **SEARCH)
    odd.says(b"<html>Log in</html>")
    with pytest.raises(ToolError, match="not JSON"):
        at(odd.url, tmp_path).run("search_pages", **SEARCH)
    odd.says(b"", code=302, Location=f"{odd.url}/elsewhere")
    with pytest.raises(ToolError, match="sends elsewhere"):
        at(odd.url, tmp_path).run("search_pages", **SEARCH)
    assert len(odd.heard) == 3


def test_a_token_with_scopes_that_the_site_refuses_is_good_at_the_gateway(odd: Odd) -> None:
    odd.says({"message": "Unauthorized"}, path=f"{V1}/user/current", code=401)
    odd.says({"cloudId": "acme"}, path="/_edge/tenant_info")
    odd.says({"accountId": "1", "displayName": "Mia"}, path=f"/ex/confluence/acme{V1}/user/current")
    checked = plugin.check(plugin.client(by_token(odd.url, odd.url)))
    assert checked.facts == {"cloud": "acme", "site": odd.url}
