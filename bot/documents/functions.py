"""The functions that a formula may call: known to every spreadsheet, and reading nothing but the workbook."""

from __future__ import annotations

from typing import Final

_REACHING = """
WEBSERVICE FILTERXML ENCODEURL RTD DDE CALL REGISTER.ID SQL.REQUEST HYPERLINK IMAGE INDIRECT INFO CELL IMPORTDATA
IMPORTXML IMPORTHTML STOCKHISTORY GETPIVOTDATA PY CUBEKPIMEMBER CUBEMEMBER CUBEMEMBERPROPERTY CUBERANKEDMEMBER CUBESET
CUBESETCOUNT CUBEVALUE
"""
_YOUNGER = """
CONCAT TEXTJOIN IFS SWITCH MAXIFS MINIFS IFNA XOR DAYS STDEV.S STDEV.P VAR.S VAR.P PERCENTILE.INC PERCENTILE.EXC
QUARTILE.INC QUARTILE.EXC PERCENTRANK.INC RANK.EQ RANK.AVG MODE.SNGL NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV
COVARIANCE.P COVARIANCE.S FORECAST.LINEAR CEILING.MATH FLOOR.MATH ISOWEEKNUM NUMBERVALUE PDURATION RRI UNICHAR UNICODE
SHEET SHEETS ISFORMULA BINOM.DIST T.TEST CHISQ.TEST T.DIST.2T CONFIDENCE.T CONFIDENCE.NORM POISSON.DIST
"""
_TAKING = """
IF:2-3 IFERROR:2-2 ROUND:2-2 ROUNDUP:2-2 ROUNDDOWN:2-2 SUMIF:2-3 COUNTIF:2-2 AVERAGEIF:2-3 VLOOKUP:3-4 INDEX:2-4
MATCH:2-3 DATE:3-3 YEAR:1-1 MONTH:1-1 DAY:1-1 ABS:1-1 NOT:1-1 TEXT:2-2 LEFT:1-2 RIGHT:1-2 MID:3-3 LEN:1-1 MOD:2-2
SQRT:1-1 TODAY:0-0 NOW:0-0 PI:0-0 RAND:0-0 NA:0-0 TRUE:0-0 FALSE:0-0 ROW:0-1 COLUMN:0-1 SHEET:0-1 SHEETS:0-1 EDATE:2-2
EOMONTH:2-2 POWER:2-2 INT:1-1 UPPER:1-1 LOWER:1-1 TRIM:1-1 VALUE:1-1 ISBLANK:1-1 ISNUMBER:1-1 ISTEXT:1-1 ISERROR:1-1
IFNA:2-2 SUMIFS:3-255 COUNTIFS:2-254 AVERAGEIFS:3-255 CHOOSE:2-255 SUBSTITUTE:3-4 DATEDIF:3-3 WEEKDAY:1-2 RANK:2-3
LARGE:2-2 SMALL:2-2 PMT:3-5 NPV:2-255 SUBTOTAL:2-255
"""
_WIDE: Final = (1, 255)

FORBIDDEN: Final = frozenset(_REACHING.split())
"""What reaches outside the workbook, or where nobody can see beforehand what it reads."""

INSTEAD: Final = {
    "XLOOKUP": "INDEX and MATCH",
    "XMATCH": "MATCH",
    **dict.fromkeys(("FILTER", "SORT", "SORTBY", "UNIQUE", "SEQUENCE", "LET"), "rows reckoned beforehand"),
}
"""What only the newest spreadsheets know, and what does the same in all."""

_LATER: Final = frozenset(_YOUNGER.split())
_ARGUMENTS: Final = {
    name: extent.split("-") for name, _, extent in (one.partition(":") for one in _TAKING.split())
}


def is_known(name: str) -> bool:
    from openpyxl.utils import FORMULAE

    return name in _LATER or name in FORMULAE


def arguments(name: str) -> tuple[int, int]:
    """The fewest and the most that it takes, as far as that is known here."""
    least, most = _ARGUMENTS.get(name, _WIDE)
    return int(least), int(most)


def plain(name: str) -> str:
    """As people write it."""
    return name.strip().upper().removeprefix("_XLFN.").removeprefix("_XLWS.")


def as_filed(name: str) -> str:
    """As a file has it: what came after the format is called by a longer name."""
    return f"_xlfn.{name}" if name in _LATER else name
