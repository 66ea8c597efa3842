"""What the requester's own words fix. Drawn up from those words alone; nothing else can change it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.effect import Effect


class Deed(StrEnum):
    """Which accesses a boundary means: all with its effects, moves alone ("do not rename"), or all but moves."""

    ANY = "any"
    MOVING = "moving"
    MAKING = "making"


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """A thing the requester forbade: `effects` on resources whose name or item contains `where` ("" = anywhere).

    `only` turns it round ("only the payments repo"): allowed where one of these is a whole part of the name
    or item, and in what the task made itself; forbidden everywhere else.
    """

    effects: frozenset[Effect]
    quote: str
    where: str = ""
    only: frozenset[str] = frozenset()
    deed: Deed = Deed.ANY


@dataclass(frozen=True, kw_only=True)
class CheckIn:
    """A thing to be asked about first ("ask me before you delete anything"); without effects the model alone knows."""

    quote: str
    effects: frozenset[Effect] = frozenset()
    where: str = ""
    deed: Deed = Deed.ANY


class Format(StrEnum):
    """What a deliverable can be asked to be, by the ending of its file."""

    MARKDOWN = "md"
    WORD = "docx"
    EXCEL = "xlsx"
    SLIDES = "pptx"
    PDF = "pdf"
    HTML = "html"
    CSV = "csv"
    JSON = "json"
    TEXT = "txt"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A file the requester asked for; `name` where they named it."""

    format: Format
    quote: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Lift:
    """Words that plainly allow again what was forbidden: `effects` in `where` ("" = what was forbidden anywhere).

    `is_partial`: they allow some of it ("the duplicates"), and no rule can tell which: it is asked about.
    """

    effects: frozenset[Effect]
    quote: str
    where: str = ""
    deed: Deed = Deed.ANY
    is_partial: bool = False


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was found in some words of the requester. `unclear` sounds like a limit, and no code can hold it."""

    boundaries: tuple[Boundary, ...] = ()
    plan_first: str = ""
    check_ins: tuple[CheckIn, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    named: frozenset[str] = frozenset()
    recipients: tuple[str, ...] = ()
    lifts: tuple[Lift, ...] = ()
    drops_plan: str = ""
    unclear: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """What later words of the requester changed, in their own words."""

    said: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Brief:
    """`named` are the places and addresses the requester spoke of: path prefixes, services, items, hosts.

    `missing` is what was asked for and not found at the end, `doubts` what is wrong with what was made; `sent_back` is
    the round in which the model was told.
    """

    boundaries: tuple[Boundary, ...] = ()
    plan_first: bool = False
    plan_approved: bool = False
    named: frozenset[str] = frozenset()
    check_ins: tuple[CheckIn, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    recipients: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    missing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    sent_back: int = 0
