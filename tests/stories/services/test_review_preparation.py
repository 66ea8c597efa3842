"""A review of a pull request is prepared as a document; what it says on GitHub is said after a yes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.task import TaskState
from bot.rehearsal.answer import Answer, calls, text
from tests.counterparts.emulate import Emulate
from tests.engine.office import Office
from tests.plugins.github.conftest import REPO, Ask, connected
from tests.stories.services.conftest import Staffed, asked, told

GOAL = (
    f"Prepare a review of pull request #1 in {REPO}: what it changes, whether the checks pass, and what to ask. "
    "Hand the review over as review.md, and put the question into a review on GitHub."
)
QUESTION = "Why does `src/a.py` print?"


def _reads(request: dict[str, Any]) -> Answer:
    (head,) = re.findall(r"head commit ([0-9a-f]{40})", told(request))
    one = {"repo": REPO, "number": 1}
    return calls(("github_read_pull_request_diff", one), ("github_get_checks", {"repo": REPO, "ref": head}))


def _writes(request: dict[str, Any]) -> Answer:
    """The document, from what the diff and the checks were."""
    read = told(request)
    files = "\n".join(f"- {path}" for path in re.findall(r"^--- (\S+)", read, re.MULTILINE))
    checks = "lint failed" if "lint · failure" in read else "all green"
    content = f"# Review of #1\n\n## Files\n{files}\n\n## Checks\n{checks}\n\n## Question\n{QUESTION}\n"
    return calls(("write_file", {"path": "review.md", "content": content}))


def _hands_over(request: dict[str, Any]) -> Answer:
    return calls(("deliver", {"path": "review.md", "title": "Review of #1"}))


def _reviews(commit: str) -> Answer:
    review = {"repo": REPO, "number": 1, "commit": commit, "body": QUESTION}
    return calls(("github_review_pull_request", review))


@pytest.fixture
def at_work(staffed: Staffed, emulate: Emulate, github: Ask, pull: Any) -> Callable[..., Office]:
    """One check of the pull request has failed."""
    failed = {"name": "lint", "head_sha": pull["head"]["sha"], "status": "completed", "conclusion": "failure"}
    github("POST", f"/repos/{REPO}/check-runs", **failed, output={"title": "3 errors", "summary": "x"})
    account = connected(emulate.github.url, emulate.github.token)
    first = calls(("github_get_pull_request", {"repo": REPO, "number": 1}))
    return lambda *after: staffed({"github": account}, first, _reads, _writes, _hands_over, *after)


def test_the_review_is_handed_over_and_its_question_asked_on_github_after_a_yes(
    at_work: Callable[..., Office], github: Ask, pull: Any
) -> None:
    head = pull["head"]["sha"]
    office = at_work(_reviews(head), text("The review is ready."))

    task = office.begin(GOAL)
    (action,) = asked(office, task)

    assert (action.preview, action.rule) == (
        f"Review #1 in {REPO} without a verdict (cannot be undone)",
        9,
    )
    assert action.detail.endswith(f"Fix login (commit {head[:10]})\n\n{QUESTION}")
    assert github("GET", f"/repos/{REPO}/pulls/1/reviews") == []

    assert office.approve(task.id).state is TaskState.DONE

    (review,) = github("GET", f"/repos/{REPO}/pulls/1/reviews")
    assert (review["state"], review["commit_id"]) == ("COMMENTED", head)
    assert review["body"].startswith(QUESTION)
    snapshot = office.record.snapshot(task.id)
    assert [one.where for one in snapshot.receipts][-1] == review["html_url"]
    (document,) = snapshot.deliverables
    written = Path(document.path).read_text("utf-8")
    assert "- README.md\n- src/a.py" in written and "lint failed" in written
