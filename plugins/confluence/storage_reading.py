"""The XHTML that Confluence keeps pages in, as Markdown; what Markdown has no words for is named in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

_CARRIED = {"code", "noformat"}
_IN_CODE = "\ue000"  # stands for the end of a line there, where every empty line counts
_BOXES = {"info", "note", "tip", "warning", "panel", "expand", "excerpt"}


def markdown(body: str) -> str:
    """Of a page or a comment."""
    soup = BeautifulSoup(_with_plain_text(body), "html.parser")
    written: str = _Reader(
        heading_style="ATX", bullets="-", escape_underscores=False, escape_asterisks=False
    ).convert_soup(soup)
    return re.sub(r"\n{3,}", "\n\n", written).strip().replace(_IN_CODE, "\n")


def lost(body: str) -> tuple[str, ...]:
    """What of it Markdown cannot write again, by name: macros, mentions, images, layouts."""
    soup = BeautifulSoup(_with_plain_text(body), "html.parser")
    return tuple(dict.fromkeys(_lost(soup)))


def _lost(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all(re.compile("^(ac|ri):")):
        match tag.name:
            case "ac:structured-macro" if _name(tag) not in _CARRIED:
                yield f"the macro “{_name(tag)}”"
            case "ac:image":
                yield "images"
            case "ri:user":
                yield "mentions"
            case "ac:layout":
                yield "columns"
            case "ac:task-list":
                yield "tick boxes"
            case "ac:link" if not tag.find("ri:user"):
                yield "links to pages"


def _with_plain_text(body: str) -> str:
    """What stands in CDATA as text: a reader of HTML knows none."""
    joined = body.replace("]]]]><![CDATA[>", "]]\0")
    return re.sub(r"<!\[CDATA\[(.*?)\]\]>", _escaped, joined, flags=re.DOTALL)


def _escaped(found: re.Match[str]) -> str:
    text = found.group(1).replace("]]\0", "]]>")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class _Reader(MarkdownConverter):
    """Of each kind of tag that is Confluence's own."""

    def convert_ac_structured_macro(self, tag: Tag, text: str, parent_tags: Any) -> str:
        name = _name(tag)
        if name in _CARRIED:
            return _fenced(tag)
        if name in _BOXES:
            lines = "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n"))
            return f"\n\n{lines}\n\n"
        is_within_words = "_inline" in parent_tags or "p" in parent_tags
        return f" [{name}] " if is_within_words else f"\n\n[{name}]\n\n{text.strip()}\n\n"

    def convert_ac_parameter(self, tag: Tag, text: str, parent_tags: Any) -> str:
        is_title = tag.get("ac:name") == "title"
        return f"**{text}**\n\n" if is_title else ""

    def convert_ac_link(self, tag: Tag, text: str, parent_tags: Any) -> str:
        page, user = tag.find("ri:page"), tag.find("ri:user")
        if user is not None:
            return f"@{_attr(user, 'ri:account-id') or 'somebody'}"
        title = _attr(page, "ri:content-title") if page is not None else ""
        words = text.strip() or title or "link"
        return f"[{words}](page “{title}”)" if title and title != words else f"[{words}]"

    def convert_ac_image(self, tag: Tag, text: str, parent_tags: Any) -> str:
        source = tag.find(re.compile("^ri:"))
        name = (_attr(source, "ri:filename") or _attr(source, "ri:value")) if source is not None else ""
        return f"[image {name}]"

    def convert_ac_task(self, tag: Tag, text: str, parent_tags: Any) -> str:
        status, body = tag.find("ac:task-status"), tag.find("ac:task-body")
        mark = "x" if status is not None and status.get_text() == "complete" else " "
        return f"- [{mark}] {body.get_text().strip() if body is not None else ''}\n"

    def convert_ac_task_list(self, tag: Tag, text: str, parent_tags: Any) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_ac_emoticon(self, tag: Tag, text: str, parent_tags: Any) -> str:
        return _attr(tag, "ac:emoji-fallback") or f":{_attr(tag, 'ac:name')}:"


def _fenced(tag: Tag) -> str:
    body = tag.find("ac:plain-text-body")
    language = tag.find("ac:parameter", attrs={"ac:name": "language"})
    code = body.get_text() if body is not None else ""
    fence = "```"
    while fence in code:
        fence += "`"
    lines = code.replace("\n", _IN_CODE)
    return f"\n\n{fence}{language.get_text() if language is not None else ''}\n{lines}\n{fence}\n\n"


def _name(tag: Any) -> str:
    return _attr(tag, "ac:name")


def _attr(tag: Any, name: str) -> str:
    value = tag.get(name) if isinstance(tag, Tag) else None
    return str(value or "")
