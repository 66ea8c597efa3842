"""What is added to a page: comments and files."""

from __future__ import annotations

from typing import Annotated, Any

from bot.sdk import Context, Effect, Inverse, LocalFile, Receipt, Result, ToolError, action
from plugins.confluence.client import v1, v2
from plugins.confluence.page import address, page_id, page_now, space_key, space_key_of
from plugins.confluence.reading import PageId
from plugins.confluence.storage import storage
from plugins.confluence.storage_reading import markdown


def _uncomment(context: Context, receipt: Receipt, page: str, text: str) -> Result:
    path = v2("footer-comments", receipt.where.rpartition("=")[2])
    found = context.client.get(path, what="the comment")
    answers = context.client.get(f"{path}/children", limit=1).get("results")
    if int((found.get("version") or {}).get("number") or 1) != 1 or answers:
        raise ToolError("The comment was edited or answered since: it was left as it is.")
    context.client.send("DELETE", path, what="the comment")
    taken = Receipt(effect=Effect.DELETE, what="Deleted a comment", where=receipt.where.partition("?")[0])
    return Result(text="Deleted the comment.", receipt=taken)


def _comment_settled(context: Context, page: str, text: str) -> Result | None:
    """Nothing of ours can be put on a comment with it: the same words may be this call's or an earlier one's."""
    path = v2("pages", page_id(page), "footer-comments")
    query: dict[str, Any] = {"body-format": "storage", "sort": "-created-date", "limit": 50}
    comments = context.client.get(path, what=f"the page {page}", **query).get("results") or []
    wanted = markdown(storage(text))
    if any(markdown(_body(one)) == wanted for one in comments):
        raise ToolError("A comment with these words is on the page; whether this call made it is not clear.")
    return None


@action(
    effect=Effect.CREATE,
    items=lambda context, page, text: (space_key_of(context, page),),
    preview=lambda context, page, text: f"Comment on the page {page_id(page)} in Confluence",
    detail=lambda context, page, text: f"{page_now(context, page).title}\n\n{text}",
    inverse=Inverse(words="Delete it", act=_uncomment),
    settled=_comment_settled,
    needs=("write:comment:confluence", "delete:comment:confluence"),
    example={"page": "98310", "text": "The example of `GET /bills` is **out of date**."},
)
def add_comment(context: Context, page: PageId, text: Annotated[str, "Markdown."]) -> Result:
    """Comment below a page. Whoever watches the page is told; names with @ are plain text here."""
    found = page_now(context, page)
    body = {"pageId": found.id, "body": {"representation": "storage", "value": storage(text)}}
    context.halt.check()
    made = context.client.send("POST", v2("footer-comments"), body, what=f"the page {found.id}")
    link = f"{address(context, found, space_key(context, found.space_id))}?focusedCommentId={made['id']}"
    receipt = Receipt(
        effect=Effect.CREATE, what=f"Commented on “{found.title}”", where=link, after=text, undo="Delete it"
    )
    return Result(text=f"Commented: {link}", receipt=receipt)


def _body(comment: dict[str, Any]) -> str:
    return str(((comment.get("body") or {}).get("storage") or {}).get("value") or "")


def _attached(context: Context, number: str, name: str) -> dict[str, Any] | None:
    """The file of this name on the page: there is one at most."""
    path = v2("pages", number, "attachments")
    found = context.client.get(path, filename=name, what=f"the page {number}").get("results") or []
    return next((one for one in found if one.get("title") == name), None)


def _detach(context: Context, receipt: Receipt, page: str, file: str, comment: str = "") -> Result:
    number, name = page_id(page), _name(context, file)
    there = _attached(context, number, name)
    if there is None:
        raise ToolError(f"{name} is not on the page any more: nothing was changed.")
    if int((there.get("version") or {}).get("number") or 1) != 1:
        raise ToolError(f"{name} was replaced since: it was left as it is.")
    context.client.send("DELETE", v2("attachments", there["id"]), what=name)
    taken = Receipt(effect=Effect.DELETE, what=f"Put {name} into the trash", where=receipt.where)
    return Result(text=f"{name} is in the space's trash.", receipt=taken)


def _attach_settled(context: Context, page: str, file: str, comment: str = "") -> Result | None:
    number, name = page_id(page), _name(context, file)
    there = _attached(context, number, name)
    if there is None:
        return None
    if int(there.get("fileSize") or 0) != len(context.files.read(file)):
        raise ToolError(f"Another {name} is on the page; whether this call's was there, too, is not clear.")
    return _attached_now(context, page, name)


@action(
    effect=Effect.CREATE,
    items=lambda context, page, file, comment="": (space_key_of(context, page),),
    preview=lambda context, page, file, comment="": (
        f"Attach {_name(context, file)} to the page {page_id(page)} in Confluence"
    ),
    detail=lambda context, page, file, comment="": "\n".join(
        filter(None, (page_now(context, page).title, _size(context, file), comment))
    ),
    inverse=Inverse(words="Put it into the trash", act=_detach),
    settled=_attach_settled,
    needs=("write:attachment:confluence", "delete:attachment:confluence"),
    example={"page": "98310", "file": "report.pdf"},
)
def attach_file(
    context: Context,
    page: PageId,
    file: Annotated[str, "The file's path here.", LocalFile()],
    comment: Annotated[str, "A line about it."] = "",
) -> Result:
    """Attach a file to a page, up to 20 MB. A name that is there already is refused: nothing is replaced."""
    found, name, content = page_now(context, page), _name(context, file), context.files.read(file)
    if _attached(context, found.id, name):
        raise ToolError(f"“{found.title}” has a file {name} already: give this one another name.")
    context.halt.check()
    context.client.upload(
        v1("content", found.id, "child", "attachment"), name, content, comment, what=found.title
    )
    return _attached_now(context, found.id, name)


def _attached_now(context: Context, page: str, name: str) -> Result:
    found = page_now(context, page)
    link = address(context, found, space_key(context, found.space_id))
    receipt = Receipt(
        effect=Effect.CREATE,
        what=f"Attached {name} to “{found.title}”",
        where=link,
        after=name,
        undo="Put it into the trash",
    )
    return Result(text=f"Attached {name} to the page {found.id}: {link}", receipt=receipt)


def _size(context: Context, file: str) -> str:
    return f"{context.files.name(file)}, {len(context.files.read(file)):,} bytes"


def _name(context: Context, file: str) -> str:
    """Its own name, without the folders that it is in."""
    return context.files.name(file).replace("\\", "/").rpartition("/")[2]
