"""Figures: how people write them, and what can be meant by it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NOT_TEXT = frozenset(
    ("type", "level", "format", "mermaid", "code", "path", "source", "destination", "template")
) | {*("kind", "formula", "language", "name", "date", "author", "folder", "sql", "files", "save_as", "do")}
"""What stands under these names in a call says where and how, and is nothing that people read."""

NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9, "billion": 1e9,
}  # fmt: skip
_UNIT = r"(?:ms|µs|s|min|h|[kKMGT]i?B|x|×|rps|kg|km)"
_FIGURE = re.compile(
    rf"(?<![\w.,:/#^@])(?<!\w[-+–])(?P<number>{NUMBER})"
    rf"(?:\s?(?P<scale>thousand|million|billion|mn|bn|[kKmMB])(?!\w)|\s?(?P<percent>%|percent\b)|\s?{_UNIT}(?!\w))?"
    r"(?![\w/]|[.,:-]\d)"
)
_ANY = re.compile(rf"(?<!\w)(?<!\w-)({NUMBER})(?:\s?(thousand|million|billion|mn|bn|[kKmMB])\b)?")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_NOT_FIGURES = re.compile(
    r"```.*?```|`[^`\n]*`|<(?:style|script)\b.*?</(?:style|script)>|https?://\S+"
    r"|\b[\w.-]+\.(?:md|docx|xlsx|pptx|pdf|csv)\b"
    r"|\b\d{4}-\d\d(?:-\d\d)?(?:[T ]\d\d:\d\d(?::\d\d)?)?\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"
    r"|\b\d{1,2}:\d\d(?::\d\d)?\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\.?\s+{_MONTH}(?:\s+\d{{4}})?\b"
    rf"|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?\b(?![.,]\d|\s?%)"
    r"|(?<![\w.])(?!\d{1,3}(?:\.\d{3})+\b)v?\d+(?:\.\d+){2,}\b"
    r"|^[ \t>]*\d+[.)](?=\s)|^[ \t#>]*\d+(?:\.\d+)+\.?(?=\s+[A-Z])"
    r"|\b(?:section|chapter|page|figure|table|step|slide|version|appendix|no\.|python|port|task|phase|sprint|week)"
    r"\s+\d[\d.]*",
    re.I | re.S | re.M,
)
_YEARS = range(1900, 2101)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """As it is `shown`. `readings` are its values ("1.234" has two), each with what rounding may have taken."""

    shown: str
    readings: tuple[tuple[float, float], ...]
    is_count: bool = False
    is_percent: bool = False

    @property
    def is_exact(self) -> bool:
        """Of three places or more: it may be told in thousands or in percent of what it rests on."""
        return len(re.sub(r"\D", "", self.shown).strip("0")) > 2


def figures(value: Any) -> Iterator[Figure]:
    """Those of a text, or in a call's input: no dates, years, versions, code, paths and numbers of sections."""
    for text in texts(value, but=NOT_TEXT):
        yield from _in_text(text)


def texts(value: Any, *, but: frozenset[str] = frozenset()) -> Iterator[str]:
    """All in a call's input, numbers as text too, without what stands under these names."""
    match value:
        case str():
            yield value
        case float() | int() if not isinstance(value, bool):
            yield f"{value:.10f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
        case Mapping():
            yield from (
                text for name, one in value.items() if name not in but for text in texts(one, but=but)
            )
        case list() | tuple():
            yield from (text for one in value for text in texts(one, but=but))


def numbers(text: str) -> Iterator[float]:
    """All that are read as they stand; none within a name, such as `r12` or `p-95`."""
    for number, _ in _ANY.findall(text):
        yield _readings(number)[0]


def scaled(text: str) -> Iterator[float]:
    """The same in every way that they can be meant: `1.2 million` is that, and 1.2. `62,345` has no part of a one."""
    for number, scale in _ANY.findall(text):
        for value in _readings(number)[: 1 if "," in number else None]:
            yield value
            if scale:
                yield value * _SCALES[scale.lower()]


def without(text: str, values: Collection[float]) -> str:
    """The text, but for the numbers that can mean one of these."""
    return _ANY.sub(lambda found: " " if any(one in values for one in scaled(found[0])) else found[0], text)


def _in_text(text: str) -> Iterator[Figure]:
    for found in _FIGURE.finditer(_NOT_FIGURES.sub(" ", text)):
        number, scale = found["number"], _SCALES.get((found["scale"] or "").lower(), 1.0)
        is_plain = number.isdigit() and found[0] == number
        if is_plain and int(number) in _YEARS and len(number) == 4:
            continue
        yield Figure(
            shown=found[0].strip(),
            readings=tuple((value * scale, _rounding(number, value) * scale) for value in _readings(number)),
            is_count=is_plain,
            is_percent=found["percent"] is not None,
        )


def _readings(number: str) -> tuple[float, ...]:
    """`1,234` is a thousand to some and one and a bit to others; `1.234,50` is the same to all."""
    if number.isdecimal():
        return (float(number),)
    plain = re.sub(r"['’\u00a0\u202f]", "", number)
    marks = [one for one in plain if one in ".,"]
    if not marks:
        return (float(plain),)
    without = float(re.sub(r"[.,]", "", plain))
    head, _, tail = plain.rpartition(marks[-1])
    decimal = float(f"{re.sub(r'[.,]', '', head)}.{tail}")
    if len(set(marks)) > 1:
        return (decimal,)
    if len(marks) > 1:
        return (without,)
    return (without, decimal) if len(tail) == 3 and not head.startswith("0") else (decimal,)


def _rounding(number: str, value: float) -> float:
    """Half of the last place that is told; of a round number at most a twentieth of it."""
    if (
        value % 1
        or re.search(r"[.,]\d{1,2}$", number)
        or len(str(int(value))) < len(re.sub(r"\D", "", number))
    ):
        return 0.5 * 10.0 ** -len(re.split(r"[.,]", number)[-1])
    zeros = len(number) - len(re.sub(r"[.,'’\u00a0\u202f0]+$", "", number))
    return min(0.5 * 10.0 ** min(zeros, 9), 0.05 * value)
