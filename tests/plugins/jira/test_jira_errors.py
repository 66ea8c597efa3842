"""What Jira and the way to it can do wrong, and what is made of it: told once, and nothing is sent twice."""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.sdk import SignInNeeded, ToolError, Unavailable
from bot.sdk.reaching import MOST_BYTES
from bot.sdk.trial import Trial
from plugins.jira import plugin
from tests.counterparts.odd import Odd
from tests.plugins.jira.conftest import SITE, Jira, signed_in

NEW = {"project": "PAY", "summary": "Login fails"}
CREATE = ("POST", "/rest/api/3/issue")


def at(url: str, folder: Path) -> Trial:
    return Trial(plugin=plugin, connection=signed_in(url), folder=folder)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "300"}, 300),
        ({"Retry-After": "Mon, 23 Nov 2026 09:05:00 GMT", "Date": "Mon, 23 Nov 2026 09:00:00 GMT"}, 300),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_limit_parks_the_task_at_once_and_nothing_is_sent_again(
    trial: Trial, jira: Jira, headers: dict[str, str], wait: float | None
) -> None:
    jira.says(*CREATE, {}, code=429, headers=headers)
    with pytest.raises(Unavailable) as refused:
        trial.run("create_issue", **NEW)
    assert (refused.value.retry_after, refused.value.nothing_done) == (wait, True)
    assert refused.value.service == "Jira"
    assert len(jira.calls) == 1


def test_a_dead_token_asks_for_a_sign_in(odd: Odd, tmp_path: Path) -> None:
    odd.says({"code": 401, "message": "Unauthorized; scope does not match"}, code=401)
    with pytest.raises(SignInNeeded, match="refused the sign-in: Unauthorized; scope does not match"):
        at(odd.url, tmp_path).run("create_issue", **NEW)
    assert len(odd.heard) == 1


@pytest.mark.parametrize(
    ("code", "body", "told"),
    [
        (
            403,
            {"errorMessages": ["You do not have permission to create issues in this project."], "errors": {}},
            "to create issues in this project. Ask an admin of the project in Jira for the right.",
        ),
        (
            400,
            {"errorMessages": [], "errors": {"issuetype": "Specify a valid issue type"}},
            "Jira refused the call (400): issuetype: Specify a valid issue type.",
        ),
        (
            404,
            {"errorMessages": ["No project"], "errors": {}},
            "Jira did not find PAY: No project. It does not exist",
        ),
        (409, {"errorMessages": ["Locked"], "errors": {}}, "Jira refused the call (409): Locked."),
        (413, {}, "Jira refused the call (413)."),
    ],
)
def test_what_is_refused_is_said_in_jiras_own_words_with_what_to_do(
    trial: Trial, jira: Jira, code: int, body: dict[str, Any], told: str
) -> None:
    jira.says(*CREATE, body, code=code)
    with pytest.raises(ToolError) as refused:
        trial.run("create_issue", **NEW)
    assert told in str(refused.value)


def test_a_create_whose_answer_is_lost_went_out_once_and_may_have_happened(odd: Odd, tmp_path: Path) -> None:
    odd.hangs_up()
    with pytest.raises(Unavailable) as lost:
        at(odd.url, tmp_path).run("create_issue", **NEW)
    assert not lost.value.nothing_done
    odd.says(b"", code=502)
    with pytest.raises(Unavailable) as broken:
        at(odd.url, tmp_path).run("create_issue", **NEW)
    assert not broken.value.nothing_done
    assert odd.heard == ["POST /ex/jira/acme/rest/api/3/issue"] * 2


def test_an_answer_that_breaks_off_may_have_happened(odd: Odd, tmp_path: Path) -> None:
    odd.says(b'{"key":', code=201, Content_Length="500")
    with pytest.raises((Unavailable, ToolError)):
        at(odd.url, tmp_path).run("create_issue", **NEW)
    assert len(odd.heard) == 1


