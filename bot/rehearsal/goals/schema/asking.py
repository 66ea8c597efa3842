"""The tool that runs SQL, wherever it comes from, and what it was asked in this task."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.answer import Answer
from bot.rehearsal.goals import results
from bot.rehearsal.goals.moves import Call, Plan, end, work
from bot.rehearsal.goals.services import called, calling
from bot.rehearsal.goals.transcript import Step, Transcript
from bot.rehearsal.goals.words import says

_QUERY = "run an SQL query on a database"
_FOUND = re.compile(r"^(?P<name>[\w-]+__[\w-]+): .*?^arguments: (?P<schema>\{.*\})$", re.M | re.S)
_NAMED = re.compile(r"(?:^|_)(?:sql|query|queries)(?:_|$)", re.I)
_USUAL = frozenset({"execute", "run", "read", "sql", "query", "queries", "only"})
_ARGUMENTS = ("sql", "query", "statement", "sql_query")
_HARMLESS = frozenset({"params", "parameters", "limit", "max_rows", "timeout", "database", "source"})

ABSENT = (
    "I have no database to look at: none of my tools runs SQL. Connect one, and say the goal again:\n"
    "- in Slack: my *Home* tab, *Connectors*, *Add a connector* (an admin does this);\n"
    "- or at the command line, with a server such as dbhub and a role that may only read:\n"
    "`cowork secrets set SHOP_DSN`, then `cowork connectors add shop --network --env DSN='${SHOP_DSN}' --stdio -- "
    "/path/to/dbhub --transport stdio`, then `cowork connectors set shop execute_sql --effect read --permission on`.\n"
    "Nothing was done."
)


@dataclass(frozen=True, kw_only=True)
class SqlTool:
    """`argument` takes the SQL."""

    name: str
    argument: str

    @property
    def title(self) -> str:
        """Which database it is about: the connector's name, and what its own adds to that."""
        source, _, own = self.name.partition("__")
        return " ".join([source, *(word for word in own.split("_") if word.lower() not in _USUAL)])

    def call(self, story: Transcript, sql: str) -> Call:
        return calling(story, self.name, {self.argument: sql})

    def asked(self, story: Transcript) -> Mapping[str, Step]:
        """What came of each SQL that it ran for this goal; of one that ran twice the last."""
        return {str(step.given.get(self.argument, "")): step for step in called(story, self.name)}


def tool(story: Transcript, plan: Plan) -> SqlTool | Answer:
    """The one to ask, or what finds it out."""
    there = _tools(story)
    asked = story.last("ask_person")
    meant = _meant(there, story.goal) or (_meant(there, results.answer(asked.result)) if asked else [])
    if len(meant or there) == 1:
        return (meant or there)[0]
    if not there:
        return _looked_for(story, plan)
    titles = sorted(one.title for one in there)
    question = f"Which database do you mean: {', '.join(titles)}?"
    if asked is None and "ask_person" in story.tools:
        return work(story, plan, ("ask_person", {"question": question, "options": titles}))
    return end(story, f"{question} Say the goal again with its name. Nothing was done.")


def _meant(there: list[SqlTool], words: str) -> list[SqlTool]:
    """Those whose names these words say best."""
    said = [sum(says(words, word) for word in one.title.split()) for one in there]
    best = max(said, default=0)
    return [one for one, score in zip(there, said, strict=True) if best and score == best]


def _tools(story: Transcript) -> list[SqlTool]:
    offered: dict[str, frozenset[str]] = {name: given for name, given in story.tools.items() if "__" in name}
    for step in story.steps("find_actions"):
        for found in _FOUND.finditer(step.result):
            offered[found["name"]] = _arguments(found["schema"])
    return [one for name, given in offered.items() if (one := _sql_tool(name, given))]


def _sql_tool(name: str, arguments: frozenset[str]) -> SqlTool | None:
    own = next((one for one in _ARGUMENTS if one in arguments), "")
    fits = own and _NAMED.search(name.partition("__")[2]) and arguments - {own} <= _HARMLESS
    return SqlTool(name=name, argument=own) if fits else None


def _arguments(schema: str) -> frozenset[str]:
    try:
        described: dict[str, Any] = json.loads(schema)
    except ValueError:
        return frozenset()
    return frozenset(described.get("properties", ()))


def _looked_for(story: Transcript, plan: Plan) -> Answer:
    if "find_actions" in story.tools and not story.steps("find_actions"):
        return work(story, plan, ("find_actions", {"query": _QUERY}))
    return end(story, ABSENT)
