"""The fields of an issue that a call may set or look for, and how they read and are sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.sdk import Context
from plugins.linear import names

Priority = Literal["none", "urgent", "high", "medium", "low"]
PRIORITIES: tuple[Priority, ...] = ("none", "urgent", "high", "medium", "low")
OPEN = "open"
_STATE_TYPES = ("triage", "backlog", "unstarted", "started", "completed", "canceled")


class Fields(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: str | None = None
    priority: Priority | None = None
    assignee: Annotated[str | None, Field(description='E-mail, name, "me" or "none"')] = None
    labels: Annotated[list[str] | None, Field(description="All of its labels, by name")] = None
    project: str | None = None
    cycle: Annotated[str | None, Field(description='Number, "current" or "none"')] = None
    due: Annotated[date | Literal["none"] | None, Field(description="2026-12-24")] = None


class Where(BaseModel):
    """All of it must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: Annotated[str | None, Field(description='A state\'s name, "open", "started", "completed"…')] = None
    assignee: Annotated[str | None, Field(description='E-mail, name, "me" or "none"')] = None
    label: str | None = None
    project: str | None = None
    cycle: Annotated[str | None, Field(description='Number or "current"')] = None
    priority: Priority | None = None
    updated_since: date | None = None


def shown(fields: Fields | None) -> dict[str, Any]:
    """What is set, as people read it."""
    return {} if fields is None else fields.model_dump(exclude_none=True, mode="json")


def input_of(context: Context, team_key: str, fields: Fields | None) -> dict[str, Any]:
    """As Linear takes it: ids for names."""
    if fields is None:
        return {}
    sent: dict[str, Any] = {}
    if fields.state is not None or fields.cycle is not None:
        sent |= _of_team(names.team(context, team_key), fields)
    if fields.priority is not None:
        sent["priority"] = PRIORITIES.index(fields.priority)
    if fields.assignee is not None:
        sent["assigneeId"] = names.user_id(context, fields.assignee)
    if fields.labels is not None:
        sent["labelIds"] = names.label_ids(context, fields.labels, team_key)
    if fields.project is not None:
        sent["projectId"] = names.project_id(context, fields.project)
    if fields.due is not None:
        sent["dueDate"] = None if fields.due == names.NO_ONE else str(fields.due)
    return sent


def stands_in(issue: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Whether the issue is as an update with this input would leave it."""
    ids = {"stateId": "state", "assigneeId": "assignee", "projectId": "project", "cycleId": "cycle"}
    now: dict[str, Any] = {key: (issue[name] or {}).get("id") for key, name in ids.items()}
    now["labelIds"] = sorted(one["id"] for one in issue["labels"]["nodes"])
    now |= {name: issue[name] for name in ("title", "description", "priority", "dueDate")}
    return all(now[key] == (sorted(one) if key == "labelIds" else one) for key, one in sent.items())


def now_in(issue: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, Any]:
    """These fields as they stand in the issue, in words that `Fields` takes again."""
    return {name: _reading(issue, name) for name in wanted}


def reads(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def filter_of(team_keys: list[str], where: Where | None) -> dict[str, Any] | None:
    """Linear's own filter; None for everything."""
    found: dict[str, Any] = {"team": {"key": {"in": team_keys}}} if team_keys else {}
    if where is not None:
        found |= _narrowed(where)
    return found or None


def _of_team(team: dict[str, Any], fields: Fields) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    if fields.state is not None:
        sent["stateId"] = names.state_id(team, fields.state)
    if fields.cycle is not None:
        sent["cycleId"] = names.cycle_id(team, fields.cycle) if fields.cycle != names.NO_ONE else None
    return sent


def _reading(issue: Mapping[str, Any], name: str) -> Any:
    match name:
        case "title" | "description":
            return str(issue[name] or "")
        case "priority":
            return PRIORITIES[int(issue["priority"])]
        case "labels":
            return sorted((one["name"] for one in issue["labels"]["nodes"]), key=str.lower)
        case "due":
            return str(issue["dueDate"] or names.NO_ONE)
    standing = issue[name]
    if standing is None:
        return names.NO_ONE
    part = {"assignee": "email", "cycle": "number"}.get(name, "name")
    return f"{standing[part]:g}" if part == "number" else str(standing[part])


def _narrowed(where: Where) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if where.state:
        found["state"] = _state(where.state.lower(), where.state)
    if where.assignee:
        found["assignee"] = _assignee(where.assignee)
    if where.label:
        found["labels"] = {"some": {"name": {"eqIgnoreCase": where.label}}}
    if where.project:
        found["project"] = {"name": {"eqIgnoreCase": where.project}}
    if where.cycle:
        found["cycle"] = _cycle(where.cycle)
    if where.priority:
        found["priority"] = {"eq": PRIORITIES.index(where.priority)}
    if where.updated_since:
        found["updatedAt"] = {"gte": where.updated_since.isoformat()}
    return found


def _state(word: str, name: str) -> dict[str, Any]:
    if word == OPEN:
        return {"type": {"nin": ["completed", "canceled"]}}
    return {"type": {"eq": word}} if word in _STATE_TYPES else {"name": {"eqIgnoreCase": name}}


def _assignee(name: str) -> dict[str, Any]:
    match name.lower():
        case "me":
            return {"isMe": {"eq": True}}
        case names.NO_ONE:
            return {"null": True}
    if "@" in name:
        return {"email": {"eqIgnoreCase": name}}
    return {"or": [{"name": {"eqIgnoreCase": name}}, {"displayName": {"eqIgnoreCase": name}}]}


def _cycle(name: str) -> dict[str, Any]:
    if name.isdigit():
        return {"number": {"eq": int(name)}}
    return {"isActive": {"eq": True}} if name.lower() == "current" else {"name": {"eqIgnoreCase": name}}
