"""A deck's slides as the parts of its file: their order, what stands on each, and what goes with one that goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from bot.documents.package import Package
from bot.errors import ToolError

_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_C: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SECTIONED: Final = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
_TITLES: Final = ("title", "ctrTitle")
_FOOT: Final = ("ftr", "sldNum", "dt")


class Shown:
    """Of one file. Slides are named by their numbers in it before any edit."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._listed = package.xml(package.main).find(f"{_P}sldIdLst")
        entries = [] if self._listed is None else list(self._listed)
        parts = {id: target for id, _, target in package.links(package.main)}
        self._slides = [(one, parts.get(one.get(f"{_R}id"), "")) for one in entries]

    def part(self, number: int) -> str:
        """The part of a slide. Raises `ToolError` where there is none of that number, or it was removed."""
        return self._of(number)[1]

    def in_order(self) -> list[str]:
        """The parts of all slides as they are shown now, new ones too."""
        parts = {id: target for id, _, target in self.package.links(self.package.main)}
        return [parts[one.get(f"{_R}id")] for one in self._entries()]

    def shapes(self, number: int) -> list[Any]:
        """In reading order, also those in groups."""
        tree = self.package.xml(self.part(number)).find(f"{_P}cSld/{_P}spTree")
        return list(tree.iter(f"{_P}sp"))

    def title(self, number: int) -> Any:
        """Its shape, None where the slide has none."""
        return next((one for one in self.shapes(number) if _kind(one) in _TITLES), None)

    def texts(self, number: int) -> list[Any]:
        """The shapes that hold text besides the title, or wait for some."""
        return [
            one
            for one in self.shapes(number)
            if one.find(f"{_P}txBody") is not None
            and _kind(one) not in (*_TITLES, *_FOOT)
            and (_kind(one) or "".join(one.find(f"{_P}txBody").itertext()).strip())
        ]

    def charts(self, number: int) -> list[str]:
        """The parts of its charts, in reading order."""
        part = self.part(number)
        targets = {id: target for id, _, target in self.package.links(part)}
        found = [one.get(f"{_R}id") for one in self.package.xml(part).iter(f"{_C}chart")]
        return [targets[id] for id in found if targets.get(id, "") in self.package]

    def notes(self, number: int) -> Any:
        """The text body of its notes, None where it has none."""
        part = self.package.linked(self.part(number), "notesSlide")
        if not part:
            return None
        places = self.package.xml(part).iter(f"{_P}sp")
        return next((one.find(f"{_P}txBody") for one in places if _kind(one) == "body"), None)

    def place(self, part: str, after: int) -> None:
        """A new slide behind one of the file."""
        from lxml import etree

        id = self.package.link(self.package.main, "slide", part)
        taken = [int(one.get("id", "0")) for one in self._entries()]
        made = etree.Element(f"{_P}sldId", {"id": str(max([255, *taken]) + 1), f"{_R}id": id})
        self._put(made, after)

    def move(self, number: int, after: int) -> None:
        entry = self._of(number)[0]
        if after != number:
            self._put(entry, after)

    def remove(self, number: int) -> None:
        """With all that only it uses, and every link to it."""
        entry, part = self._of(number)
        if len(self._entries()) == 1:
            raise ToolError("A deck has at least one slide. Nothing was changed; add another first.")
        entry.getparent().remove(entry)
        self._slides[number - 1] = (None, "")
        self._unsection(entry)
        for other in list(self.package):
            if other.startswith("ppt/") and other.endswith(".xml"):
                _unlinked(self.package, other, part)
        self._untold()
        self.package.drop_unlinked()

    def _of(self, number: int) -> tuple[Any, str]:
        if not 1 <= number <= len(self._slides):
            raise ToolError(
                f"There is no slide {number}: the deck has {len(self._slides)}. Nothing was changed."
            )
        entry, part = self._slides[number - 1]
        if entry is None or part not in self.package:
            raise ToolError(f"Slide {number} is not there any more. Nothing was changed.")
        return entry, part

    def _entries(self) -> list[Any]:
        return [] if self._listed is None else list(self._listed)

    def _put(self, entry: Any, after: int) -> None:
        """New ones behind the same slide stand in the order in which they were added."""
        if self._listed is None:
            raise ToolError("The deck has no slides to put one behind. Nothing was changed; make a new one.")
        known = [one for one, _ in self._slides]
        if entry.getparent() is not None:
            entry.getparent().remove(entry)
        before = self._of(after)[0] if after else None
        place = self._listed.index(before) + 1 if before is not None else 0
        while place < len(self._listed) and self._listed[place] not in known and entry not in known:
            place += 1
        self._listed.insert(place, entry)
        self._section(entry, self._listed[place - 1] if place else None)

    def _sections(self) -> list[Any]:
        return list(self.package.xml(self.package.main).iter(f"{_SECTIONED}sectionLst"))

    def _section(self, entry: Any, before: Any) -> None:
        """In the section of the slide before it, in the first where there is none."""
        from lxml import etree

        for sections in self._sections():
            self._unsection(entry)
            made = etree.Element(f"{_SECTIONED}sldId", id=entry.get("id"))
            listed = {one.get("id"): one for one in sections.iter(f"{_SECTIONED}sldId")}
            if before is not None and before.get("id") in listed:
                listed[before.get("id")].addnext(made)
            elif (first := next(sections.iter(f"{_SECTIONED}sldIdLst"), None)) is not None:
                first.insert(0, made)

    def _unsection(self, entry: Any) -> None:
        for sections in self._sections():
            for one in list(sections.iter(f"{_SECTIONED}sldId")):
                if one.get("id") == entry.get("id"):
                    one.getparent().remove(one)

    def _untold(self) -> None:
        """The names of slides and the picture of the first one, which programs keep beside the deck."""
        for id, kind, target in self.package.links(""):
            if kind == "thumbnail":
                self.package.unlink("", id)
            if kind == "extended-properties" and target in self.package:
                root = self.package.xml(target)
                for one in list(root):
                    if one.tag.rpartition("}")[2] in ("TitlesOfParts", "HeadingPairs"):
                        root.remove(one)


def _unlinked(package: Package, part: str, gone: str) -> None:
    """What led from a part to a slide that goes; its own notes go with it."""
    for id, kind, target in package.links(part):
        if target != gone or kind != "slide" or package.linked(gone, "notesSlide") == part:
            continue
        for one in list(_leading(package.xml(part), id)):
            one.getparent().remove(one)
        package.unlink(part, id)


def _leading(root: Any, id: str) -> Iterator[Any]:
    for one in root.iter():
        if isinstance(one.tag, str) and one.get(f"{_R}id") == id:
            yield one


def _kind(shape: Any) -> str:
    """Of the place it takes: "obj" where its kind is not said, "" for a shape of its own."""
    place = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
    return "" if place is None else str(place.get("type", "obj"))
