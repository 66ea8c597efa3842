"""Pull requests as `emulate` keeps them: what they are and change, and who said what."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from bot.errors import ToolError
from bot.sdk.trial import Trial
from tests.plugins.github.conftest import REPO, Ask

PULL = {"repo": REPO, "number": 1}


def test_pull_requests_are_listed_with_their_branches_and_filtered(trial: Trial, pull: Any) -> None:
    assert "#1 Fix login · open · octocat:fix/login → main · by octocat" in (
        trial.run("list_pull_requests", repo=REPO, base="main", head="octocat:fix/login").text
    )
    assert trial.run("list_pull_requests", repo=REPO, base="other").text == "No pull requests found."
    assert trial.run("list_pull_requests", repo=REPO, state="closed").text == "No pull requests found."
    assert f"{REPO}#1 Fix login" in trial.run("search_issues", query="login is:pr").text


def test_one_comes_with_its_reviews_remarks_and_comments(trial: Trial, pull: Any, github: Ask) -> None:
    remark = {"path": "README.md", "position": 1, "body": "Why so loud?"}
    review = {"event": "REQUEST_CHANGES", "body": "Not yet", "comments": [remark]}
    github("POST", f"/repos/{REPO}/pulls/1/reviews", **review)
    github("POST", f"/repos/{REPO}/issues/1/comments", body="Soon")
    text = trial.run("get_pull_request", **PULL).text
    assert text.startswith(f"{REPO}#1 Fix login\nopen · octocat:fix/login → octocat:main · head commit ")
    assert pull["head"]["sha"] in text
    parts = (
        "Mends #9",
        "Review by octocat: changes requested",
        "Not yet",
        "On README.md:",
        "Why so loud?",
        "Soon",
    )
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)


def test_its_diff_is_read_whole_or_by_file_and_in_parts_when_long(
    trial: Trial, pull: Any, github: Ask
) -> None:
    whole = trial.run("read_pull_request_diff", **PULL).text
    assert whole.startswith(f"{REPO}#1 changes 2 files. {pull['html_url']}/files\n")
    assert "README.md · modified · +1 −3\nsrc/a.py · added · +1 −0" in whole
    assert "+Hello!" in whole
    for path in ("src/a.py", "src", "/src/"):
        part = trial.run("read_pull_request_diff", **PULL, path=path).text
        assert "+print(1)" in part
        assert "Hello" not in part
    with pytest.raises(ToolError, match="does not change src/b"):
        trial.run("read_pull_request_diff", **PULL, path="src/b")


def test_a_long_diff_comes_in_parts(trial: Trial, pull: Any, github: Ask) -> None:
    long = b64encode(b"x = 1\n" * 6000).decode()
    github("PUT", f"/repos/{REPO}/contents/long.py", message="Long", content=long, branch="fix/login")
    github("POST", f"/repos/{REPO}/pulls", title="Longer", head="fix/login", base="main")
    first = trial.run("read_pull_request_diff", repo=REPO, number=2).text
    assert "more characters: go on with offset=20000" in first
    assert "+x = 1" in trial.run("read_pull_request_diff", repo=REPO, number=2, offset=20_000).text
