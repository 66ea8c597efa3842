"""Pages set up otherwise for a while: what comes before ends there, and a wide table lies on its side."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from bot.documents.word.xml import child, made, name


def ended(page: Any) -> Any:
    """The paragraph with which the pages that are set up like this one end."""
    spacing = made("w:spacing", before=0, after=0, line=20, lineRule="exact")
    return made("w:p", made("w:pPr", spacing, deepcopy(page)))


def on_its_side(page: Any) -> Any:
    """The same page, as wide as it was high."""
    lying = deepcopy(page)
    size = child(lying, "w:pgSz")
    wide, high = size.get(name("w:h")), size.get(name("w:w"))
    size.set(name("w:w"), wide)
    size.set(name("w:h"), high)
    size.set(name("w:orient"), "landscape")
    return lying


def close(body: Any) -> None:
    """No empty page stands before what begins on its side, or after what ends so."""
    first, last = body[0], child(body, "w:sectPr")
    if child(first, "w:pPr", "w:sectPr") is not None:
        body.remove(first)
    before = last.getprevious()
    ending = None if before is None else child(before, "w:pPr", "w:sectPr")
    if ending is not None:
        body.remove(before)
        body.replace(last, ending)
