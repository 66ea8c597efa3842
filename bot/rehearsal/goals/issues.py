"""Summarise the open issues of a repository: fetch, count by severity, suggest an order, hand over a report."""

from __future__ import annotations

import re

from bot.rehearsal.answer import Answer
from bot.rehearsal.goals import results
from bot.rehearsal.goals.issue_report import Issue, counts, issues_in, report
from bot.rehearsal.goals.moves import Plan, end, gave_up, work
from bot.rehearsal.goals.results import Approved, Redirected
from bot.rehearsal.goals.services import called, calling, can_call, cursor_of
from bot.rehearsal.goals.transcript import Transcript
from bot.rehearsal.goals.words import counted

_LIST, _REPOSITORIES = "github_list_issues", "github_list_repositories"
_MOST_PAGES = 15
_QUERY = "github list issues of a repository, list repositories"
_FULL_NAME = re.compile(r"(?:github\.com/|\b)(?P<name>[\w.-]+/[\w.-]*\w)")
_CALLED = re.compile(
    r"\b(?:the|our|my)\s+[“\"'`]?(?P<name>[\w.-]+)[”\"'`]?\s+(?:repo(?:sitory)?|project)\b", re.I
)
_TITLES = (
    "Fetch the open issues",
    "Group them by severity",
    "Suggest priorities",
    "Write and deliver {report}",
)


def summarise(story: Transcript) -> Answer:
    """The next answer to `Prepare a summary of all open issues in the payments repository …`."""
    if not can_call(story, _LIST):
        return _not_connected(story)
    repo, problem = _repository(story)
    if isinstance(repo, Answer):
        return repo
    if problem:
        return gave_up(story, _plan("the report"), problem)
    pages = [step for step in called(story, _LIST) if step.given.get("repo") == repo]
    if pages and (pages[-1].failed or results.not_run(pages[-1].result)):
        return gave_up(
            story, _plan(_file(repo)), f"I could not list the issues of {repo}: {pages[-1].result.strip()}"
        )
    cursor = cursor_of(pages[-1].result) if pages else ""
    if not pages or (cursor and len(pages) < _MOST_PAGES):
        given = {"repo": repo, "state": "open"} | ({"cursor": cursor} if cursor else {})
        return work(story, _plan(_file(repo)), calling(story, _LIST, given))
    return _counted(story, repo, issues_in(page.result for page in pages), is_cut=bool(cursor))


def _counted(story: Transcript, repo: str, found: list[Issue], *, is_cut: bool) -> Answer:
    """A person sees the figures before anything is made of them."""
    asked = story.last("checkpoint")
    if asked is None and "checkpoint" in story.tools:
        head = f"Found {counted(len(found), 'open issue')} in {repo}" + (" (the newest)" if is_cut else "")
        given = {"title": head, "summary": f"{counts(found)}\n\nNext: suggested priorities, and the report."}
        return work(story, _plan(_file(repo), 1), ("checkpoint", given), say=head + ".")
    if asked is not None:
        match results.decision(asked.result):
            case Approved():
                pass
            case Redirected(words=words):
                return gave_up(
                    story, _plan(_file(repo), 1), f"You said “{words}”; that is beyond my fixed rules."
                )
            case refused:
                return gave_up(story, _plan(_file(repo), 1), refused.reason)
    return _written(story, repo, found, is_cut=is_cut)


def _written(story: Transcript, repo: str, found: list[Issue], *, is_cut: bool) -> Answer:
    file = _file(repo)
    written, delivered = story.last("write_file"), story.last("deliver")
    if written is None:
        content = report(repo, found, today=story.now[:10], is_cut=is_cut)
        return work(story, _plan(file, 3), ("write_file", {"path": file, "content": content}))
    if written.failed or results.not_run(written.result):
        return gave_up(story, _plan(file, 3), f"The report was not written: {written.result.strip()}")
    if delivered is None and "deliver" in story.tools:
        return work(story, _plan(file, 3), ("deliver", {"path": file, "title": f"Open issues of {repo}"}))
    outcome = f"Done: {counted(len(found), 'open issue')} of {repo}, by severity, with an order for the next sprint."
    return end(story, f"{outcome} The report is `{file}`.\n\n{counts(found)}", _plan(file, 4))


def _repository(story: Transcript) -> tuple[str | Answer, str]:
    """Its full name, or the call that finds it; else why it is not known."""
    if full := _FULL_NAME.search(story.goal):
        return full["name"], ""
    short = _CALLED.search(story.goal)
    if short is None or not can_call(story, _REPOSITORIES):
        return "", "Which repository? Say it as owner/name, as in acme/payments."
    listings = called(story, _REPOSITORIES)
    if not listings:
        return work(story, _plan("the report"), calling(story, _REPOSITORIES, {})), ""
    names = re.findall(r"^\W*([\w.-]+/[\w.-]+)", listings[-1].result, re.M)
    fitting = [name for name in names if name.rpartition("/")[2].lower() == short["name"].lower()]
    if len(fitting) == 1:
        return fitting[0], ""
    seen = f" I see {', '.join(names[:10])}." if names else ""
    return "", f"I find no repository {short['name']!r} that is surely meant.{seen} Say it as owner/name."


def _not_connected(story: Transcript) -> Answer:
    """Its actions are looked for, asked for, and once somebody signed in looked for again."""
    if "find_actions" in story.tools and not story.steps("find_actions"):
        return work(story, _plan("the report"), ("find_actions", {"query": _QUERY}))
    asked = story.last("ask_to_connect")
    if asked is None and "ask_to_connect" in story.tools:
        return work(story, _plan("the report"), ("ask_to_connect", {"service": "github"}))
    if asked is not None and not asked.failed and len(story.steps("find_actions")) == 1:
        return work(story, _plan("the report"), ("find_actions", {"query": _QUERY}))
    return end(
        story,
        "This needs the GitHub plugin, with issues switched on: an admin installs it in my Home tab, under Plugins, "
        "and you or your team connect an account. Nothing was done.",
    )


def _file(repo: str) -> str:
    return f"{repo.rpartition('/')[2]}-sprint-summary.md"


def _plan(file: str, at: int = 0) -> Plan:
    return Plan(titles=tuple(title.format(report=file) for title in _TITLES), at=at)
