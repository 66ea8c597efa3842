"""Workflows, set going: triggered, or run again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import quote

from github.WorkflowRun import WorkflowRun

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.github.issue_writes import Where, number_in
from plugins.github.names import in_repository, ref_named, repository_named
from plugins.github.runs import Run, run_line
from plugins.github.words import to_readers

UNDO = "Cancel the run"


def _cancel(context: Context, receipt: Receipt, repo: str, **_: Any) -> Result:
    number = number_in(receipt.where)
    if context.client.repository(repo).get_workflow_run(number).status == "completed":
        raise ToolError(f"{receipt.where} has ended already: it cannot be cancelled.")
    context.client.send("POST", f"{_runs(repo)}/{number}/cancel")
    cancelled = Receipt(effect=Effect.CHANGE, what="Cancelled workflow run", where=receipt.where)
    return Result(text=f"Cancelled {receipt.where}.", receipt=cancelled)


def _runs(repo: str) -> str:
    return f"/repos/{repository_named(repo)}/actions/runs"


def _started(context: Context, repo: str, workflow: str, run: WorkflowRun | bool) -> Result:
    """GitHub has not always said which run it became."""
    listed = f"{context.client.web}/{repository_named(repo)}/actions/workflows/{quote(workflow, safe='')}"
    link, undo = (run.html_url, UNDO) if isinstance(run, WorkflowRun) else (listed, "")
    receipt = Receipt(effect=Effect.PUBLISH, what="Triggered workflow", where=link, after=workflow, undo=undo)
    return Result(text=f"Triggered {workflow} in {repo}: {link}", receipt=receipt)


@action(
    effect=Effect.PUBLISH,
    items=in_repository,
    preview=lambda _, repo, workflow, ref, **__: (
        f"Run the workflow {workflow} in {repo} on {ref}, with all that it may do"
    ),
    detail=to_readers(
        lambda *_, inputs=None, **__: "\n".join(f"{name}: {value}" for name, value in (inputs or {}).items())
    ),
    example={"repo": "octocat/hello-world", "workflow": "ci.yml", "ref": "main"},
    inverse=Inverse(words=UNDO, act=_cancel),
)
def trigger_workflow(
    context: Context,
    repo: Where,
    workflow: Annotated[str, "Its file in .github/workflows, as in ci.yml; it must have workflow_dispatch."],
    ref: Annotated[str, "The branch or tag to run it on."],
    inputs: Annotated[dict[str, str] | None, "What the workflow asks for, by name."] = None,
) -> Result:
    """Run a workflow now. It does whatever its file says, which may be a release: read that first."""
    found = context.client.repository(repo).get_workflow(workflow)
    run = found.create_dispatch(ref_named(ref), inputs or {}, throw=True, return_run_details=True)
    return _started(context, repo, workflow, run)


def _run_again(context: Context, repo: str, run: int, order: str, what: str) -> Result:
    link = context.client.repository(repo).get_workflow_run(run).html_url
    context.client.send("POST", f"{_runs(repo)}/{run}/{order}")
    receipt = Receipt(effect=Effect.PUBLISH, what=what, where=link, undo=UNDO)
    return Result(text=f"{what} {run} of {repo}: {link}", receipt=receipt)


def _which(context: Context, repo: str, run: int) -> str:
    return run_line(context.client.repository(repo).get_workflow_run(run))


def _preview(what: str) -> Callable[..., str]:
    return lambda _, repo, run, **__: f"{what} {run} in {repo}"


@action(
    effect=Effect.PUBLISH,
    items=in_repository,
    preview=_preview("Run again all jobs of workflow run"),
    detail=to_readers(_which),
    example={"repo": "octocat/hello-world", "run": 1},
    inverse=Inverse(words=UNDO, act=_cancel),
)
def rerun_workflow(context: Context, repo: Where, run: Run) -> Result:
    """Run all jobs of a workflow run again, on the same commit: a release or deployment among them is made again."""
    return _run_again(context, repo, run, "rerun", "Ran again workflow run")


@action(
    effect=Effect.PUBLISH,
    items=in_repository,
    preview=_preview("Run again the failed jobs of workflow run"),
    detail=to_readers(_which),
    example={"repo": "octocat/hello-world", "run": 1},
    inverse=Inverse(words=UNDO, act=_cancel),
)
def rerun_failed_jobs(context: Context, repo: Where, run: Run) -> Result:
    """Run only the failed jobs of a workflow run again, and those that need them, on the same commit."""
    return _run_again(context, repo, run, "rerun-failed-jobs", "Ran again failed jobs of workflow run")
