"""Checks, workflow runs and logs: as `emulate` keeps them, and as the official specification gives them."""

from __future__ import annotations

import pytest

from bot.errors import NotAllowed, ToolError
from bot.sdk import Unavailable
from bot.sdk.trial import Trial
from tests.counterparts.emulate import Emulate
from tests.counterparts.odd import Odd
from tests.counterparts.prism import Prism
from tests.plugins.github.conftest import REPO, Ask


def test_runs_are_listed_with_their_outcome_and_one_with_its_jobs(trial: Trial) -> None:
    listed = trial.run("list_workflow_runs", repo=REPO).text
    runs = [row.split()[0] for row in listed.splitlines()[1:]]
    assert " CI #2 · failure · push on main · " in listed
    assert len(runs) == 2
    of_ci = trial.run(
        "list_workflow_runs", repo=REPO, workflow="ci.yml", branch="main", status="completed"
    ).text
    assert of_ci == listed
    with pytest.raises(ToolError, match="has no"):
        trial.run("list_workflow_runs", repo=REPO, workflow="nope.yml")
    one = trial.run("get_workflow_run", repo=REPO, run=int(runs[1])).text
    assert "CI #1 · success" in one
    assert "build · success" in one
    assert "lint · success" in one


def test_the_steps_that_failed_are_named(trial: Trial, emulate: Emulate) -> None:
    steps = [{"name": "Set up", "conclusion": "success"}, {"name": "Test", "conclusion": "failure"}]
    failed = {"status": "completed", "conclusion": "failure", "started_at": None, "completed_at": None}
    run = trial.run("list_workflow_runs", repo=REPO).text.splitlines()[1].split()[0]
    repository = trial.plugin.client(trial.connection).repository(REPO).id
    emulate.insert("github", "jobs", run_id=int(run), repo_id=repository, name="test", steps=steps, **failed)
    assert "test · failure · failed in Test · http" in trial.run("get_workflow_run", repo=REPO, run=run).text


def test_the_end_of_a_log_is_read_without_times_and_colours(
    by_specification: Trial, official: Prism, odd: Odd
) -> None:
    """GitHub sends on to a storage of its own, which gets no token."""
    log = "".join(f"2026-11-23T09:00:0{n}.0000000Z \x1b[31mLine {n}\x1b[0m é\r\n" for n in range(8)).encode()
    odd.says(log)
    path = "/repos/acme/api/actions/jobs/7/logs"
    official.answer("GET", path, None, code=302, headers={"Location": f"{odd.url}/log?signature=x"})
    read = by_specification.run("read_job_log", repo="acme/api", job=7, lines=3)
    assert read.text == "The end of the log of job 7 in acme/api:\nLine 5 é\nLine 6 é\nLine 7 é"
    assert official.calls[0].headers["authorization"] == "Bearer github_pat_x"
    assert (odd.heard, odd.signed) == (["GET /log?signature=x"], [""])


def test_a_log_that_is_gone_or_lies_elsewhere_is_not_read(
    by_specification: Trial, official: Prism, trial: Trial
) -> None:
    path = "/repos/acme/api/actions/jobs/7/logs"
    for location, reason in (
        (f"{official.url}/nowhere", "no log of this job any more"),
        ("file:///etc/passwd", "not safe"),
    ):
        official.answer("GET", path, None, code=302, headers={"Location": location})
        with pytest.raises(ToolError, match=reason):
            by_specification.run("read_job_log", repo="acme/api", job=7)
    assert trial.run("read_job_log", repo=REPO, job=1).text.endswith("Job 1 logs (stub)")
    with pytest.raises(ToolError, match="has no octocat/hello-world/actions/jobs/99/logs"):
        trial.run("read_job_log", repo=REPO, job=99)
    with pytest.raises(NotAllowed):
        trial.within("octocat/secret").run("read_job_log", repo=REPO, job=1)


def test_checks_and_statuses_of_a_commit_are_counted_together(
    by_specification: Trial, official: Prism
) -> None:
    commit = "/repos/acme/api/commits/main"
    text = by_specification.run("get_checks", repo="acme/api", ref="main").text
    assert text.startswith(
        "main in acme/api: 1 neutral, 2 success\nmighty_readme · neutral · Mighty Readme report"
    )
    assert "continuous-integration/jenkins · success · Build has completed successfully" in text
    assert [call.path for call in official.calls] == [f"{commit}/check-runs", f"{commit}/status"]


def test_checks_are_told_where_statuses_may_not_be_read(trial: Trial, github: Ask) -> None:
    head = github("GET", f"/repos/{REPO}/git/ref/heads/main")["object"]["sha"]
    failed = {"name": "lint", "head_sha": head, "status": "completed", "conclusion": "failure"}
    github("POST", f"/repos/{REPO}/check-runs", **failed, output={"title": "3 errors", "summary": "x"})
    text = trial.run("get_checks", repo=REPO, ref=head).text
    assert f"{head} in {REPO}: 1 failure\nlint · failure · 3 errors · http" in text
    assert "Commit statuses could not be read" in text


def test_a_service_that_is_out_is_not_taken_for_a_missing_right(
    by_specification: Trial, official: Prism
) -> None:
    limited = {"message": "slow down", "documentation_url": "x"}
    official.answer("GET", "/repos/{owner}/{repo}/commits/{ref}/status", limited, code=429)
    with pytest.raises(Unavailable):
        by_specification.run("get_checks", repo="acme/api", ref="main")
