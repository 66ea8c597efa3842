"""Markdown as the document that Jira keeps texts in (Atlassian Document Format)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

Node = dict[str, Any]

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_MARKS = {"strong": "strong", "em": "em", "s": "strike"}
_IN_A_LIST = ("paragraph", "bulletList", "orderedList", "codeBlock")
_IN_A_QUOTE = _IN_A_LIST


def document(markdown: str) -> Node:
    """What `description`, a comment or a work log takes."""
    tree = SyntaxTreeNode(_MARKDOWN.parse(markdown))
    return {"type": "doc", "version": 1, "content": list(_blocks(tree.children))}


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> Iterator[Node]:
    for node in nodes:
        yield from _block(node)


def _block(node: SyntaxTreeNode) -> Iterator[Node]:
    match node.type:
        case "heading":
            yield {"type": "heading", "attrs": {"level": int(node.tag[1:])}, "content": _words(node)}
        case "paragraph":
            yield {"type": "paragraph", "content": _words(node)}
        case "bullet_list" | "ordered_list":
            yield _list(node)
        case "blockquote":
            yield {"type": "blockquote", "content": _only(_IN_A_QUOTE, _blocks(node.children))}
        case "fence" | "code_block":
            yield _code(node)
        case "hr":
            yield {"type": "rule"}
        case "table":
            yield _table(node)


def _list(node: SyntaxTreeNode) -> Node:
    items = [
        {"type": "listItem", "content": _opening(_only(_IN_A_LIST, _blocks(item.children)))}
        for item in node.children
    ]
    if node.type == "bullet_list":
        return {"type": "bulletList", "content": items}
    return {"type": "orderedList", "attrs": {"order": int(node.attrs.get("start", 1))}, "content": items}


def _only(allowed: Sequence[str], blocks: Iterator[Node]) -> list[Node]:
    """What may not stand there becomes paragraphs with its words; nothing is an empty paragraph."""
    kept = [part for block in blocks for part in ([block] if block["type"] in allowed else _plain(block))]
    return kept or [{"type": "paragraph", "content": []}]


def _opening(blocks: list[Node]) -> list[Node]:
    """An item of a list begins with a paragraph or code."""
    is_fit = blocks[0]["type"] in ("paragraph", "codeBlock")
    return blocks if is_fit else [{"type": "paragraph", "content": []}, *blocks]


def _plain(block: Node) -> Iterator[Node]:
    """Its lines as paragraphs."""
    inside = block.get("content", [])
    if any(part["type"] == "text" for part in inside):
        yield {"type": "paragraph", "content": inside}
        return
    for part in inside:
        yield from [part] if part["type"] in _IN_A_LIST else _plain(part)


def _code(node: SyntaxTreeNode) -> Node:
    language = node.info.split()[:1] if node.type == "fence" else []
    code: Node = {"type": "codeBlock", "content": list(_text(node.content.removesuffix("\n"), []))}
    return code | ({"attrs": {"language": language[0]}} if language else {})


def _table(node: SyntaxTreeNode) -> Node:
    rows = [row for part in node.children for row in part.children]
    return {
        "type": "table",
        "content": [{"type": "tableRow", "content": [_cell(cell) for cell in row.children]} for row in rows],
    }


def _cell(cell: SyntaxTreeNode) -> Node:
    kind = "tableHeader" if cell.type == "th" else "tableCell"
    return {"type": kind, "content": [{"type": "paragraph", "content": _words(cell)}]}


def _words(node: SyntaxTreeNode) -> list[Node]:
    return [part for inline in node.children for part in _inline(inline.children, [])]


def _inline(nodes: Sequence[SyntaxTreeNode], marks: list[Node]) -> Iterator[Node]:
    for node in nodes:
        match node.type:
            case "softbreak":
                yield from _text(" ", marks)
            case "hardbreak":
                yield {"type": "hardBreak"}
            case "code_inline":
                links = [mark for mark in marks if mark["type"] == "link"]
                yield from _text(node.content, [*links, {"type": "code"}])
            case "link" | "strong" | "em" | "s":
                yield from _inline(node.children, [*marks, _mark(node)])
            case "image":
                yield from _text(
                    node.content or str(node.attrs["src"]), [*marks, _leading(node.attrs["src"])]
                )
            case _:
                yield from _text(node.content, marks)


def _mark(node: SyntaxTreeNode) -> Node:
    return _leading(node.attrs["href"]) if node.type == "link" else {"type": _MARKS[node.type]}


def _leading(address: object) -> Node:
    return {"type": "link", "attrs": {"href": str(address)}}


def _text(text: str, marks: list[Node]) -> Iterator[Node]:
    """A text is never empty, and has each mark once."""
    unique = list({mark["type"]: mark for mark in marks}.values())
    if text:
        yield {"type": "text", "text": text} | ({"marks": unique} if unique else {})
