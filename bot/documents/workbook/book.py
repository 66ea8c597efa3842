"""A workbook that exists: its sheets by their names, and what is said of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from lxml import etree

from bot.documents.package import KINDS, Package
from bot.documents.reckoning.reckoner import Place
from bot.documents.workbook import stale
from bot.documents.workbook.grid import MAIN, Grid
from bot.documents.workbook.styles import Styles
from bot.errors import ToolError

_BEFORE_RECKONING: Final = (
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets"),
    *("functionGroups", "externalReferences", "definedNames"),
)
_LINK: Final = f"{{{KINDS.rstrip('/')}}}id"
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


class Book:
    """Grids are kept: what one edit put there the next finds. `changed` are the cells that were set."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.root = package.xml(package.main)
        self.styles = Styles(package)
        self.changed: set[Place] = set()
        self._grids: dict[str, Grid] = {}

    @property
    def names(self) -> list[str]:
        return [str(one.get("name")) for one in self._sheets()]

    def part(self, name: str) -> str:
        """Of a sheet. Raises `ToolError` where there is none of this name."""
        links = {id: target for id, _, target in self.package.links(self.package.main)}
        for one in self._sheets():
            part = links.get(str(one.get(_LINK)), "")
            if one.get("name", "").casefold() == name.casefold() and part in self.package:
                return part
        raise ToolError(
            f"There is no sheet {name!r} among its {len(self.names)}. Nothing was changed. "
            "Read the file for their names."
        )

    def entry(self, name: str) -> Any:
        """What the workbook says of a sheet."""
        self.part(name)
        return next(one for one in self._sheets() if one.get("name").casefold() == name.casefold())

    def grid(self, name: str) -> Grid:
        """Of a sheet that may be changed."""
        grid = self._grid(name)
        protection = grid.root.find(f"{MAIN}sheetProtection")
        if protection is not None and protection.get("sheet") in ("1", "true"):
            raise ToolError(
                f"The sheet {name!r} is protected against changes. Nothing was changed. "
                "Ask for a copy without protection."
            )
        return grid

    def add(self, name: str, content: bytes) -> None:
        """A sheet behind all others."""
        self.refuse_locked()
        part = self.package.free("xl/worksheets/sheet{}.xml")
        self.package.add(part, content, _SHEET_TYPE)
        entry = etree.SubElement(self.root.find(f"{MAIN}sheets"), f"{MAIN}sheet", name=name)
        entry.set(
            "sheetId", str(max(int(one.get("sheetId", 0)) for one in self._sheets() if one is not entry) + 1)
        )
        entry.set(_LINK, self.package.link(self.package.main, "worksheet", part))

    def rename(self, name: str, new_name: str) -> None:
        """In the list of sheets alone; what was changed on it is known by its new name."""
        self.grid(name).name = new_name
        self.entry(name).set("name", new_name)
        old, new = name.casefold(), new_name.casefold()
        self.changed = {(new if sheet == old else sheet, *spot) for sheet, *spot in self.changed}  # type: ignore[misc]

    def refuse_locked(self) -> None:
        locked = self.root.find(f"{MAIN}workbookProtection")
        if locked is not None and locked.get("lockStructure") in ("1", "true"):
            raise ToolError(
                "The workbook's sheets are locked. Nothing was changed. Ask for a copy without protection."
            )

    def days(self, day: date) -> float | int:
        """The number that stands for a day in this workbook."""
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, to_excel

        said = self.root.find(f"{MAIN}workbookPr")
        is_mac = said is not None and said.get("date1904") in ("1", "true")
        number: float | int = to_excel(day, MAC_EPOCH if is_mac else WINDOWS_EPOCH)
        return number

    def to_be_reckoned(self) -> list[str]:
        """Whoever opens it reckons all formulas anew, and nothing is left of before that is not true any more.

        Tells the cells that read themselves.
        """
        said = self.root.find(f"{MAIN}calcPr")
        if said is None:
            said = etree.Element(f"{MAIN}calcPr")
            before = [one for one in self.root if etree.QName(one).localname in _BEFORE_RECKONING]
            before[-1].addnext(said)
        said.set("fullCalcOnLoad", "1")
        for id, kind, target in self.package.links(self.package.main):
            if kind == "calcChain":
                self.package.unlink(self.package.main, id)
                self.package.drop(target)

        return stale.renew(list(self.grids()), self.package, self.changed)

    def _grid(self, name: str) -> Grid:
        part = self.part(name)
        if part not in self._grids:
            self._grids[part] = Grid(str(self.entry(name).get("name")), self.package.xml(part))
        return self._grids[part]

    def grids(self) -> Iterator[Grid]:
        """All sheets but those that are a chart."""
        for name in self.names:
            if self.package.xml(self.part(name)).find(f"{MAIN}sheetData") is not None:
                yield self._grid(name)

    def _sheets(self) -> Any:
        return self.root.findall(f"{MAIN}sheets/{MAIN}sheet")
