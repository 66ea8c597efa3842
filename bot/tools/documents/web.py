"""HTML as Markdown. The libraries are imported where they are used, as they are slow to start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from bot.tools.documents.document import Document

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_SILENT = ["script", "style", "noscript", "template", "svg", "iframe", "object", "head"]


def from_html(file: BinaryIO) -> Document:
    """The page's title and text; scripts, styles and pictures are dropped."""
    text, note = markdown_of(file.read())
    return Document(format="html", text=text, note=note)


def markdown_of(html: str | bytes) -> tuple[str, str]:
    """The Markdown of a page, and a note if its form had to be given up."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    for element in soup(_SILENT):
        element.decompose()
    text, note = _converted(soup)
    if title and not soup.find("h1"):
        text = f"# {title}\n\n{text}"
    return re.sub(r"\n{3,}", "\n\n", text).strip(), note


def _converted(soup: BeautifulSoup) -> tuple[str, str]:
    from markdownify import MarkdownConverter

    try:
        markdown = MarkdownConverter(
            heading_style="ATX", bullets="-", strip=["img"], table_infer_header=True
        ).convert_soup(soup)
    except RecursionError:
        return soup.get_text("\n", strip=True), "The page is nested too deeply; its plain text is shown."
    return str(markdown), ""
