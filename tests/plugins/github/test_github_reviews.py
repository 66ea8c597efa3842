"""Pull requests are opened and reviewed at `emulate`, each for what was read; remarks by the specification."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import NotAllowed, ToolError
from bot.sdk.trial import Trial
from plugins.github.words import PUBLIC
from tests.counterparts.emulate import Emulate
from tests.counterparts.prism import Prism
from tests.plugins.github.conftest import REPO, Ask, as_person

OPEN = {"repo": REPO, "title": "Mend it — now", "head": "fix/login", "base": "main", "body": "Closes #9"}


def reviews(github: Ask) -> list[Any]:
    return list(github("GET", f"/repos/{REPO}/pulls/1/reviews"))


@pytest.fixture
def reviewer(trial: Trial, emulate: Emulate) -> Trial:
    return as_person(trial, emulate.github.other_token)


def test_a_pull_request_is_opened_as_it_was_shown_and_closed_again(
    trial: Trial, pull: Any, github: Ask
) -> None:
    github("PATCH", f"/repos/{REPO}/pulls/1", state="closed")
    assert trial.preview("open_pull_request", **OPEN) == (
        f"Open a pull request in {REPO}: “Mend it — now”\n{PUBLIC}\n"
        "Mend it — now\nfix/login → main: 2 commits, 2 files\n\nCloses #9"
    )
    assert trial.settled("open_pull_request", effect_id="toolu_1", **OPEN) is None
    made = trial.run("open_pull_request", effect_id="toolu_1", **OPEN, draft=True)
    kept = github("GET", f"/repos/{REPO}/pulls/2")
    assert (kept["title"], kept["draft"]) == ("Mend it — now", True)
    assert (kept["head"]["ref"], kept["base"]["ref"]) == ("fix/login", "main")
    assert made.receipt is not None
    assert made.receipt.where == kept["html_url"]
    assert trial.settled("open_pull_request", effect_id="toolu_1", **OPEN) == made
    assert trial.settled("open_pull_request", effect_id="toolu_2", **OPEN) is None
    trial.undo("open_pull_request", made, **OPEN)
    assert github("GET", f"/repos/{REPO}/pulls/2")["state"] == "closed"
    with pytest.raises(ToolError, match="changed since"):
        trial.undo("open_pull_request", made, **OPEN)


def test_a_pull_request_comes_from_a_branch_of_the_same_repository(trial: Trial, pull: Any) -> None:
    with pytest.raises(ToolError, match="not a branch"):
        trial.run("open_pull_request", **OPEN | {"head": "stranger:main"})
    with pytest.raises(NotAllowed):
        trial.within("octocat/secret").run("open_pull_request", **OPEN)


@pytest.mark.parametrize(
    ("name", "state", "words"),
    [
        ("approve_pull_request", "APPROVED", "Approve pull request #1 in"),
        ("request_changes", "CHANGES_REQUESTED", "Request changes to #1 in"),
        ("review_pull_request", "COMMENTED", "Review #1 in"),
    ],
)
def test_a_review_is_given_for_the_commit_that_was_read_and_dismissed_again(
    reviewer: Trial, pull: Any, github: Ask, name: str, state: str, words: str
) -> None:
    given = {"repo": REPO, "number": 1, "commit": pull["head"]["sha"], "body": "Fine — mostly"}
    assert reviewer.preview(name, **given).startswith(words)
    assert reviewer.preview(name, **given).endswith(
        f"Fix login (commit {pull['head']['sha'][:10]})\n\nFine — mostly"
    )
    assert reviewer.settled(name, effect_id="toolu_1", **given) is None
    made = reviewer.run(name, effect_id="toolu_1", **given)
    kept = reviews(github)
    assert [(one["state"], one["commit_id"], one["user"]["login"]) for one in kept] == [
        (state, pull["head"]["sha"], "reviewer")
    ]
    assert reviewer.settled(name, effect_id="toolu_1", **given) == made
    with pytest.raises(ToolError, match="read it again"):
        reviewer.run(name, **given | {"commit": "0" * 40})
    with pytest.raises(NotAllowed):
        reviewer.within("octocat/secret").run(name, **given)
    assert len(reviews(github)) == 1
    if name == "review_pull_request":
        assert made.receipt is not None
        assert made.receipt.undo == ""
        return
    reviewer.undo(name, made, **given)
    assert reviews(github)[0]["state"] == "DISMISSED"
    with pytest.raises(ToolError, match="changed since"):
        reviewer.undo(name, made, **given)


@pytest.mark.parametrize("name", ["request_changes", "review_pull_request"])
def test_remarks_go_to_the_lines_they_are_of(by_specification: Trial, official: Prism, name: str) -> None:
    remarks = [{"path": "src/a.py", "line": 3, "body": "Why?"}]
    head = "6dcb09b5b57875f334f61aebed695e2e4193db5e"
    given = {"repo": "acme/api", "number": 7, "commit": head, "body": "See below", "remarks": remarks}
    assert "See below\n\nsrc/a.py:3\nWhy?" in by_specification.preview(name, **given)
    by_specification.run(name, effect_id="toolu_1", **given)
    sent = official.calls[-1]
    assert (sent.method, sent.violations) == ("POST", [])
    assert sent.body["comments"] == [{"path": "src/a.py", "line": 3, "side": "RIGHT", "body": "Why?"}]
    assert sent.body["commit_id"] == head
    assert (
        sent.body["event"] == {"request_changes": "REQUEST_CHANGES", "review_pull_request": "COMMENT"}[name]
    )
