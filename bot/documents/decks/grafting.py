"""What the library makes in a copy of the deck, carried over part by part: nothing else of the file is written anew."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Final

from bot.documents.decks.shown import Shown
from bot.documents.package import Package, links_of

_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SHARED: Final = ("slideLayout", "slideMaster", "theme")


def grown(shown: Shown, change: Callable[[Any], None]) -> Package:
    """The copy as the library saves it after the change."""
    from pptx import Presentation

    deck = Presentation(io.BytesIO(shown.package.saved()))
    change(deck)
    file = io.BytesIO()
    deck.save(file)
    return Package(file.getvalue())


def same(shown: Shown, copy: Package) -> dict[str, str]:
    """The slides of the copy as the file calls them; the library numbers them anew."""
    return dict(zip(Shown(copy).in_order(), shown.in_order(), strict=False))


def graft(shown: Shown, copy: Package, part: str, known: dict[str, str]) -> str:
    """A part of the copy with all that it needs, under a name that is free. Layouts and the like are those there."""
    if part in known:
        return known[part]
    package = shown.package
    name = part if part not in package else _free(package, part)
    known[part] = name
    ids: dict[str, str] = {}
    package.add(name, copy.part(part), copy.type_of(part))
    for id, kind, target in copy.links(part):
        if target not in copy:
            ids[id] = package.link(name, _kind(copy, part, id), target, is_outside=True)
        elif kind in _SHARED and target in package:
            ids[id] = package.link(name, kind, target)
        else:
            ids[id] = package.link(name, _kind(copy, part, id), graft(shown, copy, target, known))
    if any(old != new for old, new in ids.items()):
        _renamed(package.xml(name), ids)
    return name


def replaced(shown: Shown, copy: Package, part: str, known: dict[str, str]) -> None:
    """A part that both have, as the copy has it, with what it links to."""
    package = shown.package
    package.add(part, copy.part(part), copy.type_of(part))
    there = {id: target for id, _, target in package.links(part)}
    for id, _, target in copy.links(part):
        if there.get(id) == target and target in package:
            if package.part(target) != copy.part(target):
                package.add(target, copy.part(target), copy.type_of(target))
        elif target in copy:
            new = package.link(part, _kind(copy, part, id), graft(shown, copy, target, known))
            _renamed(package.xml(part), {id: new})


def _free(package: Package, part: str) -> str:
    stem, _, ending = part.rpartition(".")
    return package.free(stem.rstrip("0123456789") + "{}." + ending)


def _kind(copy: Package, part: str, id: str) -> str:
    """In full, as it is written."""
    return next(str(one.get("Type")) for one in copy.xml(links_of(part)) if one.get("Id") == id)


def _renamed(root: Any, ids: dict[str, str]) -> None:
    for one in root.iter():
        for name, value in one.attrib.items():
            if name.startswith(_R) and value in ids:
                one.set(name, ids[value])
