"""Paragraphs and tables as the requests that put them into a Google Doc.

Blocks go in from the last to the first, each at the same place, so that no request has to know how long another
made the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from plugins.google.prose import Block, Paragraph, Run, Table

Request = dict[str, Any]
_PLAIN = "bold,italic,strikethrough,link,weightedFontFamily"
_CODE = {"fontFamily": "Roboto Mono"}
_BULLETS = "BULLET_DISC_CIRCLE_SQUARE"
_NUMBERS = "NUMBERED_DECIMAL_ALPHA_ROMAN"


def requests(blocks: Sequence[Block], at: int, *, after_text: bool = False) -> list[Request]:
    """`at` is an index in the body. `after_text`: the blocks begin a paragraph of their own there."""
    groups = [list(same) for _, same in groupby(blocks, key=lambda one: isinstance(one, Table) and id(one))]
    made: list[Request] = []
    start = at + 1 if after_text else at
    for group in reversed(groups):
        first = group[0]
        if isinstance(first, Table):
            made += _table(first, start)
        else:
            made += _text([one for one in group if isinstance(one, Paragraph)], start)
    return [_inserted("\n", at), *made] if after_text else made


def units(text: str) -> int:
    """How long Docs counts a text: in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _text(paragraphs: Sequence[Paragraph], at: int) -> list[Request]:
    lines = ["\t" * one.depth + one.text for one in paragraphs]
    text = "\n".join(lines)
    if not text:
        return []
    whole = _range(at, at + units(text))
    made: list[Request] = [
        _inserted(text, at),
        {"deleteParagraphBullets": {"range": whole}},
        _styled(whole, {"namedStyleType": "NORMAL_TEXT"}, "namedStyleType,indentStart,indentFirstLine"),
        {"updateTextStyle": {"range": whole, "textStyle": {}, "fields": _PLAIN}},
    ]
    starts = _starts(lines, at)
    for one, line, start in zip(paragraphs, lines, starts, strict=True):
        made += _looks(one, start, start + units(line))
    return made + _lists(paragraphs, lines, starts)


def _starts(lines: Sequence[str], at: int) -> list[int]:
    starts = []
    for line in lines:
        starts.append(at)
        at += units(line) + 1
    return starts


def _looks(paragraph: Paragraph, start: int, end: int) -> Iterator[Request]:
    """An empty line has nothing to style."""
    if start == end:
        return
    if paragraph.level:
        style = {"namedStyleType": f"HEADING_{paragraph.level}"}
        yield _styled(_range(start, end), style, "namedStyleType")
    if paragraph.is_quote:
        indent = {"magnitude": 36, "unit": "PT"}
        style_of_quote = {"indentStart": indent, "indentFirstLine": indent}
        yield _styled(_range(start, end), style_of_quote, "indentStart,indentFirstLine")
    yield from _run_looks(paragraph.runs, start + paragraph.depth)


def _run_looks(runs: Sequence[Run], at: int) -> Iterator[Request]:
    for run in runs:
        end = at + units(run.text)
        style: dict[str, Any] = {}
        style |= {"bold": True} if run.bold else {}
        style |= {"italic": True} if run.italic else {}
        style |= {"strikethrough": True} if run.strike else {}
        style |= {"weightedFontFamily": _CODE} if run.code else {}
        style |= {"link": {"url": run.link}} if run.link else {}
        if style and at < end:
            text_style = {"range": _range(at, end), "textStyle": style, "fields": ",".join(style)}
            yield {"updateTextStyle": text_style}
        at = end


def _lists(paragraphs: Sequence[Paragraph], lines: Sequence[str], starts: Sequence[int]) -> list[Request]:
    """The last list first: making one takes its tabs away, and what follows moves."""
    made: list[Request] = []
    placed = zip(paragraphs, lines, starts, strict=True)
    for number, items in groupby(placed, key=lambda one: one[0].list):
        group = list(items)
        if number:
            _, last, last_start = group[-1]
            preset = _NUMBERS if group[0][0].is_numbered else _BULLETS
            where = _range(group[0][2], last_start + max(units(last), 1))
            made.append({"createParagraphBullets": {"range": where, "bulletPreset": preset}})
    return made[::-1]


def _table(table: Table, at: int) -> list[Request]:
    """Docs puts a line break before it; a row takes one index, and an empty cell two."""
    width = table.width
    place = {"location": {"index": at}}
    made: list[Request] = [{"insertTable": {"rows": len(table.rows), "columns": width} | place}]
    for row in reversed(range(len(table.rows))):
        for column in reversed(range(len(table.rows[row]))):
            runs = table.rows[row][column]
            text = "".join(run.text for run in runs)
            if not text:
                continue
            start = at + 4 + row * (2 * width + 1) + 2 * column
            made.append(_inserted(text, start))
            if row == 0:
                head = {
                    "range": _range(start, start + units(text)),
                    "textStyle": {"bold": True},
                    "fields": "bold",
                }
                made.append({"updateTextStyle": head})
            made += _run_looks(runs, start)
    return made


def _inserted(text: str, at: int) -> Request:
    return {"insertText": {"text": text, "location": {"index": at}}}


def _styled(where: dict[str, int], style: dict[str, Any], fields: str) -> Request:
    return {"updateParagraphStyle": {"range": where, "paragraphStyle": style, "fields": fields}}


def _range(start: int, end: int) -> dict[str, int]:
    return {"startIndex": start, "endIndex": end}
