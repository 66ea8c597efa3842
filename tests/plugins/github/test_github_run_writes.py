"""Workflows are triggered and run again: at `emulate`, and by the specification what that lacks."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import NotAllowed, ToolError
from bot.sdk import Effect
from bot.sdk.trial import Trial
from plugins.github.words import PUBLIC
from tests.counterparts.prism import Prism
from tests.plugins.github.conftest import REPO, Ask

RUNS = f"/repos/{REPO}/actions/runs"


def runs(github: Ask) -> list[Any]:
    """The oldest first."""
    return sorted(github("GET", RUNS)["workflow_runs"], key=lambda one: int(one["id"]))


def test_a_workflow_is_triggered_on_a_branch_with_what_it_asks_for(trial: Trial, github: Ask) -> None:
    given = {"repo": REPO, "workflow": "ci.yml", "ref": "main", "inputs": {"level": "all"}}
    assert trial.preview("trigger_workflow", **given) == (
        f"Run the workflow ci.yml in {REPO} on main, with all that it may do\n{PUBLIC}\nlevel: all"
    )
    before = len(runs(github))
    made = trial.run("trigger_workflow", **given)
    new = runs(github)[before:]
    assert [(one["event"], one["head_branch"], one["status"]) for one in new] == [
        ("workflow_dispatch", "main", "queued")
    ]
    assert made.receipt is not None
    assert (made.receipt.effect, made.receipt.undo) == (Effect.PUBLISH, "")
    assert made.receipt.where.endswith(f"/{REPO}/actions/workflows/ci.yml")


def test_the_run_that_was_triggered_is_named_and_cancelled_where_github_says_which(
    by_specification: Trial, official: Prism
) -> None:
    given = {"repo": "acme/api", "workflow": "ci.yml", "ref": "v1", "inputs": {"level": "all"}}
    made = by_specification.run("trigger_workflow", **given)
    sent = official.calls[-1]
    assert (sent.path, sent.violations) == ("/repos/acme/api/actions/workflows/ci.yml/dispatches", [])
    assert sent.body == {"ref": "v1", "inputs": {"level": "all"}, "return_run_details": True}
    assert made.receipt is not None
    assert made.receipt.undo == "Cancel the run"
    run = made.receipt.where.rpartition("/")[2]
    by_specification.undo("trigger_workflow", made, **given)
    assert (official.calls[-1].method, official.calls[-1].path) == (
        "POST",
        f"/repos/acme/api/actions/runs/{run}/cancel",
    )


def test_a_run_is_run_again_and_cancelled(trial: Trial, github: Ask) -> None:
    old = runs(github)[-1]
    given = {"repo": REPO, "run": old["id"]}
    shown = trial.preview("rerun_workflow", **given)
    assert shown.startswith(f"Run again all jobs of workflow run {old['id']} in {REPO}")
    assert "CI #2 · failure · push on main" in shown
    made = trial.run("rerun_workflow", **given)
    new = runs(github)[-1]
    assert (new["run_attempt"], new["status"]) == (2, "queued")
    with pytest.raises(ToolError, match="has ended already"):
        trial.undo("rerun_workflow", made, **given)  # the emulator makes another run of it, GitHub does not
    with pytest.raises(ToolError, match="has no"):
        trial.run("rerun_workflow", repo=REPO, run=9999)
    for name, more in (
        ("rerun_workflow", {"run": 1}),
        ("rerun_failed_jobs", {"run": 1}),
        ("trigger_workflow", {"workflow": "ci.yml", "ref": "main"}),
    ):
        with pytest.raises(NotAllowed):
            trial.within("octocat/secret").run(name, repo=REPO, **more)


def test_only_the_failed_jobs_are_run_again(by_specification: Trial, official: Prism) -> None:
    given = {"repo": "acme/api", "run": 7}
    assert "Run again the failed jobs of workflow run 7 in acme/api" in by_specification.preview(
        "rerun_failed_jobs", **given
    )
    made = by_specification.run("rerun_failed_jobs", **given)
    sent = official.calls[-1]
    assert (sent.method, sent.path, sent.violations) == (
        "POST",
        "/repos/acme/api/actions/runs/7/rerun-failed-jobs",
        [],
    )
    assert made.receipt is not None
    assert made.receipt.undo == "Cancel the run"


def test_a_create_that_was_refused_says_so(by_specification: Trial, official: Prism) -> None:
    body = {"message": "Workflow does not have 'workflow_dispatch' trigger", "documentation_url": "x"}
    path = "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches"
    official.answer("POST", path, body, code=422)
    with pytest.raises(ToolError, match="does not have 'workflow_dispatch' trigger"):
        by_specification.run("trigger_workflow", repo="acme/api", workflow="ci.yml", ref="main")
