"""Finished documents: made from structured content, opened again, and put where they are to stand."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import PurePath
from typing import Annotated, Literal

from bot.documents import apart, making, worded
from bot.documents.content import Content, Image
from bot.domain.call import Result
from bot.domain.effect import Access
from bot.domain.label import Source
from bot.errors import ToolError
from bot.sdk.tool import tool
from bot.tools.desk import Desk
from bot.tools.putting import inverse, put, was_made, writes
from bot.tools.taking import opened, pictures

_LARGEST_TEMPLATE = 50_000_000

Form = Literal["docx", "xlsx", "pptx", "pdf", "html"]


def _accesses(
    desk: Desk, path: str, content: Content, template: str | None = None, **_: object
) -> tuple[Access, ...]:
    read = [one for path in _read(content, template) for one in desk.reading(path)]
    return (*writes(desk, path), *read)


def _sources(desk: Desk, content: Content, template: str | None = None, **_: object) -> tuple[Source, ...]:
    """What comes back is what was made, and not what went into it."""
    return tuple(desk.source(path, is_carried=True) for path in _read(content, template))


def _preview(desk: Desk, path: str, format: Form, content: Content, template: str | None = None) -> str:
    like = f", like {desk.name(template)}" if template else ""
    return f"Make {desk.name(path)} ({_extent(format, content)}{like})"


def _in_full(desk: Desk, content: Content, template: str | None = None, **_: object) -> str:
    words = worded.content(content)
    return f"Template: {desk.name(template)}\n{words}" if template else words


@tool(
    accesses=_accesses,
    sources=_sources,
    preview=_preview,
    detail=_in_full,
    inverse=inverse,
    settled=lambda desk, path, **_: was_made(desk, path),
)
def make_document(
    desk: Desk,
    path: Annotated[str, "Where, with the ending of its format; folders on the way are made."],
    format: Annotated[Form, "What the file is."],
    content: Annotated[
        Content, "What it says: blocks for docx, pdf and html; sheets for xlsx; slides for pptx."
    ],
    template: Annotated[str | None, "A docx or pptx whose styles, headers and cover it is to have."] = None,
) -> Result:
    """Make a finished Word, Excel, PowerPoint, PDF or HTML file from structured content.

    Use it for what people hand on: a report, a deck, a sheet. Texts are Markdown; tables, charts, diagrams (Mermaid),
    code and footnotes are blocks of their own. A cell is a formula only as {"formula": "SUM(B2:B9)"}. Charts are drawn
    from the values you give: take them from a tool's result. With `template`, the house style of a file in a granted
    folder is kept: read it first and follow its outline; {{title}}, {{subtitle}}, {{author}} and {{date}} in a docx are
    filled from the content, whose blocks come in place of its text, or at {{content}}. Of a Markdown template follow
    the outline alone. The result says what it came to (pages, slides, rows) and what should be mended.
    """
    if PurePath(path).suffix.lower() != f".{format}":
        raise ToolError(
            f"{path} does not end in .{format}. Nothing was made; give the path the ending of its format."
        )
    made = _made(desk, format, content, template)
    result = put(desk, path, made.file)
    return Result(text="\n".join([f"{result.text}: {made.extent}", *made.notes]), receipt=result.receipt)


def _made(desk: Desk, format: Form, content: Content, template: str | None) -> making.Made:
    with ExitStack() as stack:
        images = stack.enter_context(pictures(desk, _pictures(content)))
        like = stack.enter_context(opened(desk, template, _LARGEST_TEMPLATE)) if template else None
        order = making.Order.model_construct(format=format, content=content, images=images, template=like)
        files = [*images.values(), *([] if like is None else [like])]
        return apart.done("making", order, making.Made, desk.halt, files=files)


def _read(content: Content, template: str | None) -> list[str]:
    return [*_pictures(content), *([template] if template else [])]


def _pictures(content: Content) -> list[str]:
    """The paths of all images in it, each once."""
    blocks = [block for block in content.blocks if isinstance(block, Image)]
    return list(
        dict.fromkeys(one.path for one in [*blocks, *filter(None, (slide.image for slide in content.slides))])
    )


def _extent(format: Form, content: Content) -> str:
    noun = making.WANTED[format]
    count = len(getattr(content, noun))
    return f"{count} {noun if count != 1 else noun[:-1]}"
