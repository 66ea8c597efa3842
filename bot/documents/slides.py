"""PPTX: slides in the layouts of the house or of a template, with nothing outside them and everything editable."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from bot.documents import packed
from bot.documents.content import Content, Slide
from bot.documents.decks import house, opening, pages, setting, writing
from bot.documents.decks.pages import Page
from bot.documents.drawing import Drawing

_LONG_AGO: Final = datetime(2000, 1, 1)
_SUBTITLE: Final = 400_000
_LONGEST_BEFORE = 48
"""Characters of a title before "(continued)": two lines of a narrow template."""
_CONTINUED: Final = {
    "de": "Fortsetzung",
    "es": "continuación",
    "fr": "suite",
    "it": "segue",
    "nl": "vervolg",
    "pt": "continuação",
}


def written(content: Content, drawing: Drawing, template: bytes | None) -> bytes:
    """The file. A template keeps its masters, layouts and theme; its slides go. Raises `ToolError` that says which
    slide cannot be made, and why."""
    deck = opening.emptied(template) if template else house.deck()
    titles = _Titles(content.language, drawing)
    if content.title:
        setting.title_page(deck, content, titles.unique(content.title), drawing)
    for slide in content.slides:
        _slides(deck, slide, content, titles, drawing)
    _described(deck, content)
    file = io.BytesIO()
    deck.save(file)
    return packed.steady(file.getvalue())


class _Titles:
    """Of one deck: no two slides are called the same, so that whoever cannot see them can tell them apart."""

    def __init__(self, language: str, drawing: Drawing) -> None:
        self._continued = _CONTINUED.get(language.partition("-")[0], "continued")
        self._drawing = drawing
        self._taken: set[str] = set()

    def unique(self, title: str) -> str:
        found = next(one for one in self._tries(title) if one.casefold() not in self._taken)
        if found != title:
            self._drawing.note(
                f"A slide was called “{title[:80]}” as one before it; it is now “{found[-90:]}”."
            )
        self._taken.add(found.casefold())
        return found

    def further(self, title: str, number: int) -> str:
        """Of the slides that go on from one."""
        words = self._continued if number == 1 else f"{self._continued} {number}"
        return self.unique(f"{_shortened(title)} ({words})")

    @staticmethod
    def _tries(title: str) -> Iterator[str]:
        yield title
        number = 2
        while True:
            yield f"{title} ({number})"
            number += 1


def _shortened(title: str) -> str:
    """So that what comes after it is surely seen."""
    return title if len(title) <= _LONGEST_BEFORE else f"{title[: _LONGEST_BEFORE - 1].rstrip()}…"


def _slides(deck: Any, slide: Slide, content: Content, titles: _Titles, drawing: Drawing) -> None:
    title = titles.unique(" ".join(writing.legible(slide.title).split()))
    made: list[Page] = list(pages.pages(deck, slide, drawing, _SUBTITLE if slide.subtitle else 0))
    for number, page in enumerate(made):
        name = titles.further(title, number) if number else title
        subtitle = "" if number else slide.subtitle
        done = setting.page(deck, page, name, subtitle, content, drawing)
        if slide.notes and not number:
            setting.notes(done, slide.notes)
    if len(made) > 1:
        drawing.note(f"“{title[:80]}” did not fit on one slide and goes on over {len(made)}.")


def _described(deck: Any, content: Content) -> None:
    told = deck.core_properties
    told.title, told.author = (
        writing.legible(content.title)[:255],
        writing.legible(content.author)[:255] or "Cowork",
    )
    told.last_modified_by = told.author
    told.subject = told.keywords = told.comments = ""
    told.language, told.revision = content.language, 1
    told.created = told.modified = _LONG_AGO
