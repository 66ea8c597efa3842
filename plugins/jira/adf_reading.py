"""The document that Jira keeps texts in, as Markdown; what Markdown has no words for is named in brackets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Node = dict[str, Any]

_AROUND = {"strong": "**", "em": "*", "strike": "~~"}
_FLOWING = {"doc", "paragraph", "text", "hardBreak", "heading", "codeBlock", "blockquote", "rule"}
_LISTED = {"bulletList", "orderedList", "listItem", "table", "tableRow", "tableHeader", "tableCell"}


def markdown(document: Any) -> str:
    """Of a document, of plain text (as older servers give it), or of nothing."""
    if isinstance(document, str):
        return document
    if not isinstance(document, dict):
        return ""
    return "\n\n".join(filter(None, map(_block, _content(document))))


def is_carried(document: Any) -> bool:
    """Whether Markdown can say all that is in it: mentions, media and panels are lost, and so are colours."""
    if not isinstance(document, dict):
        return not document
    marks_are = all(mark.get("type") in (*_AROUND, "code", "link") for mark in document.get("marks") or ())
    return (
        document.get("type") in _FLOWING | _LISTED and marks_are and all(map(is_carried, _content(document)))
    )


def _block(node: Node) -> str:
    match node.get("type"):
        case "heading":
            return f"{'#' * int(_attr(node, 'level') or 1)} {_words(node)}"
        case "bulletList" | "taskList" | "decisionList" | "orderedList":
            return _items(node)
        case "codeBlock":
            return _fenced(node)
        case "blockquote" | "panel" | "expand" | "nestedExpand":
            return _led(_blocks(_content(node)), "> ", "> ")
        case "rule":
            return "---"
        case "table":
            return _table(node)
        case "paragraph":
            return _words(node)
        case _:
            return _words(node) or f"[{node.get('type')}]"


def _blocks(nodes: Iterable[Node]) -> str:
    return "\n\n".join(filter(None, map(_block, nodes)))


def _items(node: Node) -> str:
    first = int(_attr(node, "order") or 1)
    is_counted = node.get("type") == "orderedList"
    return "\n".join(
        _item(item, f"{number}. " if is_counted else "- ")
        for number, item in enumerate(_content(node), start=first)
    )


def _item(item: Node, lead: str) -> str:
    if item.get("type") == "taskItem":
        done = "x" if _attr(item, "state") == "DONE" else " "
        return f"- [{done}] {_words(item)}"
    if item.get("type") == "decisionItem":
        return f"{lead}{_words(item)}"
    parts = [_block(part) for part in _content(item)]
    tight = (
        "\n".join(parts)
        if len(parts) < 2 or "List" in str(_content(item)[1].get("type"))
        else "\n\n".join(parts)
    )
    return _led(tight, lead, " " * len(lead))


def _led(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    return "\n".join(
        (first if not at else others if line else others.rstrip()) + line for at, line in enumerate(lines)
    )


def _fenced(node: Node) -> str:
    code = "".join(str(part.get("text", "")) for part in _content(node))
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}{_attr(node, 'language')}\n{code}\n{fence}"


def _table(node: Node) -> str:
    rows = [[_in_cell(cell) for cell in _content(row)] for row in _content(node)]
    if not rows:
        return ""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])


def _in_cell(cell: Node) -> str:
    return _blocks(_content(cell)).replace("|", "\\|").replace("\n", " ")


def _words(node: Node) -> str:
    return "".join(map(_inline, _content(node)))


def _inline(node: Node) -> str:
    match node.get("type"):
        case "text":
            return _marked(str(node.get("text", "")), node.get("marks") or ())
        case "hardBreak":
            return "\\\n"
        case "mention":
            return f"@{_attr(node, 'text').lstrip('@') or _attr(node, 'id')}"
        case "emoji":
            return _attr(node, "text") or _attr(node, "shortName")
        case "inlineCard" | "blockCard" | "embedCard":
            return f"<{_attr(node, 'url')}>"
        case "status":
            return f"[{_attr(node, 'text')}]"
        case "date":
            return f"[date {_attr(node, 'timestamp')}]"
        case _:
            return _words(node) or f"[{node.get('type')}]"


def _marked(text: str, marks: Iterable[Node]) -> str:
    """Marks go around the words, not around the blanks beside them."""
    bare = text.strip()
    if not bare:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    for mark in sorted(marks, key=lambda one: one.get("type") != "code"):
        kind = str(mark.get("type"))
        if kind == "code":
            bare = f"`{bare}`"
        elif kind in _AROUND:
            bare = f"{_AROUND[kind]}{bare}{_AROUND[kind]}"
        elif kind == "link":
            bare = f"[{bare}]({_attr(mark, 'href')})"
    return f"{before}{bare}{after}"


def _content(node: Node) -> list[Node]:
    return [part for part in node.get("content") or () if isinstance(part, dict)]


def _attr(node: Node, name: str) -> str:
    value = (node.get("attrs") or {}).get(name)
    return "" if value is None else str(value)
