"""What the tools for tables say: a profile column by column, and the rows of a query's result."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.rehearsal.goals.words import unescaped

_HEAD = re.compile(
    r"^(?P<table>.+?): (?P<rows>[\d,]+) rows?(?:, (?P<repeated>[\d,]+) of them repeats of others)?, "
    r"(?P<width>[\d,]+) columns?$"
)
_COLUMN = re.compile(
    r"^- (?P<name>.+?) \((?P<type>[a-z][\w ]*(?:\([\d,]+\))?(?:\[\])*)\)(?P<rest>: empty|; .*)$"
)
_RANGE = re.compile(r"^; (?P<least>.*?) to (?P<most>.*?); (?P<distinct>(?:about )?[\d,]+) distinct")
_MISSING = re.compile(r"; (?P<count>[\d,]+) missing \((?P<part>[^)]*)\)")
_QUARTILES = re.compile(r"; mean (?P<mean>\S+), quartiles (?P<low>\S+), (?P<middle>\S+), (?P<high>[^\s;]+)")
_OUTLIERS = re.compile(r"; (?P<count>[\d,]+) outliers?\b")
_PADDED = re.compile(r"; (?P<count>[\d,]+) with blanks at an end")
_ENDLESS = re.compile(r"; (?P<count>[\d,]+) nan or infinite")
_NOTE = re.compile(r"^Note: (?P<words>.+)$", re.M)
_GAPS = re.compile(r"; (?P<gaps>[\d,]+ \w+) without a row in between")
_WHOLE = (
    "tinyint",
    "smallint",
    "integer",
    "bigint",
    "hugeint",
    "utinyint",
    "usmallint",
    "uinteger",
    "ubigint",
    "uhugeint",
)
_NUMBERS = (*_WHOLE, "float", "double", "decimal")
_TIMES = ("date", "timestamp")


@dataclass(frozen=True, kw_only=True)
class Column:
    """As the profile tells it, in its words; `quartiles` are there for numbers only."""

    name: str
    type: str
    least: str = ""
    most: str = ""
    different: str = ""
    missing: int = 0
    part_missing: str = ""
    mean: str = ""
    quartiles: tuple[float, ...] = ()
    outliers: int = 0
    gaps: str = ""
    padded: int = 0
    endless: int = 0
    is_empty: bool = False

    @property
    def distinct(self) -> int:
        """How many different values, or about how many."""
        return _count(self.different.removeprefix("about ") or "0")

    @property
    def is_number(self) -> bool:
        return self.type.startswith(_NUMBERS) and not self.type.endswith("[]")

    @property
    def is_whole(self) -> bool:
        return self.type.startswith(_WHOLE) and not self.type.endswith("[]")

    @property
    def is_time(self) -> bool:
        return self.type.startswith(_TIMES)

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most, of numbers."""
        return _number(self.least), _number(self.most)

    @property
    def fences(self) -> tuple[float, float]:
        """Beyond these a number stands out."""
        low, _, high = self.quartiles
        reach = 1.5 * (high - low)
        return float(f"{low - reach:.10g}"), float(f"{high + reach:.10g}")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """`width` is the number of all columns, more than are told of a very wide table. `note` says how it was read."""

    table: str
    rows: int
    repeated: int
    width: int
    columns: tuple[Column, ...] = ()
    note: str = ""

    def names_rows(self, column: Column) -> bool:
        """Whether it tells the rows apart rather than measuring anything: whole numbers, (almost) all different."""
        there = self.rows - column.missing
        return column.is_whole and there > 1 and column.distinct >= 0.95 * there

    def counts_rows(self, column: Column) -> bool:
        """Whether it is a running number, of which hardly one is left out."""
        if not self.names_rows(column) or len(column.quartiles) != 3:
            return False
        return _number(column.most) - _number(column.least) < 1.2 * column.distinct


def profiles(result: str) -> list[Profile]:
    """What `profile_data` found, for each table of the file."""
    found: list[Profile] = []
    note = " ".join(one["words"] for one in _NOTE.finditer(result))
    for line in result.splitlines():
        if found and (column := _COLUMN.match(line)):
            found.append(replace(last := found.pop(), columns=(*last.columns, _column(column))))
        elif head := _HEAD.match(line):
            rows, repeated, width = (_count(head[name] or "0") for name in ("rows", "repeated", "width"))
            found.append(Profile(table=head["table"], rows=rows, repeated=repeated, width=width, note=note))
    return found


def rows(result: str) -> list[list[str]]:
    """Those of `query_data`'s table, the head first."""
    lines = [line for line in result.splitlines() if line.startswith("|")]
    cells = [[unescaped(cell.strip()) for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [row for number, row in enumerate(cells) if number != 1]


def _column(found: re.Match[str]) -> Column:
    rest = found["rest"]
    ranged, missing, middle = _RANGE.match(rest), _MISSING.search(rest), _QUARTILES.search(rest)
    gaps = _GAPS.search(rest)
    return Column(
        name=found["name"],
        type=found["type"],
        least=ranged["least"] if ranged else "",
        most=ranged["most"] if ranged else "",
        different=ranged["distinct"] if ranged else "",
        missing=_counted(_MISSING, rest),
        part_missing=missing["part"] if missing else "",
        mean=middle["mean"] if middle else "",
        quartiles=tuple(_number(middle[name]) for name in ("low", "middle", "high")) if middle else (),
        outliers=_counted(_OUTLIERS, rest),
        gaps=gaps["gaps"] if gaps else "",
        padded=_counted(_PADDED, rest),
        endless=_counted(_ENDLESS, rest),
        is_empty=ranged is None,
    )


def _counted(pattern: re.Pattern[str], rest: str) -> int:
    found = pattern.search(rest)
    return _count(found["count"]) if found else 0


def _count(text: str) -> int:
    return int(text.replace(",", ""))


def _number(text: str) -> float:
    return float(text.replace(",", ""))
