"""The order in which a schema is mended: what blocks nobody first, what changes programs last."""

from __future__ import annotations

from dataclasses import dataclass

from bot.rehearsal.goals.schema.finding import Rule


@dataclass(frozen=True, kw_only=True)
class Step:
    title: str
    why: str
    risk: str
    locks: str
    rules: frozenset[Rule]


STEPS = (
    Step(
        title="indexes",
        why="The quickest gain, and nothing that reads or writes has to change.",
        risk="low: an index that was built can be dropped, and one that was dropped built again.",
        locks="none with CONCURRENTLY, which cannot run inside a transaction.",
        rules=frozenset({Rule.LINK_WITHOUT_INDEX, Rule.SAME_INDEX, Rule.COVERED_INDEX, Rule.BROKEN_INDEX}),
    ),
    Step(
        title="primary keys",
        why="Foreign keys, replication and every later step need to name a row.",
        risk="medium: rows that are there twice stop it, and have to be mended before.",
        locks="the table, against reading and writing, while the key is built. To keep that short build a unique index "
        "CONCURRENTLY first, then ADD PRIMARY KEY USING INDEX.",
        rules=frozenset({Rule.NO_PRIMARY_KEY}),
    ),
    Step(
        title="references",
        why="From here on nothing new can point at nothing.",
        risk="medium: programs that wrote such rows now get an error, and should.",
        locks="an instant for NOT VALID; VALIDATE lets everybody read and write on.",
        rules=frozenset({Rule.NO_FOREIGN_KEY, Rule.NOT_VALIDATED}),
    ),
    Step(
        title="constraints on columns",
        why="The database keeps what programs promise.",
        risk="low to medium: look at the rows first, with the SQL beside each finding.",
        locks="an instant each, when done in the order that is written there.",
        rules=frozenset({Rule.NOT_UNIQUE, Rule.NO_CHECK, Rule.NULLABLE}),
    ),
    Step(
        title="types",
        why="Sums, order and time zones come out right.",
        risk="medium: programs may read the old type.",
        locks="the table while it is rewritten. On a large one add a column, fill it in steps, and change over.",
        rules=frozenset({Rule.WRONG_TYPE}),
    ),
    Step(
        title="normal forms",
        why="One fact in one place. The most work, so one table at a time, each by itself: add the new shape, write "
        "both, fill, read the new one, drop the old one.",
        risk="high: whatever reads or writes these tables changes.",
        locks="short ones, when old columns are dropped in a release of their own.",
        rules=frozenset(
            {
                Rule.COPIED,
                Rule.GROUP,
                Rule.NUMBERED,
                Rule.LISTED,
                Rule.POLYMORPHIC,
                Rule.FIXED_JSON,
                Rule.DERIVED,
                Rule.DEPENDENT,
            }
        ),
    ),
    Step(
        title="indexes that nobody used",
        why="Each write pays for them. Look for a whole month, and on the replicas, before one goes.",
        risk="low: it can be built again.",
        locks="none with CONCURRENTLY.",
        rules=frozenset({Rule.UNUSED_INDEX}),
    ),
)
