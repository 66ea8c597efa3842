"""Where a document belongs: its department, period and type, from its content first, then its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.rehearsal.goals import periods, subjects
from bot.rehearsal.goals.fields import fields_of, head_of, title_of

_PERIOD_FIELDS = (
    "period",
    "reporting period",
    "month",
    "quarter",
    "reporting month",
    "for the month of",
    "zeitraum",
)
_DATE_FIELDS = ("date", "invoice date", "meeting date", "report date", "issued", "issue date", "effective date",
                "effective", "datum", "rechnungsdatum")  # fmt: skip
_DEPARTMENT_FIELDS = ("department", "dept", "business unit", "abteilung")
_TEAM_FIELDS = ("team", "division", "unit", "owner")
_TYPE_FIELDS = ("document type", "doc type", "report type", "dokumenttyp")
_KIND_FIELDS = ("type", "kind", "art")
_BODY = 6000
_CAMEL = re.compile(r"(?<=[a-zäöü])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[A-Za-z])")


@dataclass(frozen=True, kw_only=True)
class Filing:
    """One file and what was found out about it; `problem` says why it could not be read."""

    path: str
    inside: str
    department: str = ""
    period: str = ""
    type: str = ""
    problem: str = ""

    @property
    def name(self) -> str:
        """The file's own name."""
        return PurePosixPath(self.inside).name

    @property
    def folder(self) -> str:
        """The folder it is in, within the organised one; empty at the top."""
        parent = str(PurePosixPath(self.inside).parent)
        return "" if parent == "." else parent


def filed(path: str, inside: str, text: str) -> Filing:
    """What a file's Markdown text and name say of it."""
    fields, title, name = fields_of(text), title_of(text), _words(inside)
    return Filing(
        path=path,
        inside=inside,
        department=_department(fields, title, name, text, inside),
        period=_period(fields, title, text, inside),
        type=_type(fields, title, name, text),
    )


def unread(path: str, inside: str, problem: str) -> Filing:
    """A file that could not be read: only a name that already follows the rules would place it."""
    return Filing(path=path, inside=inside, problem=problem)


def _department(fields: Mapping[str, str], title: list[str], name: str, text: str, inside: str) -> str:
    return (
        subjects.department_in_field(_field(fields, _DEPARTMENT_FIELDS))
        or subjects.department_in_field(_field(fields, _TEAM_FIELDS), known=True)
        or subjects.department_in_title(title)
        or subjects.department_in_name(name)
        or subjects.department_in_text(text[:_BODY])
        or subjects.department_in_name(" ".join(PurePosixPath(inside).parts[:-1]).replace("_", " "))
    )


def _period(fields: Mapping[str, str], title: list[str], text: str, inside: str) -> str:
    return (
        periods.period_in(_field(fields, _PERIOD_FIELDS))
        or periods.period_in("\n".join(title))
        or periods.period_in(_field(fields, _DATE_FIELDS))
        or periods.period_in(head_of(text))
        or periods.period_in_name(PurePosixPath(inside).stem)
        or periods.period_in(text[:_BODY])
        or periods.period_in_name(str(PurePosixPath(inside).with_suffix("")))
    )


def _type(fields: Mapping[str, str], title: list[str], name: str, text: str) -> str:
    return (
        subjects.type_called(_field(fields, _TYPE_FIELDS))
        or subjects.type_called(_field(fields, _KIND_FIELDS), known=True)
        or subjects.type_in_title(title)
        or subjects.type_in_name(name)
        or subjects.type_in_text(text[:_BODY])
    )


def _field(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


def _words(inside: str) -> str:
    """A file's name as words: without its extension, split where people join words."""
    stem = PurePosixPath(inside).stem
    return " ".join(re.split(r"[\s_.,()\[\]-]+", _CAMEL.sub(" ", stem))).strip()
