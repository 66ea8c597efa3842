"""Canvases of Slack: read as Markdown, made in a channel, and written into."""

from __future__ import annotations

import re
from typing import Annotated, Any

from bot.sdk import Context, Destination, Effect, Receipt, Result, ToolError, action, part_of
from plugins.slack.files import address, file_audience, file_of, in_file
from plugins.slack.places import audience, conversation, in_channel, shown, where_to

Canvas = Annotated[str, "Its id, F0123, or a link to it", Destination()]
Markdown = Annotated[str, "Markdown. No mentions"]
_MENTION = re.compile(r"!\[[^\]]*\]\(\s*[@#]")


def _in_canvas(context: Context, canvas: str, **_: Any) -> Any:
    return in_file(context, canvas)


@action(
    effect=Effect.READ,
    items=_in_canvas,
    preview=lambda _, canvas, **__: f"Read the canvas {canvas} in Slack",
    audience=lambda context, canvas, **_: file_audience(context, file_of(context, canvas)),
    example={"canvas": "F0123456"},
)
def read_canvas(context: Context, canvas: Canvas, offset: int = 0) -> Result:
    """Read a canvas as Markdown. A long one goes on with offset. slack_list_files finds canvases."""
    found = file_of(context, canvas)
    text = context.files.as_markdown("canvas.html", context.client.download(address(found)))
    head = f"# {found.get('title') or found.get('name')}\n{found.get('permalink', '')}"
    return Result(text=f"{head}\n\n{part_of(text, offset)}", ids=(found["id"],))


@action(
    effect=Effect.SEND,
    items=in_channel,
    preview=lambda _, channel, title, **__: f"Make a canvas in {channel} in Slack: “{title[:80]}”",
    detail=lambda context, channel, title, content: (
        f"{where_to(conversation(context, channel))}:\n\n{title}\n\n{content}"
    ),
    audience=audience,
    example={"channel": "#sprint", "title": "Retro", "content": "- What went well"},
    needs=("canvases:write",),
)
def create_canvas(
    context: Context,
    channel: Annotated[str, 'Id or name: "#sprint"', Destination()],
    title: str,
    content: Markdown,
) -> Result:
    """Make a canvas and put it into a channel as a tab, where its members see it."""
    found, client = conversation(context, channel), context.client
    context.halt.check()
    made = client.ask(
        client.web.canvases_create, title=title, document_content=_document(content), channel_id=found["id"]
    )
    where = f"{client.home}docs/{client.me['team_id']}/{made['canvas_id']}"
    what = f"Made a canvas in {shown(found)}"
    return Result(
        text=f"{what}: {where} (id {made['canvas_id']})",
        receipt=Receipt(effect=Effect.SEND, what=what, where=where, after=title),
        ids=(made["canvas_id"],),
    )


@action(
    effect=Effect.CHANGE,
    items=_in_canvas,
    preview=lambda _, canvas, **__: f"Write into the canvas {canvas} in Slack",
    detail=lambda context, canvas, content, instead_of="": (
        f"In “{_title(context, canvas)}”, {_place(instead_of)}:\n\n{content}"
    ),
    example={"canvas": "F0123456", "content": "## Decisions\n\n- Ship it"},
    needs=("canvases:write",),
)
def edit_canvas(
    context: Context,
    canvas: Canvas,
    content: Markdown,
    instead_of: Annotated[str, "Words of the one section to replace; without it the end"] = "",
) -> Result:
    """Write at the end of a canvas, or replace one section (a paragraph, heading or list) that has certain words."""
    found, client = file_of(context, canvas), context.client
    change: dict[str, Any] = {"operation": "insert_at_end", "document_content": _document(content)}
    if instead_of:
        change |= {"operation": "replace", "section_id": _section(context, found["id"], instead_of)}
    context.halt.check()
    client.ask(client.web.canvases_edit, canvas_id=found["id"], changes=[change])
    where = str(found.get("permalink") or f"{client.home}docs/{client.me['team_id']}/{found['id']}")
    return Result(
        text=f"Wrote into the canvas: {where}",
        receipt=Receipt(
            effect=Effect.CHANGE, what="Wrote into canvas", where=where, before=instead_of, after=content
        ),
    )


def _section(context: Context, canvas_id: str, words: str) -> str:
    client = context.client
    answer = client.ask(
        client.web.canvases_sections_lookup, canvas_id=canvas_id, criteria={"contains_text": words}
    )
    sections = answer["sections"]
    if len(sections) != 1:
        raise ToolError(
            f"{len(sections) or 'No'} sections of the canvas have {words!r}: give words that one has."
        )
    return str(sections[0]["id"])


def _place(instead_of: str) -> str:
    return f"instead of the section with “{instead_of}”" if instead_of else "at its end"


def _document(content: str) -> dict[str, str]:
    if _MENTION.search(content):
        raise ToolError(
            "A canvas written from here calls nobody: write names, not mentions like ![](@U0123)."
        )
    return {"type": "markdown", "markdown": content}


def _title(context: Context, canvas: str) -> str:
    found = file_of(context, canvas)
    return str(found.get("title") or found.get("name") or found["id"])
