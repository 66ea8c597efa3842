"""Which files of a draft a phrase means: a name, a folder, a department, a type, `*.pdf`, or several of them."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from bot.rehearsal.goals.draft import Draft, Placement
from bot.rehearsal.goals.proposal import UNSORTED
from bot.rehearsal.goals.subjects import department_called, type_called
from bot.rehearsal.goals.words import bare, key

_AND = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*")
_LABEL = re.compile(r"^(?:all\s+)?(?:the\s+|my\s+|our\s+)?(?:files?\s+(?:in|of|from)\s+)?(?:the\s+)?|"
                    r"(?:\s+(?:files?|folder|department|documents?|team|directory))+$", re.I)  # fmt: skip
_ENDING = re.compile(r"^\.?(?P<ending>[a-z0-9]{2,5}?)s?$")


def chosen(draft: Draft, phrase: str) -> list[Placement]:
    """The placements that the phrase means; empty when any part of it means nothing here."""
    whole = _meant(draft, phrase)
    parts = [] if whole else [_meant(draft, part) for part in _AND.split(phrase)]
    return whole if whole or not all(parts) else [each for part in parts for each in part]


def _meant(draft: Draft, phrase: str) -> list[Placement]:
    name = bare(_LABEL.sub("", bare(phrase)))
    if not name:
        return []
    for means in (
        _is_file,
        _is_pattern,
        _is_department,
        _is_folder,
        _is_unsorted,
        _is_both,
        _is_type,
        _is_ending,
    ):
        if found := [each for each in draft.placements if means(each, name)]:
            return found
    return []


def _is_file(each: Placement, name: str) -> bool:
    inside = PurePosixPath(each.filing.inside)
    return key(name) in (key(str(inside)), key(inside.name), key(inside.stem), key(each.filing.path))


def _is_pattern(each: Placement, name: str) -> bool:
    return "*" in name and fnmatchcase(key(each.filing.name), key(name))


def _is_department(each: Placement, name: str) -> bool:
    return bool(each.department) and key(each.department) in (key(name), key(department_called(name)))


def _is_folder(each: Placement, name: str) -> bool:
    folder = key(each.filing.folder)
    plain = key(name).strip("/")
    return folder == plain or folder.startswith(plain + "/")


def _is_unsorted(each: Placement, name: str) -> bool:
    unknown = not (each.department and each.type and each.period)
    return unknown and key(name) in (key(UNSORTED), "unsorted ones", "rest", "others")


def _is_both(each: Placement, name: str) -> bool:
    """`Finance invoices`: a department's documents of one type."""
    department, _, kind = name.rpartition(" ")
    return bool(department) and _is_department(each, department) and _is_type(each, kind)


def _is_type(each: Placement, name: str) -> bool:
    plain = key(name)
    if each.type and plain in (key(each.type), key(each.type) + "s"):
        return True
    called = type_called(name, known=True) if len(name.split()) == 1 else ""
    return bool(called) and key(called) == key(each.type)


def _is_ending(each: Placement, name: str) -> bool:
    found = _ENDING.match(key(name))
    suffix = key(PurePosixPath(each.filing.name).suffix)
    return bool(found and suffix) and suffix in (
        f".{key(name).strip('.')}",
        f".{found['ending'] if found else ''}",
    )
