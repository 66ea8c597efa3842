"""Google Slides: their text as Markdown, and an outline as the requests that make slides of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugins.google.prose import Block, Paragraph

_SLIDE = "cowork_slide"
_TITLE = f"{_SLIDE}_0"
_BULLETS = "BULLET_DISC_CIRCLE_SQUARE"


def as_markdown(presentation: Any) -> str:
    """A head per slide, its texts and tables, and the speaker's notes."""
    slides = enumerate(presentation.get("slides", ()), 1)
    return "\n\n".join(_slide(number, one) for number, one in slides)


def _slide(number: int, slide: Any) -> str:
    texts = list(_texts(slide.get("pageElements", ())))
    head = f"## Slide {number}" + (f": {texts[0]}" if texts else "")
    notes = "\n".join(_notes(slide))
    return "\n\n".join([head, *texts[1:], *([f"Notes: {notes}"] if notes else [])])


def _texts(elements: Any) -> Iterator[str]:
    for element in elements:
        if "elementGroup" in element:
            yield from _texts(element["elementGroup"].get("children", ()))
        elif "table" in element:
            yield "\n".join(_row(row) for row in element["table"].get("tableRows", ()))
        elif text := _text(element.get("shape", {}).get("text")):
            yield text


def _row(row: Any) -> str:
    return (
        "| "
        + " | ".join(_text(cell.get("text")).replace("\n", " ") for cell in row.get("tableCells", ()))
        + " |"
    )


def _text(text: Any) -> str:
    if not text:
        return ""
    runs = (one.get("textRun") or one.get("autoText") or {} for one in text.get("textElements", ()))
    return "".join(run.get("content", "") for run in runs).replace("\v", "\n").strip()


def _notes(slide: Any) -> Iterator[str]:
    page = slide.get("slideProperties", {}).get("notesPage", {})
    speaker = page.get("notesProperties", {}).get("speakerNotesObjectId")
    for element in page.get("pageElements", ()):
        if element.get("objectId") == speaker and (text := _text(element.get("shape", {}).get("text"))):
            yield text


@dataclass(frozen=True, kw_only=True)
class Slide:
    """`lines` are its text; a tab before one for each step that it stands in. `is_list`: they get bullets."""

    title: str
    lines: tuple[str, ...] = ()
    is_list: bool = False


def planned(blocks: Sequence[Block]) -> list[Slide]:
    """One for each heading; what stands before the first is on a slide without one."""
    found: list[Slide] = []
    for block in blocks:
        if isinstance(block, Paragraph) and block.level:
            found.append(Slide(title=block.text))
            continue
        last = found.pop() if found else Slide(title="")
        is_list = last.is_list or (isinstance(block, Paragraph) and block.list > 0)
        found.append(Slide(title=last.title, lines=(*last.lines, *_lines(block)), is_list=is_list))
    return found


def is_filled(presentation: Any) -> bool:
    return any(one.get("objectId") == _TITLE for one in presentation.get("slides", ()))


def requests(presentation: Any, title: str, wanted: Sequence[Slide]) -> list[dict[str, Any]]:
    """A title slide and these, in place of the empty one that each presentation begins with.

    Every slide has an id that we give it: one that is there already is refused.
    """
    made = [
        _created(_TITLE, "TITLE", {"CENTERED_TITLE": f"{_TITLE}_head"}),
        *_filled(f"{_TITLE}_head", title),
    ]
    for number, slide in enumerate(wanted, 1):
        name = f"{_SLIDE}_{number}"
        places = {"TITLE": f"{name}_head"} | ({"BODY": f"{name}_body"} if slide.lines else {})
        made.append(_created(name, "TITLE_AND_BODY" if slide.lines else "TITLE_ONLY", places))
        made += _filled(f"{name}_head", slide.title)
        made += _filled(f"{name}_body", "\n".join(slide.lines))
        if slide.is_list:
            bullets = {"objectId": f"{name}_body", "textRange": {"type": "ALL"}, "bulletPreset": _BULLETS}
            made.append({"createParagraphBullets": bullets})
    old = [{"deleteObject": {"objectId": one["objectId"]}} for one in presentation.get("slides", ())]
    return made + old


def _lines(block: Block) -> list[str]:
    if isinstance(block, Paragraph):
        return ["\t" * block.depth + block.text]
    return [" | ".join("".join(run.text for run in cell) for cell in row) for row in block.rows]


def _created(name: str, layout: str, parts: Mapping[str, str]) -> dict[str, Any]:
    mapped = [{"layoutPlaceholder": {"type": kind}, "objectId": given} for kind, given in parts.items()]
    layout_of = {"predefinedLayout": layout}
    return {
        "createSlide": {"objectId": name, "slideLayoutReference": layout_of, "placeholderIdMappings": mapped}
    }


def _filled(name: str, text: str) -> list[dict[str, Any]]:
    return [{"insertText": {"objectId": name, "text": text}}] if text else []
