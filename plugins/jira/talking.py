"""What is added to an issue: comments, and links to other issues."""

from __future__ import annotations

from typing import Annotated, Any

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.jira.adf import document
from plugins.jira.adf_reading import markdown
from plugins.jira.client import core
from plugins.jira.issue import issue_key, issue_now, project_of
from plugins.jira.reading import Key
from plugins.jira.traces import found_among, mark
from plugins.jira.words import address


def _uncomment(context: Context, receipt: Receipt, issue: str, text: str) -> Result:
    key, number = issue_key(issue), receipt.where.rpartition("=")[2]
    path = core("issue", key, "comment", number)
    there = markdown(context.client.get(path, what="the comment").get("body")).strip()
    if there != receipt.after:
        raise ToolError(f"The comment on {key} was edited since: it was left as it is.")
    context.client.send("DELETE", path, what="the comment")
    return Result(
        text=f"Deleted the comment on {key}.",
        receipt=Receipt(
            effect=Effect.DELETE, what=f"Deleted a comment on {key}", where=address(context, key)
        ),
    )


def _comment_settled(context: Context, issue: str, text: str) -> Result | None:
    key = issue_key(issue)
    found = context.client.get(core("issue", key, "comment"), orderBy="-created", maxResults=50, what=key)
    comments = list(found.get("comments") or ())
    made = found_among(
        context, comments, lambda number: f"rest/api/3/comment/{int(number)}/properties/cowork"
    )
    return _commented(context, key, made) if made else None


@action(
    effect=Effect.CREATE,
    items=lambda context, issue, text: (project_of(context, issue),),
    preview=lambda context, issue, text: f"Comment on {issue_key(issue)} in Jira",
    detail=lambda context, issue, text: f"{issue_now(context, issue).summary}\n\n{text}",
    inverse=Inverse(words="Delete it", act=_uncomment),
    settled=_comment_settled,
    needs=("write:jira-work",),
    example={"issue": "PAY-12", "text": "Fixed in **1.4.2**: https://example.com/release"},
)
def add_comment(context: Context, issue: Key, text: Annotated[str, "Markdown."]) -> Result:
    """Comment on an issue. Whoever watches it is told; names with @ are plain text here."""
    key = issue_now(context, issue).key
    context.halt.check()
    made = context.client.send(
        "POST", core("issue", key, "comment"), {"body": document(text), **mark(context)}, what=key
    )
    return _commented(context, key, made)


def _commented(context: Context, key: str, made: dict[str, Any]) -> Result:
    link = f"{address(context, key)}?focusedCommentId={made['id']}"
    after = markdown(made.get("body")).strip()
    receipt = Receipt(
        effect=Effect.CREATE, what=f"Commented on {key}", where=link, after=after, undo="Delete it"
    )
    return Result(text=f"Commented on {key}: {link}", receipt=receipt)


def _both(context: Context, issue: str, relation: str, other: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((project_of(context, issue), project_of(context, other))))


def _link_id(context: Context, issue: str, relation: str, other: str) -> str:
    """The id of the link that says so, "" for none."""
    wanted = relation.strip().casefold(), issue_key(other)
    links = issue_now(context, issue, "issuelinks").links
    return next((one.id for one in links if one.id and (one.how.casefold(), one.key) == wanted), "")


def _unlink(context: Context, receipt: Receipt, issue: str, relation: str, other: str) -> Result:
    number = _link_id(context, issue, relation, other)
    if not number:
        raise ToolError("The link is not there any more: nothing was changed.")
    context.client.send("DELETE", core("issueLink", number), what="the link")
    taken = Receipt(effect=Effect.DELETE, what="Removed a link", where=receipt.where, before=receipt.after)
    return Result(text=f"Removed the link: {receipt.after}.", receipt=taken)


def _link_settled(context: Context, issue: str, relation: str, other: str) -> Result | None:
    """They are linked so: whoever did it, nothing is left to do."""
    is_there = _link_id(context, issue, relation, other)
    return _linked(context, issue_key(issue), relation.strip(), issue_key(other)) if is_there else None


@action(
    effect=Effect.CREATE,
    items=_both,
    preview=lambda context, issue, relation, other: (
        f"Link in Jira: {issue_key(issue)} {relation} {issue_key(other)}"
    ),
    detail=lambda context, issue, relation, other: "\n".join(
        f"{one.key}: {one.summary}" for one in (issue_now(context, issue), issue_now(context, other))
    ),
    inverse=Inverse(words="Remove the link", act=_unlink),
    settled=_link_settled,
    needs=("write:jira-work",),
    example={"issue": "PAY-12", "relation": "blocks", "other": "PAY-13"},
)
def link_issues(
    context: Context,
    issue: Key,
    relation: Annotated[str, "As one says it: blocks, is blocked by, relates to, duplicates, clones."],
    other: Annotated[str, "The other issue's key: PAY-12 blocks PAY-13."],
) -> Result:
    """Link two issues: “PAY-12 blocks PAY-13”."""
    kind, is_outward = _link_type(context, relation)
    first, second = issue_now(context, issue).key, issue_now(context, other).key
    # An outward relation is told of the inward issue: "inwardIssue blocks outwardIssue" (documented).
    inward, outward = (first, second) if is_outward else (second, first)
    body = {"type": {"name": kind}, "inwardIssue": {"key": inward}, "outwardIssue": {"key": outward}}
    if _link_id(context, issue, relation, other):
        raise ToolError(f"{first} {relation.strip()} {second} already: nothing was changed.")
    context.halt.check()
    context.client.send("POST", core("issueLink"), body, what=f"{first} or {second}")
    return _linked(context, first, relation.strip(), second)


def _link_type(context: Context, relation: str) -> tuple[str, bool]:
    """The name of the kind of link, and whether the words are those of its outward side."""
    wanted = relation.strip().casefold()
    kinds = context.client.get(core("issueLinkType")).get("issueLinkTypes") or []
    for one in kinds:
        for side in ("outward", "inward"):
            if str(one.get(side, "")).casefold() == wanted:
                return str(one["name"]), side == "outward"
    said = sorted({str(one[side]) for one in kinds for side in ("outward", "inward") if one.get(side)})
    raise ToolError(f"Jira has no link “{relation}” here. It has: {', '.join(said) or 'none'}.")


def _linked(context: Context, first: str, relation: str, second: str) -> Result:
    link, after = address(context, first), f"{first} {relation} {second}"
    receipt = Receipt(
        effect=Effect.CREATE, what=f"Linked {after}", where=link, after=after, undo="Remove the link"
    )
    return Result(text=f"Linked: {after} {link}", receipt=receipt)
