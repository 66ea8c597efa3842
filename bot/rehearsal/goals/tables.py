"""What the tools for tables say: a profile column by column, and the rows of a query's result."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.rehearsal.goals.words import unescaped

_HEAD = re.compile(
    r"^(?P<table>.+?): (?P<rows>[\d,]+) rows?(?:, (?P<repeated>[\d,]+) of them repeats of others)?, [\d,]+ columns?"
)
_COLUMN = re.compile(
    r"^- (?P<name>.+?) \((?P<type>[a-z][\w ]*(?:\([\d,]+\))?(?:\[\])*)\)(?P<rest>: empty|; .*)$"
)
_RANGE = re.compile(r"^; (?P<least>.*?) to (?P<most>.*?); about (?P<distinct>[\d,]+) distinct")
_MISSING = re.compile(r"; (?P<count>[\d,]+) missing \((?P<part>[^)]*)\)")
_QUARTILES = re.compile(r"; mean (?P<mean>\S+), quartiles (?P<low>\S+), (?P<middle>\S+), (?P<high>[^\s;]+)")
_OUTLIERS = re.compile(r"; (?P<count>[\d,]+) outliers?\b")
_GAPS = re.compile(r"; (?P<gaps>[\d,]+ \w+) without a row in between")
_NUMBERS = ("tinyint", "smallint", "integer", "bigint", "hugeint", "float", "double", "decimal", "u")
_TIMES = ("date", "timestamp")


@dataclass(frozen=True, kw_only=True)
class Column:
    """As the profile tells it, in its words; `quartiles` are there for numbers only."""

    name: str
    type: str
    least: str = ""
    most: str = ""
    distinct: int = 0
    missing: int = 0
    part_missing: str = ""
    mean: str = ""
    quartiles: tuple[float, ...] = ()
    outliers: int = 0
    gaps: str = ""
    is_empty: bool = False

    @property
    def is_number(self) -> bool:
        return self.type.startswith(_NUMBERS) and not self.type.endswith("[]")

    @property
    def is_time(self) -> bool:
        return self.type.startswith(_TIMES)

    @property
    def fences(self) -> tuple[float, float]:
        """Beyond these a number stands out."""
        low, _, high = self.quartiles
        return low - 1.5 * (high - low), high + 1.5 * (high - low)


@dataclass(frozen=True, kw_only=True)
class Profile:
    table: str
    rows: int
    repeated: int
    columns: tuple[Column, ...]


def profiles(result: str) -> list[Profile]:
    """What `profile_data` found, for each table of the file."""
    found: list[Profile] = []
    for line in result.splitlines():
        if column := _COLUMN.match(line):
            last = found.pop()
            columns = (*last.columns, _column(column))
            found.append(Profile(table=last.table, rows=last.rows, repeated=last.repeated, columns=columns))
        elif head := _HEAD.match(line):
            repeated = _count(head["repeated"] or "0")
            found.append(
                Profile(table=head["table"], rows=_count(head["rows"]), repeated=repeated, columns=())
            )
    return found


def rows(result: str) -> list[list[str]]:
    """Those of `query_data`'s table, the head first."""
    lines = [line for line in result.splitlines() if line.startswith("|")]
    cells = [[unescaped(cell.strip()) for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [row for number, row in enumerate(cells) if number != 1]


def _column(found: re.Match[str]) -> Column:
    rest = found["rest"]
    ranged, missing, outliers = _RANGE.match(rest), _MISSING.search(rest), _OUTLIERS.search(rest)
    middle, gaps = _QUARTILES.search(rest), _GAPS.search(rest)
    return Column(
        name=found["name"],
        type=found["type"],
        least=ranged["least"] if ranged else "",
        most=ranged["most"] if ranged else "",
        distinct=_count(ranged["distinct"]) if ranged else 0,
        missing=_count(missing["count"]) if missing else 0,
        part_missing=missing["part"] if missing else "",
        mean=middle["mean"] if middle else "",
        quartiles=tuple(_number(middle[name]) for name in ("low", "middle", "high")) if middle else (),
        outliers=_count(outliers["count"]) if outliers else 0,
        gaps=gaps["gaps"] if gaps else "",
        is_empty=ranged is None,
    )


def _count(text: str) -> int:
    return int(text.replace(",", ""))


def _number(text: str) -> float:
    return float(text.replace(",", ""))
