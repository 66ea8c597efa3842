"""Whether somebody is done with the set-up, or wants no more of it."""

from __future__ import annotations

from bot.domain.person import Person
from bot.store import preferences
from bot.store.database import Database

BEGUN = "begun"


class Welcome:
    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, person: Person) -> None:
        with self._database.write("welcome.begin") as session:
            preferences.choose(session, person, BEGUN, "yes")

    def has_begun(self, person: Person) -> bool:
        with self._database.read() as session:
            return preferences.of_person(session, person, BEGUN) is not None
