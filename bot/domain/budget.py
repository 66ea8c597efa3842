"""How much work may be done before a person is asked: turns, tokens, money and minutes of work."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

NEARLY = 0.8
"""From this part of a budget on, people are told once."""

MILLION = 1_000_000


class Scope(StrEnum):
    """Whose budget it is. All but a task's own are shared by many tasks, and begin anew each day (UTC)."""

    TASK = "task"
    PERSON = "person"
    CHANNEL = "channel"
    WORKSPACE = "workspace"


@dataclass(frozen=True, kw_only=True)
class Used:
    """Amounts in whole units: `charge` in millionths of a US dollar, `worked` in milliseconds."""

    turns: int = 0
    tokens: int = 0
    charge: int = 0
    worked: int = 0

    def __neg__(self) -> Used:
        return Used(**{one.name: -getattr(self, one.name) for one in fields(self)})

    def __add__(self, other: Used) -> Used:
        return Used(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)})


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The most of each, in the units of `Used`; None is no limit."""

    turns: int | None = None
    tokens: int | None = None
    charge: int | None = None
    worked: int | None = None

    @property
    def is_none(self) -> bool:
        return self == Budget()

    @property
    def words(self) -> list[str]:
        """Each limit for people: "200 turns", "$5.00"."""
        return [_WORDS[name](most) for name, most in self._limits()]

    def reached(self, used: Used) -> str:
        """The first measure of which nothing is left, in words for people ("200 turns"); "" while all last."""
        return next((_WORDS[name](most) for name, most in self._limits() if getattr(used, name) >= most), "")

    def nearly(self, used: Used) -> str:
        """What is nearly used up ("162 of 200 turns"), "" for nothing."""
        close = ((name, most) for name, most in self._limits() if getattr(used, name) >= NEARLY * most)
        return next((_part(name, getattr(used, name), most) for name, most in close), "")

    def more(self, used: Used) -> Budget:
        """As much again, from what is used by now."""
        return Budget(**{name: getattr(used, name) + most for name, most in self._limits()})

    def least(self, other: Budget) -> Budget:
        """Of each measure the smaller one."""
        limits = [*self._limits(), *other._limits()]
        return Budget(**{name: min(most for one, most in limits if one == name) for name, _ in limits})

    def times(self, factor: int) -> Budget:
        return Budget(**{name: most * factor for name, most in self._limits()})

    def _limits(self) -> list[tuple[str, int]]:
        named = ((one.name, getattr(self, one.name)) for one in fields(self))
        return [(name, most) for name, most in named if most is not None]


@dataclass(frozen=True, kw_only=True)
class SpentOut:
    """Why nothing more is asked of the model. `key` names a shared budget, "" is the task's own.

    `again_at` is when it is looked at again by itself; `is_held` by others' calls that are on their way.
    `is_stuck`: no budget is used up, but it gets nowhere.
    """

    why: str
    key: str = ""
    again_at: datetime | None = None
    is_held: bool = False
    is_stuck: bool = False


@dataclass(frozen=True, kw_only=True)
class Budgets:
    """`task` is what one task gets, and gets again when somebody allows more; the others are for one day.

    `stuck` is after how many turns without anything new it stops; 0 is never.
    """

    task: Budget = Budget()
    person: Budget = Budget()
    channel: Budget = Budget()
    workspace: Budget = Budget()
    stuck: int = 0

    @property
    def shared(self) -> dict[Scope, Budget]:
        """Those that are set."""
        every = {
            Scope.PERSON: self.person,
            Scope.CHANNEL: self.channel,
            Scope.WORKSPACE: self.workspace,
        }
        return {scope: budget for scope, budget in every.items() if not budget.is_none}


def parsed(text: str) -> Budget:
    """ "turns=200 dollars=5 minutes=120 tokens=5000000" in any order; what is 0 or left out has no limit.

    "0" by itself is no budget at all.
    """
    found: dict[str, int] = {}
    for part in text.replace(",", " ").split():
        if part == "0":
            continue
        name, _, amount = part.partition("=")
        if name not in _SETTINGS:
            raise ValueError(
                f"{part!r} is no budget: write turns=, tokens=, dollars= or minutes= and a number"
            )
        field, factor = _SETTINGS[name]
        found[field] = _amount(part, amount, factor)
    return Budget(**{name: most for name, most in found.items() if most})


def _amount(part: str, amount: str, factor: int) -> int:
    try:
        number = float(amount)
    except ValueError:
        number = -1.0
    if not 0 <= number < MILLION * MILLION:
        raise ValueError(f"{part!r}: the amount is to be a number from 0 on")
    return round(number * factor)


def _part(name: str, used: int, most: int) -> str:
    """Without the unit said twice: "$4.10 of $5.00", "162 of 200 turns"."""
    said = _WORDS[name](used)
    return f"{said if name == 'charge' else said.split(' ')[0]} of {_WORDS[name](most)}"


def _dollars(charge: int) -> str:
    return f"${charge / MILLION:,.2f}"


def _minutes(worked: int) -> str:
    return f"{worked / 60_000:,.0f} minutes of work"


_WORDS = {
    "turns": lambda most: f"{most:,} turns",
    "tokens": lambda most: f"{most:,} tokens",
    "charge": _dollars,
    "worked": _minutes,
}
_SETTINGS = {
    "turns": ("turns", 1),
    "tokens": ("tokens", 1),
    "dollars": ("charge", MILLION),
    "minutes": ("worked", 60_000),
}
