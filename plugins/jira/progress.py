"""Moving an issue on: its status, and who works on it."""

from __future__ import annotations

import re
from typing import Annotated

from bot.sdk import Context, Destination, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.jira.client import core
from plugins.jira.issue import Person, issue_key, issue_now, person_of, project_of
from plugins.jira.reading import Key, transitions
from plugins.jira.words import address, named


def _new_status(context: Context, issue: str, status: str, comment: str = "") -> str:
    return f"{issue_now(context, issue).status} → {status}"


def _move_back(context: Context, receipt: Receipt, issue: str, status: str) -> Result:
    found = issue_now(context, issue)
    if found.status.casefold() != receipt.after.casefold():
        raise ToolError(f"{found.key} is {found.status} by now: it was left as it is.")
    _transition(context, found.key, receipt.before)
    return _transitioned(context, found.key, receipt.after, receipt.before, undo="")


def _transition_settled(context: Context, issue: str, status: str) -> Result | None:
    """It has the status: whoever gave it, nothing is left to do."""
    found = issue_now(context, issue)
    if found.status.casefold() != status.strip().casefold():
        return None
    return _transitioned(context, found.key, "", found.status, undo="")


@action(
    effect=Effect.CHANGE,
    items=lambda context, issue, status: (project_of(context, issue),),
    preview=lambda context, issue, status: f"Set {issue_key(issue)} to “{status}” in Jira",
    detail=_new_status,
    inverse=Inverse(words="Set the old status", act=_move_back),
    settled=_transition_settled,
    needs=("write:jira-work",),
    example={"issue": "PAY-12", "status": "In Progress"},
)
def transition_issue(
    context: Context, issue: Key, status: Annotated[str, "The status it shall have, from list_transitions."]
) -> Result:
    """Give an issue another status, such as Done. The project's workflow says which can follow which."""
    found = issue_now(context, issue)
    context.halt.check()
    _transition(context, found.key, status)
    return _transitioned(context, found.key, found.status, status.strip(), undo="Set the old status")


def _transition(context: Context, key: str, status: str) -> None:
    possible = transitions(context, key)
    wanted = status.strip().casefold()
    number = next((number for number, to, _ in possible if to.casefold() == wanted), None)
    if number is None:
        others = ", ".join(sorted({to for _, to, _ in possible})) or "none"
        raise ToolError(
            f"{key} cannot be set to “{status}” from its status now. What it can be set to: {others}."
        )
    context.client.send("POST", core("issue", key, "transitions"), {"transition": {"id": number}}, what=key)


def _transitioned(context: Context, key: str, before: str, after: str, *, undo: str) -> Result:
    link = address(context, key)
    receipt = Receipt(
        effect=Effect.CHANGE, what=f"Set {key} to {after}", where=link, before=before, after=after, undo=undo
    )
    return Result(text=f"{key} is “{after}” now: {link}", receipt=receipt)


def _person(context: Context, account_id: str) -> Person | None:
    if not account_id:
        return None
    found = context.client.get(core("user"), accountId=account_id, what=f"the account {account_id}")
    return person_of(found)


def _new_assignee(context: Context, issue: str, account_id: str = "") -> str:
    return f"{named(issue_now(context, issue).assignee)} → {named(_person(context, account_id))}"


def _assign_back(context: Context, receipt: Receipt, issue: str, account_id: str = "") -> Result:
    found = issue_now(context, issue)
    if named(found.assignee) != receipt.after:
        raise ToolError(f"{found.key} is assigned to {named(found.assignee)} by now: it was left as it is.")
    before = re.search(r"\[([^\]]+)\]$", receipt.before)
    _assign(context, found.key, before.group(1) if before else "")
    return _assigned(context, found.key, receipt.after, receipt.before, undo="")


def _assign_settled(context: Context, issue: str, account_id: str = "") -> Result | None:
    """It is theirs: whoever assigned it, nothing is left to do."""
    found = issue_now(context, issue)
    if (found.assignee.id if found.assignee else "") != account_id:
        return None
    return _assigned(context, found.key, "", named(found.assignee), undo="")


@action(
    effect=Effect.CHANGE,
    items=lambda context, issue, account_id="": (project_of(context, issue),),
    preview=lambda context, issue, account_id="": (
        f"Assign {issue_key(issue)} to {f'the account {account_id}' if account_id else 'nobody'} in Jira"
    ),
    detail=_new_assignee,
    inverse=Inverse(words="Assign it as before", act=_assign_back),
    settled=_assign_settled,
    needs=("write:jira-work",),
    example={"issue": "PAY-12", "account_id": "712020:ben-oelm"},
)
def assign_issue(
    context: Context,
    issue: Key,
    account_id: Annotated[str, "From find_users; left out, nobody is assigned.", Destination()] = "",
) -> Result:
    """Assign an issue to a person, or to nobody. Jira tells them, as it tells who watches it."""
    found = issue_now(context, issue)
    person = _person(context, account_id)
    context.halt.check()
    _assign(context, found.key, account_id)
    return _assigned(context, found.key, named(found.assignee), named(person), undo="Assign it as before")


def _assign(context: Context, key: str, account_id: str) -> None:
    path = core("issue", key, "assignee")
    context.client.send(
        "PUT", path, {"accountId": account_id or None}, what=f"{key} or the account {account_id}"
    )


def _assigned(context: Context, key: str, before: str, after: str, *, undo: str) -> Result:
    link, who = address(context, key), after.partition(" [")[0]
    receipt = Receipt(
        effect=Effect.CHANGE,
        what=f"Assigned {key} to {who}",
        where=link,
        before=before,
        after=after,
        undo=undo,
    )
    return Result(text=f"{key} is assigned to {who} now: {link}", receipt=receipt)
