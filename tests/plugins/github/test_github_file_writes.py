"""Branches and files are written to `emulate` as commits, shown as differences, and taken back by commits."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest

from bot.errors import NotAllowed, ToolError
from bot.sdk import Effect
from bot.sdk.trial import Trial
from plugins.github.words import PUBLIC
from tests.plugins.github.conftest import REPO, Ask

BRANCH = {"repo": REPO, "branch": "fix/lögin#1"}
NEW = {"repo": REPO, "path": "docs/a b#.md", "content": "# Café\n", "message": "Say so", "branch": "main"}


def head(github: Ask, branch: str = "main") -> str:
    return str(github("GET", f"/repos/{REPO}/git/ref/heads/{branch}")["object"]["sha"])


def content(github: Ask, path: str = "README.md", ref: str = "main") -> str:
    return b64decode(github("GET", f"/repos/{REPO}/contents/{path}?ref={ref}")["content"]).decode()


@pytest.fixture
def change(github: Ask) -> dict[str, Any]:
    sha = github("GET", f"/repos/{REPO}/contents/README.md")["sha"]
    text = {"content": "# hello-world\n\nSays hello — loudly\n", "message": "Louder"}
    return {"repo": REPO, "path": "README.md", "branch": "main", "sha": sha, **text}


def test_a_branch_is_made_from_where_it_was_said_and_deleted_again(trial: Trial, github: Ask) -> None:
    assert trial.preview("create_branch", **BRANCH) == (f"Make the branch fix/lögin#1 in {REPO}\n{PUBLIC}")
    assert trial.settled("create_branch", effect_id="toolu_1", **BRANCH) is None
    made = trial.run("create_branch", **BRANCH)
    assert made.receipt is not None
    assert made.receipt.where.endswith(f"/{REPO}/tree/fix/l%C3%B6gin%231")
    assert head(github, "fix/l%C3%B6gin%231") == head(github)
    assert trial.settled("create_branch", effect_id="toolu_1", **BRANCH) == made
    trial.undo("create_branch", made, **BRANCH)
    assert "fix/lögin#1" not in [one["name"] for one in github("GET", f"/repos/{REPO}/branches")]


def test_a_branch_with_commits_since_is_left(trial: Trial, github: Ask) -> None:
    made = trial.run("create_branch", repo=REPO, branch="fix", source="main")
    github("PUT", f"/repos/{REPO}/contents/new.md", message="New", content="eA==", branch="fix")
    with pytest.raises(ToolError, match="commits on fix since"):
        trial.undo("create_branch", made, repo=REPO, branch="fix", source="main")
    with pytest.raises(ToolError, match="look whether it is the one"):
        trial.settled("create_branch", effect_id="toolu_1", repo=REPO, branch="fix", source="main")
    with pytest.raises(ToolError, match="GitHub refused: Reference already exists"):
        trial.run("create_branch", repo=REPO, branch="fix")


def test_a_file_is_added_as_it_was_shown_and_deleted_again(trial: Trial, github: Ask) -> None:
    shown = trial.preview("create_file", **NEW)
    assert shown.startswith(f"Add docs/a b#.md on main in {REPO}\n{PUBLIC}\nCommit: Say so\n\n# Café")
    assert trial.settled("create_file", effect_id="toolu_1", **NEW) is None
    made = trial.run("create_file", **NEW)
    assert content(github, "docs/a%20b%23.md") == "# Café\n"
    assert made.receipt is not None
    assert made.receipt.where.endswith(f"/commit/{head(github)}")
    assert made.receipt.effect is Effect.CREATE
    settled = trial.settled("create_file", effect_id="toolu_1", **NEW)
    assert settled is not None
    with pytest.raises(ToolError, match="GitHub refused"):
        trial.run("create_file", **NEW)
    trial.undo("create_file", settled, **NEW)
    with pytest.raises(ToolError, match="has no"):
        trial.run("read_file", repo=REPO, path=NEW["path"])


def test_a_file_is_changed_on_top_of_what_was_read_and_put_back(
    trial: Trial, github: Ask, change: dict[str, Any]
) -> None:
    shown = trial.preview("update_file", **change)
    assert "--- now\n+++ then\n" in shown
    assert "-Says hello\n+Says hello — loudly" in shown
    assert trial.settled("update_file", effect_id="toolu_1", **change) is None
    made = trial.run("update_file", **change)
    assert content(github) == change["content"]
    assert made.receipt is not None
    assert made.receipt.effect is Effect.CHANGE
    settled = trial.settled("update_file", effect_id="toolu_1", **change)
    assert settled is not None and settled.receipt is not None
    assert (settled.receipt.before, settled.receipt.after) == (made.receipt.before, made.receipt.after)
    trial.undo("update_file", made, **change)
    assert content(github) == "# hello-world\n\nSays hello\n"


def test_what_somebody_wrote_since_is_neither_overwritten_nor_taken_back(
    trial: Trial, github: Ask, change: dict[str, Any]
) -> None:
    made = trial.run("update_file", **change)
    added = trial.run("create_file", **NEW)
    for path in ("README.md", "docs/a%20b%23.md"):
        sha = github("GET", f"/repos/{REPO}/contents/{path}")["sha"]
        github("PUT", f"/repos/{REPO}/contents/{path}", message="Theirs", content="VGhlaXJzCg==", sha=sha)
    assert "GitHub will refuse this" in trial.preview("update_file", **change)
    with pytest.raises(ToolError, match=r"GitHub refused: README\.md does not match"):
        trial.run("update_file", **change)
    for name, result, given in (("update_file", made, change), ("create_file", added, NEW)):
        with pytest.raises(ToolError, match="changed since"):
            trial.undo(name, result, **given)
        with pytest.raises(ToolError, match="written by others"):
            trial.settled(name, effect_id="toolu_1", **given)
    assert content(github) == "Theirs\n"


def test_a_workflow_is_shown_to_be_a_program(trial: Trial) -> None:
    for path in (".github/workflows/ci.yml", "/.github//workflows/ci.yml"):
        assert "GitHub will run it" in trial.preview("create_file", **NEW | {"path": path})
    assert "will run" not in trial.preview("create_file", **NEW)


@pytest.mark.parametrize("path", ["../../../octocat/secret/contents/x", "a/../../x", "./x"])
def test_a_write_does_not_lead_out_of_its_repository(trial: Trial, github: Ask, path: str) -> None:
    before = head(github)
    with pytest.raises(ToolError, match="not a path within"):
        trial.run("create_file", **NEW | {"path": path})
    for branch in ("../main", "refs/../x", "a b"):
        with pytest.raises(ToolError, match="not a branch"):
            trial.run("create_branch", repo=REPO, branch=branch)
        with pytest.raises(ToolError, match="not a branch"):
            trial.run("create_file", **NEW | {"branch": branch})
    for name, given in (("create_branch", BRANCH), ("create_file", NEW), ("update_file", NEW | {"sha": "0"})):
        with pytest.raises(NotAllowed):
            trial.within("octocat/secret").run(name, **given)
    assert head(github) == before
