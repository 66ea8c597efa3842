"""Who steers a task besides its owner, and who did."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.person import Person


@dataclass(frozen=True, kw_only=True)
class Crew:
    """`before` are earlier owners and helpers. `offered_to` was asked to take the task over, in the message `offer`."""

    helpers: tuple[Person, ...] = ()
    before: tuple[Person, ...] = ()
    offered_to: Person | None = None
    offer: str = ""

    def helps(self, person: Person) -> bool:
        return any(person.is_same(helper) for helper in self.helpers)
