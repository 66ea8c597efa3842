"""Review a database schema: read the catalogs, hold the rules against them, hand over the plan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.rehearsal.answer import Answer
from bot.rehearsal.goals import results
from bot.rehearsal.goals.moves import Plan, end, gave_up, work
from bot.rehearsal.goals.schema import catalogue, evidence, rules
from bot.rehearsal.goals.schema.asking import SqlTool, tool
from bot.rehearsal.goals.schema.catalogue import Fact, Facts
from bot.rehearsal.goals.schema.finding import Finding
from bot.rehearsal.goals.schema.report import Looked, brief, report, summary
from bot.rehearsal.goals.schema.tables import Database
from bot.rehearsal.goals.transcript import Step, Transcript
from bot.rehearsal.goals.words import counted, listed

_TITLES = ("Read what the database says of itself", "Hold the rules against it", "Write and deliver {file}")
_FILE = re.compile(r"[\w./-]*\w\.md\b", re.I)
_NO_FILE = re.compile(r"\b(?:do\s+not|don['’]?t|never|without|no)\b[^.;]*\b(?:files?|documents?)\b", re.I)
_QUOTED_SCHEMA = re.compile(r"\b(?:only\s+(?:the\s+)?)?schema\s+[`\"'“](?P<name>[\w$]+)[`\"'”]", re.I)
_MOST_TOLD = 40


@dataclass(frozen=True, kw_only=True)
class Read:
    """All rows of a query that were given; `missing` of them were not."""

    rows: tuple[Fact, ...]
    missing: int = 0


def review(story: Transcript) -> Answer:
    """The next answer to `Review the database schema …`."""
    sql = tool(story, _plan(story))
    if isinstance(sql, Answer):
        return sql
    asked = sql.asked(story)
    if (version := asked.get(catalogue.VERSION)) is None:
        say = f"I look at the database through `{sql.name}`, by reading alone."
        return work(story, _plan(story), sql.call(story, catalogue.VERSION), say=say)
    known = catalogue.facts(version.result).rows
    if not known or "PostgreSQL" not in str(known[0][0]):
        return gave_up(story, _plan(story), _not_known(version, known))
    told = {query: _read(asked, query) for query in catalogue.ALL}
    if wanted := [call for one in told.values() if isinstance(one, list) for call in one]:
        return work(story, _plan(story), *(sql.call(story, each) for each in wanted))
    if problem := next((one for one in told.values() if isinstance(one, str)), ""):
        return gave_up(story, _plan(story), f"I could not read the catalogs: {problem}")
    rows = {query: one for query, one in told.items() if isinstance(one, Read)}
    database = catalogue.database(known[0][0], {query: one.rows for query, one in rows.items()})
    missing = sum(one.missing for one in rows.values())
    return _counted(story, sql, str(known[0][1]), database, missing)


def _counted(story: Transcript, sql: SqlTool, name: str, database: Database, missing: int) -> Answer:
    schemas, problem = _schemas(story, database)
    if problem:
        return gave_up(story, _plan(story), problem)
    asked = sql.asked(story)
    questions = evidence.questions(database)
    if open_ := [one for one in questions if one not in asked]:
        return work(story, _plan(story, 1), *(sql.call(story, one) for one in open_))
    answers = [catalogue.facts(asked[one].result) for one in questions]
    found = rules.reviewed(database, [row for one in answers for row in one.rows])
    notes = [
        *([f"{missing:,} rows of the catalogs were not given: the review is not whole."] if missing else []),
        *_uncounted(answers, database),
    ]
    seen = [one for one in database.tables if one.schema in schemas]
    looked = Looked(
        database=name,
        version=" ".join(database.version.split()[:2]),
        schemas=tuple(schemas),
        figures=f"{counted(len(seen), 'table')}, {counted(sum(len(one.columns) for one in seen), 'column')}",
        tool=sql.name,
        today=story.now[:10],
        notes=tuple(notes),
    )
    return _written(story, looked, [one for one in found if one.table.schema in schemas])


def _written(story: Transcript, looked: Looked, found: list[Finding]) -> Answer:
    file = _file(story)
    written, delivered = story.last("write_file"), story.last("deliver")
    if _NO_FILE.search(story.goal) or "write_file" not in story.tools:
        return end(story, _outcome(looked, found, brief(found, _MOST_TOLD)), _plan(story, 3))
    if written is None:
        return work(story, _plan(story, 2), ("write_file", {"path": file, "content": report(looked, found)}))
    if written.failed or results.not_run(written.result):
        said = (
            f"The plan was not written ({written.result.strip()}), so here it is:\n{brief(found, _MOST_TOLD)}"
        )
        return end(story, _outcome(looked, found, said), _plan(story, 2))
    if delivered is None and "deliver" in story.tools:
        return work(
            story, _plan(story, 2), ("deliver", {"path": file, "title": f"Schema review: {looked.database}"})
        )
    told = (
        f"The plan is `{file}`: each finding with the SQL that shows and that mends it, and what comes first."
    )
    return end(story, _outcome(looked, found, f"{summary(found)}\n\n{told}".strip()), _plan(story, 3))


def _outcome(looked: Looked, found: list[Finding], rest: str) -> str:
    number = counted(len(found), "finding") if found else "nothing to mend"
    notes = "".join(f"\n{note}" for note in looked.notes)
    where = f"{looked.database} (schema {listed(looked.schemas)})"
    return f"Done: {looked.figures} of {where}, {number}.\n\n{rest}{notes}"


def _read(asked: Mapping[str, Step], query: str) -> Read | list[str] | str:
    """All that a query has to tell; or the SQL of the next pages; or why it cannot be had."""
    rows: list[Fact] = []
    for _ in range(catalogue.MOST_PAGES):
        sql = catalogue.page(query, len(rows))
        if (step := asked.get(sql)) is None:
            return [sql]
        page: Facts = catalogue.facts(step.result)
        if not page.rows and (step.failed or results.not_run(step.result) or '"fact"' in step.result):
            return step.result.strip()[:400]
        rows += page.rows
        if len(rows) >= page.total or not page.rows:
            return Read(rows=tuple(rows), missing=max(page.total - len(rows), 0))
    return Read(rows=tuple(rows), missing=page.total - len(rows))


def _schemas(story: Transcript, database: Database) -> tuple[list[str], str]:
    """Those that the goal names, or all; or that it names one which is not there."""
    there = sorted({one.schema for one in database.tables})
    named = [
        one
        for one in there
        if re.search(rf"\bschema\s+\W?{re.escape(one)}\b|\b{re.escape(one)}\W?\s+schema\b", story.goal, re.I)
    ]
    quoted = _QUOTED_SCHEMA.search(story.goal)
    if quoted and not named:
        return (
            [],
            f"There is no schema {quoted['name']} with tables that I can see. I see {listed(there) or 'none'}.",
        )
    return named or there, ""


def _uncounted(answers: list[Facts], database: Database) -> list[str]:
    unread = [one.title for one in database.tables if not one.is_readable]
    told = []
    if any(not one.rows for one in answers):
        told.append("Some rows could not be counted: lists in columns and fixed keys in JSON may be missed.")
    if unread:
        told.append(f"The role may not read {listed(unread)}: what only rows tell was not looked for there.")
    return told


def _not_known(version: Step, known: tuple[Fact, ...]) -> str:
    if results.not_run(version.result):
        return f"I did not get to look at the database: {version.result.strip()}"
    said = str(known[0][0]) if known else version.result.strip()[:300]
    return f"My rules for schemas know PostgreSQL alone, and this does not answer like one: {said}"


def _file(story: Transcript) -> str:
    found = _FILE.search(story.goal)
    return found[0] if found else "schema-improvement-plan.md"


def _plan(story: Transcript, at: int = 0) -> Plan:
    last = "Report" if _NO_FILE.search(story.goal) else _TITLES[2].format(file=_file(story))
    return Plan(titles=(*_TITLES[:2], last), at=at)