def test_what_was_never_sent_did_nothing(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unavailable) as refused:
        at(url, tmp_path).run("create_issue", **NEW)
    assert refused.value.nothing_done


def test_an_answer_without_end_is_not_read_to_its_end(odd: Odd, tmp_path: Path) -> None:
    odd.says(b"[" * (MOST_BYTES + 1))
    with pytest.raises(ToolError, match="more than 5,000,000 bytes"):
        at(odd.url, tmp_path).run("search_issues", jql="project = PAY")


def test_the_token_goes_to_no_other_address(odd: Odd, tmp_path: Path) -> None:
    odd.says(b"", code=302, Location=f"{odd.url}/elsewhere")
    with pytest.raises(ToolError, match="sends elsewhere"):
        at(odd.url, tmp_path).run("create_issue", **NEW)
    assert len(odd.heard) == 1


def test_a_page_for_people_is_not_taken_for_an_answer(odd: Odd, tmp_path: Path) -> None:
    odd.says(b"<html>Log in</html>")
    with pytest.raises(ToolError, match="not JSON"):
        at(odd.url, tmp_path).run("search_issues", jql="project = PAY")


def test_a_sign_in_is_checked_by_a_call_and_says_where_it_leads(odd: Odd, tmp_path: Path) -> None:
    scopes = ["read:jira-work", "write:jira-work"]
    sites = [
        {"id": "wiki", "url": "https://wiki.atlassian.net", "scopes": ["search:confluence"]},
        {"id": "acme", "url": SITE, "scopes": scopes},
    ]
    odd.says(sites, path="/oauth/token/accessible-resources")
    odd.says({"accountId": "1", "displayName": "Mia"}, path="/ex/jira/acme/rest/api/3/myself")
    connection = replace(signed_in(odd.url), facts={})
    checked = plugin.check(plugin.client(connection))
    assert checked.account == "Mia at acme.atlassian.net"
    assert checked.can[1:] == ("create and change issues",)
    assert checked.facts == {"cloud": "acme", "site": SITE}
    assert set(odd.signed) == {"Bearer eyJ.x"}


def test_an_account_without_a_site_is_told_so(odd: Odd, tmp_path: Path) -> None:
    odd.says([], path="/oauth/token/accessible-resources")
    with pytest.raises(ToolError, match="no Jira site"):
        plugin.check(plugin.client(replace(signed_in(odd.url), facts={})))


def test_a_token_with_scopes_that_the_site_refuses_is_good_at_the_gateway(odd: Odd, tmp_path: Path) -> None:
    odd.says({"message": "Unauthorized"}, path="/rest/api/3/myself", code=401)
    odd.says({"cloudId": "acme"}, path="/_edge/tenant_info")
    odd.says({"accountId": "1", "displayName": "Mia"}, path="/ex/jira/acme/rest/api/3/myself")
    secrets = {"site": odd.url, "email": "mia@example.com", "token": "ATATT-x"}
    typed = replace(signed_in(odd.url), way="token", secrets=secrets, facts={})
    checked = plugin.check(plugin.client(typed))
    assert checked.facts == {"cloud": "acme", "site": odd.url}
    assert checked.account == f"Mia at {odd.url.partition('//')[2]}"
    odd.heard.clear()
    kept = replace(typed, facts=checked.facts)
    assert plugin.check(plugin.client(kept)).account == checked.account
    assert odd.heard == ["GET /ex/jira/acme/rest/api/3/myself"]
    assert all(one.startswith("Basic ") for one in odd.signed)


def test_a_wrong_token_is_refused_at_both(odd: Odd, tmp_path: Path) -> None:
    odd.says({"message": "Unauthorized"}, code=401)
    odd.says({"cloudId": "acme"}, path="/_edge/tenant_info")
    secrets = {"site": odd.url, "email": "mia@example.com", "token": "ATATT-x"}
    with pytest.raises(SignInNeeded):
        plugin.check(plugin.client(replace(signed_in(odd.url), way="token", secrets=secrets, facts={})))
    assert len(odd.heard) == 3
