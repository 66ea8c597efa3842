"""How what Linear answers reads: a line a row, each with its key and its link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sdk import line

Row = Mapping[str, Any]


def issue_line(issue: Row) -> str:
    return line(
        f"{issue['identifier']} {issue['title']}",
        issue["state"]["name"],
        issue["priorityLabel"] if issue["priority"] else "",
        f"for {issue['assignee']['name']}" if issue["assignee"] else "no assignee",
        ", ".join(one["name"] for one in issue["labels"]["nodes"]),
        issue["project"]["name"] if issue["project"] else "",
        f"cycle {issue['cycle']['number']:g}" if issue["cycle"] else "",
        f"due {issue['dueDate']}" if issue["dueDate"] else "",
        issue["url"],
    )


def whole_issue(issue: Row, comments: list[Any]) -> str:
    author = f"by {issue['creator']['name']}, " if issue["creator"] else ""
    head = f"{issue_line(issue)}\nOpened {author}{_day(issue['createdAt'])}, last changed {_day(issue['updatedAt'])}"
    said = sorted(comments, key=lambda one: str(one["createdAt"]))
    lines = [f"— {_author(one)}, {_day(one['createdAt'])}:\n{one['body']}" for one in said]
    tail = f"{len(lines)} comments:" if lines else "No comments."
    return "\n\n".join([head, issue["description"] or "No description.", tail, *lines])


def team_line(team: Row) -> str:
    return line(f"{team['key']}: {team['name']}", team["description"] or "")


def label_line(label: Row) -> str:
    team = f"of team {label['team']['key']}" if label["team"] else "of all teams"
    return line(label["name"], team, label["description"] or "")


def project_line(project: Row) -> str:
    return line(
        project["name"],
        project["status"]["name"],
        f"{project['progress']:.0%} done",
        f"health {project['health']}" if project["health"] else "",
        f"led by {project['lead']['name']}" if project["lead"] else "",
        f"target {project['targetDate']}" if project["targetDate"] else "",
        f"teams {', '.join(one['key'] for one in project['teams']['nodes'])}",
        project["url"],
    )


def cycle_line(cycle: Row) -> str:
    name = f" {cycle['name']}" if cycle["name"] else ""
    moments = {"isActive": "now", "isNext": "next", "isPast": "past"}
    return line(
        f"{cycle['team']['key']} cycle {cycle['number']:g}{name}",
        next((word for key, word in moments.items() if cycle[key]), "later"),
        f"{_day(cycle['startsAt'])} to {_day(cycle['endsAt'])}",
        f"{cycle['progress']:.0%} done",
    )


def _author(comment: Row) -> str:
    return str(comment["user"]["name"]) if comment["user"] else "an app"


def _day(moment: str) -> str:
    return str(moment)[:10]
