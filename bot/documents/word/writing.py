"""A Word file made from content: in the house's look, or in that of a template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.documents.content import Content
from bot.documents.drawing import Drawing
from bot.documents.markdown import Run
from bot.documents.word import captions, pages
from bot.documents.word.blocks import Setting
from bot.documents.word.house import house, speak
from bot.documents.word.pictures import space_of
from bot.documents.word.properties import describe
from bot.documents.word.template import Room, room_in
from bot.documents.word.xml import child


def written(content: Content, drawing: Drawing, template: bytes | None) -> bytes:
    """The file. A template keeps its styles, its headers, its cover and its page; its text is replaced."""
    room = room_in(template, content, drawing) if template else _new()
    package = room.package
    body = child(package.xml(package.main), "w:body")
    page = child(body, "w:sectPr")
    setting = Setting(
        package,
        drawing,
        space_of(page),
        language=content.language,
        table=room.table,
        page=None if template else page,
    )
    for element in [*_head(content, room, setting), *setting.elements(content.blocks)]:
        room.before.addprevious(element)
    if not template:
        pages.close(body)
    captions.count(body)
    if not template or content.language != "en":
        speak(package, content.language)
    describe(package, title=content.title, author=content.author, language=content.language)
    if template and setting.styles.lent:
        drawing.note(f"The template has no styles for {', '.join(setting.styles.lent)}: they are plain.")
    return package.saved()


def _new() -> Room:
    package = house()
    return Room(
        package, child(package.xml(package.main), "w:body", "w:sectPr"), "House Table", is_titled=False
    )


def _head(content: Content, room: Room, setting: Setting) -> Iterator[Any]:
    """The title and what goes with it, where they do not stand there already."""
    byline = " · ".join(filter(None, (content.author, content.date)))
    if not content.title or room.is_titled:
        return
    for style, text in (("Title", content.title), ("Subtitle", content.subtitle), ("Byline", byline)):
        if text:
            yield setting.styled(style, [Run(text=text)])
