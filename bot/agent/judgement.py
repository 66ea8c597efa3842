"""What comes of weighing a call, and what it is weighed against."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.approval import Draft
from bot.domain.brief import Brief
from bot.domain.grant import Grants
from bot.domain.label import Source
from bot.domain.task import Autonomy
from bot.domain.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Invalid:
    """The call cannot be made at all: no such tool, wrong arguments. `sources` are where `why` is from, if not ours."""

    why: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unclear:
    """The call was interrupted, and the world does not tell whether it happened."""

    why: str


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A checkpoint a person said yes to: its batch is to be run."""


Judgement = Verdict | Draft | Prepared | Invalid


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What policy weighs a call against."""

    brief: Brief
    grants: Grants
    autonomy: Autonomy
