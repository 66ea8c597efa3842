"""What GitHub and the way to it can do wrong, and what is made of it: told once, and nothing is sent twice."""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sdk import SignInNeeded, ToolError, Unavailable
from bot.sdk.reaching import MOST_BYTES
from bot.sdk.trial import Trial
from plugins.github import plugin
from tests.counterparts.odd import Odd
from tests.counterparts.prism import Prism
from tests.plugins.github.conftest import connected

ISSUES = "/repos/{owner}/{repo}/issues"
NEW = {"repo": "acme/api", "title": "Login fails"}
DATE = "Mon, 23 Nov 2026 09:00:00 GMT"
LIMIT = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1795425000", "Date": DATE}


def said(message: str, *faults: dict[str, str]) -> dict[str, object]:
    about = {"message": message, "documentation_url": "https://docs.github.com"}
    return about | ({"errors": list(faults)} if faults else {})


@pytest.mark.parametrize(
    ("code", "message", "headers", "wait"),
    [
        (429, "slow down", {"Retry-After": "300"}, 300),
        (403, "API rate limit exceeded for user ID 1.", LIMIT, 601),
        (
            403,
            "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
            {},
            60,
        ),
        (403, "Abuse", {"Retry-After": "7"}, 7),
    ],
)
@pytest.mark.parametrize(
    ("name", "given", "method"), [("create_issue", NEW, "POST"), ("list_issues", {"repo": "acme/api"}, "GET")]
)
def test_a_limit_parks_the_task_at_once_and_nothing_is_sent_again(
    by_specification: Trial, official: Prism, code: int, message: str, headers: dict[str, str], wait: int,
    name: str, given: dict[str, str], method: str,
) -> None:  # fmt: skip
    official.answer(method, ISSUES, said(message), code=code, headers=headers)
    with pytest.raises(Unavailable) as refused:
        by_specification.run(name, **given)
    assert (refused.value.retry_after, refused.value.nothing_done) == (wait, True)
    assert refused.value.service == "GitHub"
    assert len(official.calls) == 1


def test_a_dead_token_asks_for_a_sign_in(by_specification: Trial, official: Prism) -> None:
    official.answer("POST", ISSUES, said("Bad credentials"), code=401)
    with pytest.raises(SignInNeeded, match="Connect GitHub again"):
        by_specification.run("create_issue", **NEW)


@pytest.mark.parametrize(
    ("code", "body", "headers", "told"),
    [
        (
            403,
            said("Resource not accessible by integration"),
            {"X-Accepted-GitHub-Permissions": "issues=write"},
            "Resource not accessible by integration. It needs the permission issues=write. Ask an owner",
        ),
        (
            403,
            said("Resource protected by organization SAML enforcement."),
            {"X-GitHub-SSO": "required; url=https://github.com/orgs/acme/sso?x=1"},
            "open https://github.com/orgs/acme/sso?x=1",
        ),
        (404, said("Not Found"), {}, "GitHub has no acme/api/issues, or this connection may not see it"),
        (410, said("Issues are disabled for this repo"), {}, "GitHub refused: Issues are disabled for this repo."),
        (
            422,
            said("Validation Failed", {"field": "title", "code": "too_long"}, {"code": "custom", "message": "No"}),
            {},
            "GitHub refused: Validation Failed: title too_long; No.",
        ),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_in_githubs_own_words_with_what_to_do(
    by_specification: Trial,
    official: Prism,
    code: int,
    body: dict[str, object],
    headers: dict[str, str],
    told: str,
) -> None:
    official.answer("POST", ISSUES, body, code=code, headers=headers)
    with pytest.raises(ToolError) as refused:
        by_specification.run("create_issue", **NEW)
    assert told in str(refused.value)


@pytest.fixture
def trial(odd: Odd, tmp_path: Path) -> Trial:
    return Trial(plugin=plugin, connection=connected(odd.url, "t"), folder=tmp_path)


@pytest.mark.parametrize("code", [0, 502])
def test_a_create_whose_answer_is_lost_went_out_once_and_may_have_happened(
    odd: Odd, trial: Trial, code: int
) -> None:
    if code:
        odd.says(b"", code=code)
    else:
        odd.hangs_up()
    with pytest.raises(Unavailable) as lost:
        trial.run("create_issue", **NEW)
    assert not lost.value.nothing_done
    assert [one.split()[0] for one in odd.heard] == ["POST"]
    with pytest.raises(Unavailable):
        trial.run("list_issues", repo="acme/api")
    assert [one.split()[0] for one in odd.heard[1:]] == ["GET"] * 2


def test_what_was_never_sent_did_nothing(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    trial = Trial(plugin=plugin, connection=connected(url, "t"), folder=tmp_path)
    with pytest.raises(Unavailable) as refused:
        trial.run("create_issue", **NEW)
    assert refused.value.nothing_done


def test_an_answer_without_end_is_not_read_to_its_end(odd: Odd, trial: Trial) -> None:
    odd.says(b"[" * (MOST_BYTES + 1))
    with pytest.raises(ToolError, match="more than 5,000,000 bytes"):
        trial.run("list_issues", repo="acme/api")


def test_a_repository_that_moved_is_not_followed_out_of_the_scope(odd: Odd, trial: Trial) -> None:
    odd.says({}, code=301, Location="/repositories/7/issues")
    with pytest.raises(ToolError, match="renamed or moved"):
        trial.run("list_issues", repo="acme/api")
    assert len(odd.heard) == 1


def test_addresses_in_answers_are_asked_for_at_the_configured_server_only(
    by_specification: Trial, official: Prism
) -> None:
    """The specification's examples name api.github.com; a server of a company has a path before its own."""
    read = by_specification.run("get_issue", repo="acme/api", number=7)
    assert "Found a bug" in read.text
    assert official.calls[0].path == "/repos/acme/api/issues/7"
    connection = replace(
        by_specification.connection, endpoints={"api": "https://ghe.acme.com/api/v3", "web": ""}
    )
    wire = plugin.client(connection).wire
    assert wire._here("https://ghe.acme.com/api/v3/repos/a/b?page=2") == "/repos/a/b?page=2"
    assert wire._here("https://evil.example/repos/a/b") == "/repos/a/b"
