"""The month a text is about, from the many ways people write dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner",
            "february feb februar",
            "march mar märz maerz mär mrz",
            "april apr",
            "may mai",
            "june jun juni",
            "july jul juli",
            "august aug",
            "september sept sep",
            "october oct oktober okt",
            "november nov",
            "december dec dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}

_YEAR = r"(?<!\d)(?P<y>(?:19[89]|20\d)\d)(?!\d)"
_LOOSE_YEAR = r"(?P<y>(?:19[89]|20\d)\d)(?!\d)"
_SHORT = r"(?P<yy>\d\d)(?!\d)"
_NUMBER = r"(?P<m>0?[1-9]|1[0-2])"
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NAME = rf"(?<![^\W\d_])(?P<name>{_NAMES})(?![^\W\d_])\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_GAP = r"[\s,/_–-]{0,3}"
_ORDINAL = rf"(?P<ordinal>{'|'.join(_ORDINALS)})"

_DATES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"{_YEAR}[-/.](?P<m>0[1-9]|1[0-2])(?!\d)",
        rf"{_YEAR}[-/](?P<m>[1-9])(?!\d)",
        rf"(?<![\d.]){_DAY}\.\s?{_NUMBER}\.\s?(?:{_LOOSE_YEAR}|{_SHORT})",
        rf"(?<![\d/-])(?P<a>\d\d?)(?P<sep>[/-])(?P<b>\d\d?)(?P=sep){_LOOSE_YEAR}",
        rf"(?<![\d/.-]){_NUMBER}[/.-]{_LOOSE_YEAR}",
        rf"{_NAME}\s*(?:–|—|-|to|until|through|bis)\s*(?P<end>{_NAMES})(?![^\W\d_])\.?{_GAP}{_LOOSE_YEAR}",
        rf"{_NAME}{_GAP}(?:of\s+)?{_LOOSE_YEAR}",
        rf"{_NAME}\s?['’]\s?{_SHORT}",
        rf"{_NAME}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_LOOSE_YEAR}",
        rf"{_YEAR}{_GAP}{_NAME}",
        rf"\bQ(?P<q>[1-4])(?:\s+of|\s*FY)?{_GAP}{_LOOSE_YEAR}",
        rf"\bQ(?P<q>[1-4])[\s/-]?['’]?(?:FY\s?)?{_SHORT}",
        rf"(?:FY\s?)?{_YEAR}{_GAP}Q(?P<q>[1-4])(?!\d)",
        rf"\bFY\s?['’]?(?P<yy>\d\d){_GAP}Q(?P<q>[1-4])(?!\d)",
        rf"\b{_ORDINAL}\s+quarter(?:\s+of)?,?\s+(?:FY\s?)?{_LOOSE_YEAR}",
        rf"(?<!\d)(?P<q>[1-4])\.\s?Quartal\s+{_LOOSE_YEAR}",
        rf"\bH(?P<h>[12]){_GAP}{_LOOSE_YEAR}",
        rf"{_YEAR}{_GAP}H(?P<h>[12])(?!\d)",
        rf"\b(?P<half>first|second)\s+half(?:\s+of)?,?\s+{_LOOSE_YEAR}",
        rf"{_YEAR}-?W(?P<w>\d\d)(?!\d)",
        rf"\b(?:week|KW|CW)\s?(?P<w>\d\d?){_GAP}{_LOOSE_YEAR}",
    )
)
_COMPACT = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?(?!\d)",
        r"(?<!\d)(?P<y>20\d\d) (?P<m>0[1-9]|1[0-2])(?!\d)",
        r"(?<!\d)(?P<m>0[1-9]|1[0-2]) (?P<y>20\d\d)(?!\d)",
    )
)
_WHOLE_YEAR = re.compile(
    rf"(?:\bFY\s?|\b(?:fiscal|financial|calendar)\s+year\s+|\bannual\b[^\n\d]{{0,30}}|\byear(?:\s+ended)?\s+)"
    rf"(?:{_LOOSE_YEAR}|['’]?{_SHORT})|{_YEAR.replace('?P<y>', '?P<y2>')}\s+annual\b",
    re.I,
)
_DOCUMENT_NUMBER = re.compile(r"\b[A-Z]{2,5}[-/#]\d[\d/-]*\b")
_CAMEL = re.compile(r"(?<=[a-zäöü])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[A-Z][a-z])")


def period_in(text: str) -> str:
    """The first month (`YYYY-MM`) that the text names, of a quarter or half year its first; or nothing."""
    return _earliest(_DOCUMENT_NUMBER.sub(" ", text), _DATES) or _year(text)


def period_in_name(name: str) -> str:
    """The month that a file's name (with its folders, if they matter) tells, or nothing."""
    plain = name.replace("_", " ")
    apart = _CAMEL.sub(" ", plain)
    for spelling in (plain, apart):
        if found := _earliest(spelling, (*_DATES, *_COMPACT)):
            return found
    return _year(apart)


