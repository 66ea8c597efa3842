"""Footnotes as Word has them: a part of their own, with the lines that part them from the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.documents.package import Package
from bot.documents.word.styles import Styles
from bot.documents.word.xml import attribute, made, name

_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_SPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_EMPTY: Final = (
    f'<w:footnotes xmlns:w="{_SPACE}">'
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'
    "</w:pPr><w:r><w:separator/></w:r></w:p></w:footnote>"
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
    'w:lineRule="auto"/></w:pPr><w:r><w:continuationSeparator/></w:r></w:p></w:footnote></w:footnotes>'
)


def part_of(package: Package) -> str:
    """The part of the footnotes, made where there is none."""
    part = package.linked(package.main, "footnotes")
    if not part:
        part = package.free("word/footnotes{}.xml")
        package.add(part, _EMPTY.encode(), _TYPE)
        package.link(package.main, "footnotes", part)
    return part


def free_id(package: Package) -> int:
    """The first number that no footnote has."""
    part = package.linked(package.main, "footnotes")
    taken = (int(attribute(one, "w:id") or 0) for one in package.xml(part)) if part else ()
    return max(taken, default=0) + 1


def noted(package: Package, styles: Styles, runs: Sequence[Any], id: int) -> Any:
    """The run that points to a new footnote of these runs, known by this number."""
    root = package.xml(part_of(package))
    look = made("w:rPr", made("w:rStyle", val=styles.id("footnote reference")))
    space = made("w:t")
    space.text = " "
    space.set(name("xml:space"), "preserve")
    paragraph = made(
        "w:p",
        made("w:pPr", made("w:pStyle", val=styles.id("footnote text"))),
        made("w:r", look, made("w:footnoteRef")),
        made("w:r", space),
        *runs,
    )
    root.append(made("w:footnote", paragraph, id=id))
    look = made("w:rPr", made("w:rStyle", val=styles.id("footnote reference")))
    return made("w:r", look, made("w:footnoteReference", id=id))


def forget(package: Package) -> None:
    """The footnotes and endnotes of a text that is gone."""
    for kind in ("footnote", "endnote"):
        part = package.linked(package.main, f"{kind}s")
        pointed = package.xml(package.main).iter(name(f"w:{kind}Reference"))
        held = {attribute(one, "w:id") for one in pointed}
        for one in list(package.xml(part)) if part else ():
            if not attribute(one, "w:type") and attribute(one, "w:id") not in held:
                one.getparent().remove(one)
