"""What a person made of the arguments of a call before it was approved: what the model asked stays beside what runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain import difference
from bot.domain.call import canonical

NOT_GIVEN = "(not given)"
_LINE = 120


@dataclass(frozen=True, kw_only=True)
class Change:
    """One argument, before and after, as text."""

    argument: str
    was: str
    now: str

    @property
    def told(self) -> str:
        """On one line where both are short; line by line otherwise."""
        is_line = "\n" not in self.was + self.now
        if is_line and len(self.was) + len(self.now) <= _LINE:
            return f"{self.argument}: {self.was} → {self.now}"
        if is_line:
            found = [f"-{self.was}", f"+{self.now}"]
        else:
            found = difference.rows(self.was, self.now) or ["only how its lines end"]
        return "\n".join([f"{self.argument}:", *difference.shown(found)])


@dataclass(frozen=True, kw_only=True)
class Revision:
    """`was` is what the model asked, `now` what runs instead; `by` is the name of who changed it last, `editors` are
    the user ids of all who did.

    `number` is that of an action of a checkpoint (from 1), 0 the call itself.
    """

    was: Mapping[str, Any]
    now: Mapping[str, Any]
    by: str
    number: int = 0
    editors: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """In the order in which the arguments were asked; those that were added come last."""
        names = dict.fromkeys((*self.was, *self.now))
        found = (
            Change(argument=name, was=_text(self.was, name), now=_text(self.now, name)) for name in names
        )
        return tuple(change for change in found if change.was != change.now)

    @property
    def told(self) -> str:
        return "\n".join(change.told for change in self.changes)


def put(revisions: Iterable[Revision], new: Revision) -> tuple[Revision, ...]:
    """With the new one in place of an older one of the same action; without it where all is as the model asked."""
    others = [one for one in revisions if one.number != new.number]
    return tuple(sorted([*others, *([new] if new.changes else [])], key=lambda one: one.number))


def _text(given: Mapping[str, Any], name: str) -> str:
    if name not in given:
        return NOT_GIVEN
    value = given[name]
    return value if isinstance(value, str) else canonical(value)
