"""A sheet renamed, and with it every place in the workbook that calls it by its name."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

from bot.documents import sheets
from bot.documents.package import parsed
from bot.documents.workbook.book import Book
from bot.errors import ToolError

_WITH_FORMULAS: Final = frozenset(
    ("f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula")
)
_UNTOUCHED: Final = ("xl/sharedStrings.xml", "xl/styles.xml", "xl/theme/", "xl/media/", "xl/_rels/")
_QUOTED: Final = re.compile(r'("(?:[^"]|"")*")')
_TITLES: Final = "docProps/app.xml"


def renamed(book: Book, name: str, new_name: str) -> str:
    """Raises `ToolError` where there is none of the name, or one of the new one."""
    book.refuse_locked()
    sheets.refuse_name(new_name)
    old = str(book.entry(name).get("name"))
    others = {one.casefold() for one in book.names if one != old}
    if new_name.casefold() in others:
        raise ToolError(f"There is a sheet {new_name!r} already. Nothing was changed. Give another name.")
    book.rename(old, new_name)
    pattern, filed = _calls(old), f"'{_doubled(new_name)}'!"
    spelled = 0
    for part in _parts(book):
        for one in book.package.xml(part).iter():
            _rename_in(one, pattern, filed, old, new_name)
            spelled += _spells(one, pattern)
    return f"Renamed the sheet {old} to {new_name}" + _told(spelled)


def _spells(one: Any, pattern: re.Pattern[str]) -> bool:
    """A formula that has the old name in a text, as INDIRECT and HYPERLINK do: that is nobody's to change."""
    if not isinstance(one.tag, str) or etree.QName(one).localname != "f":
        return False
    return any(map(pattern.search, _QUOTED.split(one.text or "")[1::2]))


def _told(spelled: int) -> str:
    if not spelled:
        return ""
    formulas = "1 formula has" if spelled == 1 else f"{spelled:,} formulas have"
    return f"; {formulas} the old name in a text (INDIRECT, HYPERLINK), which stays: mend them if they lead there"


def _rename_in(one: Any, pattern: re.Pattern[str], filed: str, old: str, new: str) -> None:
    if not isinstance(one.tag, str):
        return
    tag = etree.QName(one).localname
    if tag in _WITH_FORMULAS and one.text:
        one.text = _outside_quotes(one.text, pattern, filed)
    if tag == "hyperlink" and one.get("location"):
        one.set("location", _outside_quotes(one.get("location"), pattern, filed))
    if tag == "worksheetSource" and (one.get("sheet") or "").casefold() == old.casefold():
        one.set("sheet", new)
    if tag == "lpstr" and one.text == old:
        one.text = new


def _parts(book: Book) -> list[str]:
    """Those that may call a sheet by its name."""
    found = [one for one in book.package if one.startswith("xl/") and not one.startswith(_UNTOUCHED)]
    return [one for one in (*found, *([_TITLES] if _TITLES in book.package else [])) if _is_xml(book, one)]


def _is_xml(book: Book, name: str) -> bool:
    if not name.endswith(".xml"):
        return False
    try:
        parsed(book.package.part(name))
    except ToolError:  # what another program put there, and only it reads
        return False
    return True


def _calls(name: str) -> re.Pattern[str]:
    """A sheet called by its name, with and without quotes, and not that of another workbook."""
    plain, quoted = re.escape(name), re.escape(_doubled(name))
    return re.compile(rf"(?<![\w.\]'\\:])(?:{plain}|'{quoted}')!", re.IGNORECASE)


def _outside_quotes(formula: str, pattern: re.Pattern[str], filed: str) -> str:
    """What stands between double quotes is text, and calls nothing."""
    pieces = _QUOTED.split(formula)
    return "".join(
        piece if number % 2 else pattern.sub(lambda _: filed, piece) for number, piece in enumerate(pieces)
    )


def _doubled(name: str) -> str:
    return name.replace("'", "''")
