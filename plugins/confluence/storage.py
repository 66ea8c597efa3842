"""Markdown as the XHTML that Confluence keeps pages in; raw HTML in it stays the text that it is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token


class _Storage(RendererHTML):
    """Code becomes Confluence's own block; an image from elsewhere a link: nothing is fetched by who reads the page."""

    def fence(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return _code(tokens[at].content, tokens[at].info.split()[:1])

    def code_block(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return _code(tokens[at].content, [])

    def image(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        address = str(tokens[at].attrs.get("src", ""))
        return f'<a href="{escape(address)}">{escape(tokens[at].content or address)}</a>'


_MARKDOWN = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}, renderer_cls=_Storage)
_MARKDOWN.enable(["table", "strikethrough"])


def storage(markdown: str) -> str:
    """The body of a page or a comment."""
    written: str = _MARKDOWN.render(markdown)
    return written.strip()


def _code(code: str, language: list[str]) -> str:
    kind = f'<ac:parameter ac:name="language">{escape(language[0])}</ac:parameter>' if language else ""
    # The end of one CDATA section cannot stand within it: it is divided there.
    text = code.removesuffix("\n").replace("]]>", "]]]]><![CDATA[>")
    body = f"<ac:plain-text-body><![CDATA[{text}]]></ac:plain-text-body>"
    return f'<ac:structured-macro ac:name="code">{kind}{body}</ac:structured-macro>\n'
