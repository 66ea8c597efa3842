"""Issues from the lines of a listing, counted by severity, and the report that is made of them by fixed rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SEPARATOR = " · "
_HEAD = re.compile(r"^#(?P<number>\d+) (?P<title>.*)$", re.S)
_BY = re.compile(r"^by (?P<who>\S+) (?P<day>\d{4}-\d\d-\d\d)$")
_COMMENTS = re.compile(r"^(\d+) comments?$")
SEVERITIES = ("Critical", "High", "Medium", "Low", "No severity label")
_SIGNS = (
    re.compile(r"\b(?:critical|blocker|urgent|sev[-: ]?[01]|p0)\b", re.I),
    re.compile(r"\b(?:high|major|sev[-: ]?2|p1)\b", re.I),
    re.compile(r"\b(?:medium|moderate|normal|sev[-: ]?3|p2)\b", re.I),
    re.compile(r"\b(?:low|minor|trivial|sev[-: ]?4|p3)\b", re.I),
)
_MOST_SUGGESTED = 10


@dataclass(frozen=True, kw_only=True)
class Issue:
    number: int
    title: str
    labels: tuple[str, ...]
    assignees: str
    comments: int
    day: str
    link: str

    @property
    def severity(self) -> int:
        """The place in `SEVERITIES`, by the gravest of its labels."""
        signs = enumerate(_SIGNS)
        return next((at for at, sign in signs if any(map(sign.search, self.labels))), len(_SIGNS))

    @property
    def rank(self) -> tuple[int, str, int]:
        """The gravest first, then the oldest, then the most discussed."""
        return self.severity, self.day, -self.comments


def issues_in(listings: Iterable[str]) -> list[Issue]:
    """All that stand in these answers of `github_list_issues`, each once."""
    found = [_issue(line) for text in listings for line in text.splitlines() if line.startswith("#")]
    return list({issue.number: issue for issue in found if issue is not None}.values())


def counts(issues: Sequence[Issue]) -> str:
    """How many of each severity there are."""
    return "\n".join(
        f"- {name}: {len(_of(issues, at))}" for at, name in enumerate(SEVERITIES) if _of(issues, at)
    )


def report(repo: str, issues: Sequence[Issue], *, today: str, is_cut: bool) -> str:
    """Markdown: the figures, an order for the next sprint and why, and every issue."""
    head = f"{len(issues)} open issues" + (", the newest of more" if is_cut else "") + f", as of {today}."
    groups = [_group(name, _of(issues, at)) for at, name in enumerate(SEVERITIES) if _of(issues, at)]
    return "\n\n".join([f"# Open issues of {repo}", head, counts(issues), _suggested(issues), *groups]) + "\n"


def _suggested(issues: Sequence[Issue]) -> str:
    ranked = sorted(issues, key=lambda issue: issue.rank)[:_MOST_SUGGESTED]
    lines = [
        f"{at}. {_link(issue)} {_cell(issue.title)}: {_why(issue)}" for at, issue in enumerate(ranked, 1)
    ]
    rule = "The gravest first, then the oldest, then the most discussed. What has nobody assigned needs an owner first."
    return "\n".join(["## Suggested for the next sprint", "", rule, "", *(lines or ["Nothing is open."])])


def _why(issue: Issue) -> str:
    parts = [SEVERITIES[issue.severity].lower(), f"open since {issue.day}"]
    parts.append(f"assigned to {issue.assignees}" if issue.assignees else "needs an owner")
    return ", ".join(parts)


def _group(name: str, issues: Sequence[Issue]) -> str:
    rows = [
        f"| {_link(one)} | {_cell(one.title)} | {_cell(', '.join(one.labels))} | {one.assignees or '–'} | {one.day} | "
        f"{one.comments} |"
        for one in sorted(issues, key=lambda issue: issue.rank)
    ]
    head = ["| issue | title | labels | assigned to | opened | comments |", "|---|---|---|---|---|---|"]
    return "\n".join([f"## {name} ({len(issues)})", "", *head, *rows])


def _of(issues: Sequence[Issue], severity: int) -> list[Issue]:
    return [issue for issue in issues if issue.severity == severity]


def _link(issue: Issue) -> str:
    return f"[#{issue.number}]({issue.link})"


def _cell(text: str) -> str:
    """Titles are others' words: no markup of theirs counts."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split()))


def _issue(line: str) -> Issue | None:
    """A row, read from its end: a title may hold anything."""
    parts = line.split(_SEPARATOR)
    if len(parts) < 4 or (by := _BY.match(parts[-2])) is None:
        return None
    rest, link = parts[:-2], parts[-1]
    comments = int(found[1]) if (found := _COMMENTS.match(rest[-1])) else 0
    rest = rest[:-1] if found else rest
    assigned = rest.pop().removeprefix("assigned to ") if rest[-1].startswith("assigned to ") else ""
    at = max((at for at, part in enumerate(rest) if part in ("open", "closed")), default=0)
    head = _HEAD.match(_SEPARATOR.join(rest[:at]))
    if head is None:
        return None
    labels = tuple(one.strip() for one in _SEPARATOR.join(rest[at + 1 :]).split(",") if one.strip())
    return Issue(
        number=int(head["number"]),
        title=head["title"],
        labels=labels,
        assignees=assigned,
        comments=comments,
        day=by["day"],
        link=link,
    )
