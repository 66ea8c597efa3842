"""Checks and workflow runs, read, down to the end of a job's log."""

from __future__ import annotations

import re
from collections import Counter, deque
from datetime import datetime
from typing import Annotated, Literal

from github.CheckRun import CheckRun
from github.Commit import Commit
from github.CommitStatus import CommitStatus
from github.GithubObject import NotSet
from github.WorkflowJob import WorkflowJob
from github.WorkflowRun import WorkflowRun

from bot.sdk import Context, Cursor, Effect, Result, ToolError, action, line, listed
from plugins.github.client import all_of, page_from
from plugins.github.issues import Repo
from plugins.github.names import in_repository, ref_named
from plugins.github.words import readers

Run = Annotated[int, "The id of the run, from list_workflow_runs."]
_KEPT = 1_000_000
"""Bytes of a log's end that are looked at."""
_CLOCK = re.compile(r"^\ufeff?\d{4}-\d\d-\d\dT[\d:.]+Z ", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[\d;]*[A-Za-z]")
_MOST_TEXT = 20_000


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, ref, **__: f"Read the checks of {ref} in {repo}",
    example={"repo": "octocat/hello-world", "ref": "main"},
)
def get_checks(
    context: Context,
    repo: Repo,
    ref: Annotated[str, "A commit, branch or tag; of a pull request its head commit."],
) -> Result:
    """Say whether the checks of a commit passed: all check runs (Actions and other apps) and commit statuses."""
    commit = context.client.repository(repo).get_commit(ref_named(ref))
    runs = all_of(commit.get_check_runs())
    statuses, note = _statuses(commit)
    counted = Counter([*(_outcome(one) for one in runs), *(one.state for one in statuses)])
    total = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counted.items()))
    lines = [
        f"{ref} in {repo}: {total or 'no checks'}",
        *map(_check_line, runs),
        *map(_status_line, statuses),
        note,
    ]
    return Result(text="\n".join(one for one in lines if one))


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, **__: f"List the workflow runs of {repo}",
    example={"repo": "octocat/hello-world"},
)
def list_workflow_runs(
    context: Context,
    repo: Repo,
    workflow: Annotated[str, "Only of this file, as in ci.yml."] = "",
    branch: Annotated[str, "Only on this branch."] = "",
    status: Literal["", "queued", "in_progress", "completed", "success", "failure", "cancelled"] = "",
    cursor: Cursor = "",
) -> Result:
    """List runs of GitHub Actions, newest first, 20 a page, with outcome, branch and link.

    get_workflow_run shows the jobs of one."""
    repository = context.client.repository(repo)
    of = repository.get_workflow(workflow) if workflow else repository
    get = of.get_runs if workflow else of.get_workflow_runs
    return listed(
        page_from(get(branch=branch or NotSet, status=status or NotSet), cursor), run_line, what="runs"
    )


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, run, **__: f"Read workflow run {run} of {repo}",
    example={"repo": "octocat/hello-world", "run": 1},
)
def get_workflow_run(context: Context, repo: Repo, run: Run) -> Result:
    """Read one workflow run: its outcome, and its jobs with their ids and the steps that failed.

    read_job_log shows why a job failed."""
    found = context.client.repository(repo).get_workflow_run(run)
    jobs = all_of(context.client.listing(WorkflowJob, f"{found.url}/jobs", "jobs"))
    return Result(text="\n".join((run_line(found), *map(_job_line, jobs))))


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, job, **__: f"Read the end of the log of job {job} in {repo}",
    example={"repo": "octocat/hello-world", "job": 1},
)
def read_job_log(
    context: Context,
    repo: Repo,
    job: Annotated[int, "The id of the job, from get_workflow_run."],
    lines: Annotated[int, "How many, from its end; 1000 at most."] = 100,
) -> Result:
    """Read the end of the log of one job of a workflow run, without times and colours."""
    kept = _tail(context, repo, job)
    text = _COLOUR.sub("", _CLOCK.sub("", kept)).strip()
    last = text.splitlines()[-max(1, min(lines, 1000)) :]
    shown = "\n".join(last)[-_MOST_TEXT:]
    return Result(text=f"The end of the log of job {job} in {repo}:\n{shown or '(it is empty)'}")


def run_line(one: WorkflowRun) -> str:
    return line(
        f"{one.id} {one.name or ''} #{one.run_number}",
        f"attempt {one.run_attempt}" if (one.run_attempt or 1) > 1 else "",
        one.conclusion or one.status,
        f"{one.event} on {one.head_branch}",
        one.head_sha[:10],
        _minute(one.created_at),
        one.html_url,
    )


def _tail(context: Context, repo: str, job: int) -> str:
    chunks: deque[bytes] = deque()
    for chunk in context.client.log(repo, job):
        context.halt.check()
        chunks.append(chunk)
        while sum(map(len, chunks)) - len(chunks[0]) >= _KEPT:
            chunks.popleft()
    return b"".join(chunks).decode("utf-8", "replace")


def _statuses(commit: Commit) -> tuple[list[CommitStatus], str]:
    """They need a right of their own, and not every server has them: what else there is, is told all the same."""
    try:
        return list(commit.get_combined_status().statuses), ""
    except ToolError as error:
        return [], f"Commit statuses could not be read: {error}"


def _outcome(one: CheckRun) -> str:
    return one.conclusion or one.status


def _check_line(one: CheckRun) -> str:
    title = one.output.title if one.output else ""
    return line(one.name, _outcome(one), title, one.html_url)


def _status_line(one: CommitStatus) -> str:
    return line(one.context, one.state, one.description, one.target_url)


def _job_line(one: WorkflowJob) -> str:
    failed = [step.name for step in one.steps or () if step.conclusion == "failure"]
    steps = f"failed in {', '.join(failed)}" if failed else ""
    return line(f"job {one.id} {one.name}", one.conclusion or one.status, steps, one.html_url)


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
