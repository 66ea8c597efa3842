"""Files of Slack: listed, read and uploaded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from bot.sdk import (
    Audience,
    Context,
    Destination,
    Effect,
    Inverse,
    LocalFile,
    Page,
    Per,
    Receipt,
    Result,
    ToolError,
    action,
    listed,
    part_of,
)
from bot.sdk.answers import ROWS
from plugins.slack import words
from plugins.slack.places import (
    audience,
    conversation,
    granted,
    in_channel,
    is_granted,
    shown,
    thread_of,
    where_to,
)

MOST_UPLOADED = 20_000_000
File = Annotated[str, "Its id, F0123, or a link to it"]
_ID = re.compile(r"(?:^|[/-])(F[A-Z0-9]{5,})(?=/|$|\?)")


def file_of(context: Context, file: str) -> dict[str, Any]:
    found = _ID.search(file.strip())
    if found is None:
        raise ToolError(f"{file!r} is no file: give its id, like F0123456, or its link.")
    return dict(context.client.ask(context.client.web.files_info, file=found[1])["file"])


def granted_file(context: Context, found: dict[str, Any]) -> str:
    """The channel that it is in and that was granted. What is in none is only for who has it."""
    for channel_id in _places(found):
        try:
            place = _place(context, channel_id)
        except ToolError:
            continue
        if is_granted(context, place):
            return granted(context, place)
    if context.connection.per is Per.PERSON or any(
        one != "*" and one == found["id"] for one in context.scope.patterns
    ):
        return str(found["id"])
    raise ToolError(f"{found.get('name') or found['id']} is in no channel that was granted.")


def in_file(context: Context, file: str, **_: Any) -> Sequence[str]:
    return [granted_file(context, file_of(context, file))]


def file_audience(context: Context, found: dict[str, Any]) -> Audience:
    return Audience.WORKSPACE if found.get("channels") else Audience.REQUESTER


@action(
    effect=Effect.READ,
    items=lambda context, channel="", **_: (
        in_channel(context, channel) if channel else context.scope.patterns
    ),
    preview=lambda _, channel="", **__: f"List files of {channel or 'all granted channels'} in Slack",
    audience=lambda context, channel="", **_: audience(context, channel) if channel else Audience.REQUESTER,
    example={"channel": "#sprint"},
)
def list_files(
    context: Context, channel: Annotated[str, 'Id or name: "#sprint"'] = "", cursor: str = ""
) -> Result:
    """List files, newest first, of a channel or of all, 20 a page, each with id and link."""
    number = int(cursor) if cursor.isdigit() else 1
    client = context.client
    place = conversation(context, channel)["id"] if channel else None
    answer = client.ask(client.web.files_list, channel=place, count=ROWS, page=number)
    kept = [one for one in answer["files"] if place or _is_granted(context, one)]
    pages = int((answer.get("paging") or {}).get("pages") or 1)
    page = Page(rows=kept, cursor=str(number + 1) if number < pages else "")
    hidden = len(answer["files"]) - len(kept)
    return listed(page, words.file_line, what="files", ids=[one["id"] for one in kept], hidden=hidden)


@action(
    effect=Effect.READ,
    items=in_file,
    preview=lambda _, file, **__: f"Read the file {file} in Slack",
    audience=lambda context, file, **_: file_audience(context, file_of(context, file)),
    example={"file": "F0123456"},
)
def read_file(context: Context, file: File, offset: int = 0) -> Result:
    """Read a file's words: text, PDF, Word, Excel, PowerPoint. At most 20 MB; a long one goes on with offset."""
    found = file_of(context, file)
    content = context.client.download(address(found))
    name = str(found.get("name") or found["id"])
    kind = str(found.get("mimetype") or "")
    is_text = (
        kind.startswith("text/") and kind not in ("text/html", "text/csv")
    ) or kind == "application/json"
    text = content.decode("utf-8", "replace") if is_text else context.files.as_markdown(name, content)
    return Result(text=f"{words.file_line(found)}\n\n{part_of(text, offset)}", ids=(found["id"],))


def _unshared(context: Context, receipt: Receipt, **_: Any) -> Result:
    context.client.ask(context.client.web.files_delete, file=file_of(context, receipt.where)["id"])
    return Result(text="Deleted the file. Who opened it before has seen it.")


@action(
    effect=Effect.SEND,
    items=in_channel,
    preview=lambda context, channel, path, **_: f"Upload {context.files.name(path)} to {channel} in Slack",
    detail=lambda context, channel, path, title="", comment="", **_: "\n".join(
        line
        for line in (
            where_to(conversation(context, channel)),
            f"File: {context.files.name(path)}, {len(context.files.read(path, most=MOST_UPLOADED)):,} bytes",
            f"Title: {title}" if title else "",
            f"\n{comment}" if comment else "",
        )
        if line
    ),
    audience=audience,
    example={"channel": "#sprint", "path": "report.md", "title": "Report"},
    inverse=Inverse(words="Delete it", act=_unshared),
    needs=("files:write",),
)
def upload_file(
    context: Context,
    channel: Annotated[str, 'Id or name: "#sprint"', Destination()],
    path: Annotated[str, "The file to upload", LocalFile()],
    title: str = "",
    comment: Annotated[str, "A message with it"] = "",
    thread: Annotated[str, "Link or ts of a message, to upload into its thread"] = "",
) -> Result:
    """Upload a file of yours to a channel, or into a thread there. At most 20 MB."""
    found, client = conversation(context, channel), context.client
    content, name = context.files.read(path, most=MOST_UPLOADED), path.replace("\\", "/").rpartition("/")[2]
    context.halt.check()
    answer = client.ask(
        client.web.files_upload_v2,
        channel=found["id"],
        content=content,
        filename=name,
        title=title or name,
        initial_comment=words.safe(comment) or None,
        thread_ts=thread_of(thread) if thread else None,
    )
    made = answer["files"][0]
    what = f"Uploaded {title or name} to {shown(found)}"
    link = str(made.get("permalink") or "")
    where = link if _ID.search(link) else f"{client.home}files/{made['id']}"
    return Result(
        text=f"{what}: {where} (id {made['id']})",
        receipt=Receipt(effect=Effect.SEND, what=what, where=where, undo="Delete it"),
        ids=(made["id"],),
    )


def address(found: dict[str, Any]) -> str:
    url = found.get("url_private_download") or found.get("url_private")
    if not url:
        raise ToolError("Slack does not give this file: it may have been deleted, or is kept elsewhere.")
    return str(url)


def _is_granted(context: Context, found: dict[str, Any]) -> bool:
    try:
        return context.scope.covers(granted_file(context, found))
    except ToolError:
        return False


def _places(found: dict[str, Any]) -> list[str]:
    return [one for kind in ("channels", "groups", "ims") for one in found.get(kind) or ()]


def _place(context: Context, channel_id: str) -> dict[str, Any]:
    """What the list of channels knows need not be asked for."""
    known = context.client.directory.get(channel_id)
    return known if known is not None else conversation(context, channel_id)