def dates_in(text: str) -> str:
    """The first exact day in ISO form, or nothing."""
    for found in re.finditer(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)", text):
        if day := _day(found[1], found[2], found[3]):
            return day
    for found in re.finditer(r"(?<![\d.])(\d\d?)\.\s?(\d\d?)\.\s?(20\d\d)(?!\d)", text):
        if day := _day(found[3], found[2], found[1]):
            return day
    return _named_day(text)


def month_number(name: str) -> int:
    """1 to 12 for a month's name or its short form, else 0."""
    return _MONTHS.get(name.casefold().rstrip("."), 0)


def _named_day(text: str) -> str:
    patterns = (
        rf"(?<!\d)(?P<day>{_DAY})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{_NAME},?\s+{_LOOSE_YEAR}",
        rf"{_NAME}\s+(?P<day>{_DAY})(?:st|nd|rd|th)?,?\s+{_LOOSE_YEAR}",
    )
    found = [match for pattern in patterns for match in re.finditer(pattern, text, re.I)]
    days = (_day(m["y"], str(month_number(m["name"])), m["day"]) for m in sorted(found, key=re.Match.start))
    return next((day for day in days if day), "")


def _day(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _earliest(text: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    found = ((match.start(), -match.end(), match) for pattern in patterns for match in pattern.finditer(text))
    for _, _, match in sorted(found, key=lambda each: each[:2]):
        if month := next(_readings(match), 0):
            return f"{_year_of(match, month):04d}-{month:02d}"
    return ""


def _year(text: str) -> str:
    found = _WHOLE_YEAR.search(text)
    if found is None:
        return ""
    return f"{found['y'] or found['y2'] or '20' + found['yy']}-01"


def _readings(match: re.Match[str]) -> Iterator[int]:
    """The month by whichever part of a date this match has."""
    said = {name: value for name, value in match.groupdict().items() if value}
    if "m" in said:
        yield int(said["m"])
    if "name" in said:
        yield month_number(said["name"])
    if "q" in said or "ordinal" in said:
        yield 3 * (int(said.get("q", 0)) or _ORDINALS[said["ordinal"].casefold()]) - 2
    if "h" in said or "half" in said:
        yield 1 if said.get("h", said.get("half", "")).casefold() in ("1", "first") else 7
    if "w" in said and 1 <= int(said["w"]) <= 52:
        yield date.fromisocalendar(int(said["y"]), int(said["w"]), 4).month
    if "a" in said:
        yield _month_of_two(int(said["a"]), int(said["b"]))


def _month_of_two(first: int, second: int) -> int:
    """Of `31/12` and `12/31` the month is plain; of `03/04` it is not, and nothing is guessed."""
    if first == second or (first > 12 >= second):
        return second if second <= 12 else 0
    return first if second > 12 >= first else 0


def _year_of(match: re.Match[str], month: int) -> int:
    said = match.groupdict()
    year = int(said["y"] or 0) if "y" in said else 0
    year = year or 2000 + int(said["yy"])
    return year - 1 if said.get("end") and month_number(said["end"]) < month else year
