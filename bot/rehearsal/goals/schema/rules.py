"""All rules held against a database: what they find, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rehearsal.goals.schema import columns, evidence, forms, indexes, keys
from bot.rehearsal.goals.schema.catalogue import Fact
from bot.rehearsal.goals.schema.finding import Finding, Rule, Severity
from bot.rehearsal.goals.schema.tables import Database

_GRAVITY = list(Severity)
_ORDER = list(Rule)


def reviewed(database: Database, facts: Sequence[Fact] = ()) -> list[Finding]:
    found = [
        *keys.findings(database),
        *columns.findings(database),
        *forms.findings(database),
        *evidence.findings(database, facts),
        *indexes.findings(database),
    ]
    return sorted(found, key=lambda one: (_GRAVITY.index(one.severity), _ORDER.index(one.rule), one.where))
