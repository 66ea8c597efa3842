"""The places of a template for words: {{title}} in its text, or a content control of that name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.documents.word import text as word_text
from bot.documents.word.xml import attribute, child, name, words

NAMES: Final = ("title", "subtitle", "author", "date")
_PLACE: Final = re.compile(r"\{\{\s*(\w[\w .-]*?)\s*\}\}")
_CONTENT: Final = ("content", "body")
_CONTROLS: Final = {**{one: one for one in NAMES}, "publish date": "date", "document title": "title"}


def is_for_content(paragraph: Any) -> bool:
    found = _PLACE.fullmatch(word_text.text_of(paragraph).strip())
    return found is not None and found[1].lower() in _CONTENT


def has_place(element: Any) -> bool:
    return any(_called(one[1]) for one in _marks(element)) or any(_controls(element))


def left(root: Any) -> list[str]:
    """Those that are still to be filled, as they stand."""
    return [one[0] for one in _marks(root)]


def fill(root: Any, given: Mapping[str, str]) -> set[str]:
    """The names of those that now have their words."""
    filled = set()
    for paragraph in word_text.paragraphs(root):
        for found in reversed(list(_PLACE.finditer(word_text.text_of(paragraph)))):
            called = _called(found[1])
            if called in given:
                word_text.replace(paragraph, [found.start()], len(found[0]), given[called])
                filled.add(called)
    for called, control in _controls(root):
        if called in given:
            _say(control, given[called])
            filled.add(called)
    return filled


def _called(written: str) -> str:
    called = written.lower()
    return called if called in NAMES else ""


def _marks(root: Any) -> Iterator[re.Match[str]]:
    tree = [root] if root.tag == name("w:p") else word_text.paragraphs(root)
    for paragraph in tree:
        yield from _PLACE.finditer(word_text.text_of(paragraph))


def _controls(root: Any) -> Iterator[tuple[str, Any]]:
    for control in list(root.iter(name("w:sdt"))):
        for tag in ("w:alias", "w:tag"):
            called = _CONTROLS.get(attribute(child(control, "w:sdtPr", tag)).lower())
            if called and next(control.iter(name("w:t")), None) is not None:
                yield called, control
                break


def _say(control: Any, said: str) -> None:
    """In the look of its first word; it no longer shows that something is to be filled in."""
    first, *others = control.iter(name("w:t"))
    for one in others:
        one.getparent().remove(one)
    run = first.getparent()
    place = run.index(first)
    run[place : place + 1] = list(words(said))
    hint = child(control, "w:sdtPr", "w:showingPlcHdr")
    if hint is not None:
        hint.getparent().remove(hint)
    style = child(run, "w:rPr", "w:rStyle")
    if attribute(style) == "PlaceholderText":
        style.getparent().remove(style)
