"""What a Word file says of itself: its title, its author and its language; never when it was made."""

from __future__ import annotations

from typing import Any, Final

from lxml import etree

from bot.documents.package import Package
from bot.documents.word.xml import legal

_TYPE: Final = "application/vnd.openxmlformats-package.core-properties+xml"
_KIND: Final = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_WORDS: Final = "http://purl.org/dc/elements/1.1/"
_CORE: Final = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_EMPTY: Final = f'<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="{_WORDS}"/>'
_NOBODY: Final = "Cowork"


def describe(package: Package, *, title: str, author: str, language: str) -> None:
    part = package.linked("", "core-properties")
    if not part:
        part = "docProps/core.xml"
        package.add(part, _EMPTY.encode(), _TYPE)
        package.link("", _KIND, part)
    root = package.xml(part)
    for called, words in (("title", title), ("creator", author or _NOBODY), ("language", language)):
        _said(root, f"{{{_WORDS}}}{called}", words)
    _said(root, f"{{{_CORE}}}lastModifiedBy", author or _NOBODY)


def _said(root: Any, called: str, words: str) -> None:
    element = root.find(called)
    if element is None:
        element = etree.SubElement(root, called)
    element.text = legal(words)
