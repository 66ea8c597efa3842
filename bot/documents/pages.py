"""PDF: content set by `pages.typ`, which takes it as data, so that no word of it can be anything but words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from bot.documents import fonts
from bot.documents.content import (
    Block,
    Charted,
    Code,
    Content,
    Diagram,
    Footnote,
    Heading,
    Image,
    PageBreak,
    Table,
    Text,
)
from bot.documents.drawing import Drawing, Picture
from bot.documents.markdown import paragraphs, runs
from bot.documents.tabular import is_numeric, shown
from bot.errors import ToolError

_LOOK: Final = Path(__file__).with_suffix(".typ")
_PIXELS_ACROSS: Final = 1_000
"""A picture of so many pixels or more takes the whole width of the page."""
_NARROWEST, _WIDEST = 4, 40


def written(content: Content, drawing: Drawing, template: bytes | None) -> bytes:
    """Raises `ToolError` for a template: a PDF has none."""
    import typst

    if template:
        raise ToolError("A PDF takes no template. Make a docx with it, or leave it out.")
    drawing.note(fonts.missing(content))
    place = Path.cwd()
    given = json.dumps(_given(content, drawing, place), ensure_ascii=False)
    (place / "pages.typ").write_text(_LOOK.read_text("utf-8"), "utf-8")
    return bytes(
        typst.compile(
            str(place / "pages.typ"),
            root=str(place),
            format="pdf",
            sys_inputs={"content": given},
            timestamp=0,
            package_path=str(place),
            package_cache_path=str(place),
        )
    )


def _given(content: Content, drawing: Drawing, place: Path) -> Mapping[str, Any]:
    language, _, region = content.language.partition("-")
    return {
        "title": content.title,
        "subtitle": content.subtitle,
        "author": content.author,
        "byline": " · ".join(filter(None, (content.author, content.date))),
        "language": language,
        "region": region if len(region) == 2 else None,
        "words": {"table": "Table", "figure": "Figure"},
        "notes": {one.name: _runs(one.text) for one in content.blocks if isinstance(one, Footnote)},
        "blocks": [part for block in content.blocks for part in _set(block, drawing, place)],
    }


def _set(block: Block, drawing: Drawing, place: Path) -> Iterator[Mapping[str, Any]]:
    match block:
        case Heading():
            yield {"type": "heading", "level": block.level, "runs": _runs(block.text)}
        case Text():
            yield {"type": "text", "paragraphs": [asdict(one) for one in paragraphs(block.text)]}
        case Table():
            yield _table(block)
        case Code():
            yield {"type": "code", "code": block.code, "language": block.language or None}
        case Charted():
            yield _picture(drawing.chart(block.chart, "svg"), place, block.caption, "svg")
        case Image() | Diagram():
            yield _picture(drawing.picture(block), place, block.caption)
        case PageBreak():
            yield {"type": "page_break"}


def _picture(picture: Picture, place: Path, caption: str, form: str = "") -> Mapping[str, Any]:
    form = form or ("png" if picture.file.startswith(b"\x89PNG") else "jpg")
    name = f"picture-{len(list(place.glob('picture-*')))}.{form}"
    (place / name).write_bytes(picture.file)
    width = min(1.0, picture.width / _PIXELS_ACROSS)
    return {"type": "picture", "file": name, "alt": picture.alt, "caption": caption, "width": width}


def _table(block: Table) -> Mapping[str, Any]:
    rows = shown(block)
    columns = zip(block.columns, *rows, strict=True)
    return {
        "type": "table",
        "columns": [_runs(one) for one in block.columns],
        "rows": [[_runs(cell) for cell in row] for row in rows],
        "numeric": is_numeric(block),
        "widths": [min(_WIDEST, max(_NARROWEST, *map(len, column))) for column in columns],
        "caption": block.caption,
    }


def _runs(text: str) -> list[dict[str, Any]]:
    return [asdict(run) for run in runs(text)]
