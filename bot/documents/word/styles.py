"""The styles of a Word file by their names; what a template lacks is lent to it by the house, in a plain look."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from bot.documents.package import Package
from bot.documents.word.house import house_style
from bot.documents.word.xml import attribute, child, made, name

_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"
_EMPTY: Final = b'<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
_OF_THE_HOUSE: Final = ("w:color", "w:qFormat")


class Styles:
    """`lent` are the names of those that the document had not."""

    def __init__(self, package: Package) -> None:
        part = package.linked(package.main, "styles")
        if not part:
            part = package.free("word/styles{}.xml")
            package.add(part, _EMPTY, _TYPE)
            package.link(package.main, "styles", part)
        self._root = package.xml(part)
        self.lent: list[str] = []

    def id(self, called: str) -> str:
        """Of the style with this name, whatever the language of the program that wrote the file."""
        return self.found(called) or self._lent(called)

    def found(self, called: str) -> str:
        """ "" where the document has none of this name."""
        return attribute(self.element(called), "w:styleId")

    def element(self, called: str) -> Any:
        """None where the document has none."""
        for one in self._root.iter(name("w:style")):
            if attribute(child(one, "w:name")).lower() == called.lower():
                return one
        return None

    def dresses_head(self, called: str) -> bool:
        """Whether a style for tables has a look for their first row."""
        style = self.element(called)
        parts = style.findall(name("w:tblStylePr")) if style is not None else ()
        return any(attribute(one, "w:type") == "firstRow" for one in parts)

    def _lent(self, called: str) -> str:
        style: Any = deepcopy(house_style(called))
        for look in [one for tag in _OF_THE_HOUSE for one in style.iter(name(tag))]:
            if next(look.iterancestors(name("w:tblStylePr")), None) is None:
                look.getparent().remove(look)
        style.set(name("w:styleId"), self._free(attribute(style, "w:styleId")))
        based = child(style, "w:basedOn")
        if based is not None:
            style.remove(based)
            default = self._default(attribute(style, "w:type"))
            if default:
                child(style, "w:name").addnext(made("w:basedOn", val=default))
        following = child(style, "w:next")
        if following is not None:
            style.remove(following)
        self._root.append(style)
        self.lent.append(called)
        return attribute(style, "w:styleId")

    def _default(self, kind: str) -> str:
        for one in self._root.iter(name("w:style")):
            if attribute(one, "w:type") == kind and attribute(one, "w:default") in ("1", "true"):
                return attribute(one, "w:styleId")
        return ""

    def _free(self, id: str) -> str:
        taken = {attribute(one, "w:styleId") for one in self._root.iter(name("w:style"))}
        return id if id not in taken else self._free(f"{id}x")


def table_style(package: Package) -> str:
    """The name of the style of its first table, or of the one with lines."""
    part = package.linked(package.main, "styles")
    styles = package.xml(part) if part else made("w:styles")
    used = attribute(next(package.xml(package.main).iter(name("w:tblStyle")), None))
    names = {
        attribute(one, "w:styleId"): attribute(child(one, "w:name")) for one in styles.iter(name("w:style"))
    }
    return names.get(used) or ("Table Grid" if "Table Grid" in names.values() else "House Table")
