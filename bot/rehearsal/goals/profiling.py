"""Profile a data file: find it, look through all its rows, ask what makes three charts of it, write the report."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from bot.rehearsal.answer import Answer
from bot.rehearsal.goals import profiled, results, tables
from bot.rehearsal.goals.folderscan import tree_of
from bot.rehearsal.goals.moves import READS_A_TURN, Call, Plan, end, gave_up, missing_tools, work
from bot.rehearsal.goals.questions import questions, standing_out
from bot.rehearsal.goals.tables import Profile
from bot.rehearsal.goals.transcript import Step, Transcript
from bot.rehearsal.goals.words import key, listed, tokens

_NEEDED = ("list_folder", "profile_data", "query_data", "make_document")
_DATA = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xls", ".ods")
_TITLES = (
    "Find the file",
    "Profile every column",
    "Ask for three charts",
    "Write the report",
    "Hand it over",
)
_FORMATS = {"pdf": r"\bpdf\b", "html": r"\bhtml\b|\bweb\s+page\b"}


def profile(story: Transcript) -> Answer:
    """The next answer to `Profile the sales.csv file`."""
    if missing := missing_tools(story, _NEEDED):
        return end(story, f"I cannot profile a file here: I am not offered {', '.join(missing)}.")
    if not story.grants:
        return end(story, "No folder was granted to me, so there is no file I could profile.")
    trees = [tree_of(story, grant.path) for grant in story.grants]
    if wanted := [call for tree in trees for call in tree.next]:
        return work(story, _plan(0), *wanted[:READS_A_TURN], say="I look for the file first.")
    files = [one.path for tree in trees for one in tree.files if one.path.casefold().endswith(_DATA)]
    found = _meant(story.goal, files)
    if len(found) != 1:
        return _unclear(story, found or files)
    return _of_file(story, found[0])


def _of_file(story: Transcript, path: str) -> Answer:
    step = story.last("profile_data")
    if step is None:
        return work(story, _plan(1), ("profile_data", {"path": path}))
    if _failed(step):
        return gave_up(story, _plan(1), f"`{path}` could not be profiled: {step.result.strip()}")
    found = max(tables.profiles(step.result), key=lambda one: one.rows, default=None)
    if found is None or not found.rows:
        return gave_up(story, _plan(1), f"`{path}` has no rows: there is nothing to profile.")
    if wanted := _to_ask(story, path, found):
        return work(story, _plan(2), *wanted)
    return _written(story, path, found)


def _to_ask(story: Transcript, path: str, found: Profile) -> list[Call]:
    asked = {step.given.get("sql") for step in story.steps("query_data")}
    wanted = [one.sql for one in questions(found) if one.sql]
    wanted += [one.sql for one in standing_out(found)]
    return [("query_data", {"sql": sql, "files": [path]}) for sql in wanted if sql not in asked]


def _written(story: Transcript, path: str, found: Profile) -> Answer:
    name, form = PurePosixPath(path).name, _format(story.goal)
    target = f"{PurePosixPath(path).stem}-profile.{form}"
    made, delivered = story.last("make_document"), story.last("deliver")
    if made is None:
        given = {"path": target, "format": form, "content": _content(story, name, found)}
        return work(story, _plan(3), ("make_document", given))
    if _failed(made):
        return gave_up(story, _plan(3), f"The report was not made: {made.result.strip()}")
    if delivered is None and "deliver" in story.tools:
        return work(story, _plan(4), ("deliver", {"path": target, "title": f"Profile of {name}"}))
    late = (
        f"\nIt could not be posted here: {delivered.result.strip()}"
        if delivered and _failed(delivered)
        else ""
    )
    return end(story, profiled.outcome(name, target, found) + late, _plan(5))


def _content(story: Transcript, name: str, found: Profile) -> object:
    """Of what was answered; a question that was not is left out."""
    answers = {
        step.given.get("sql"): tables.rows(step.result)
        for step in story.steps("query_data")
        if not step.failed
    }
    asked = [(one, answers.get(one.sql, [])) for one in questions(found) if not one.sql or one.sql in answers]
    extremes = [(one, answers[one.sql]) for one in standing_out(found) if one.sql in answers]
    return profiled.content(name, found, asked, extremes)


def _meant(goal: str, files: list[str]) -> list[str]:
    """Those whose name the goal says; else whose name without its ending; else the only one there is."""
    named = [path for path in files if key(PurePosixPath(path).name) in key(goal)]
    said = set(tokens(goal))
    alike = [path for path in files if set(tokens(PurePosixPath(path).stem)) <= said]
    return named or alike or (files if len(files) == 1 else [])


def _unclear(story: Transcript, files: list[str]) -> Answer:
    names = [f"`{path}`" for path in files]
    if not files:
        return gave_up(story, _plan(0), f"I found no file of data that I can read ({', '.join(_DATA)}).")
    words = (
        f"I cannot tell which file you mean: there is {listed(names, 'and')}. Say its name, with its folder."
    )
    return gave_up(story, _plan(0), words)


def _format(goal: str) -> str:
    return next((form for form, words in _FORMATS.items() if re.search(words, goal, re.I)), "docx")


def _failed(step: Step) -> bool:
    return step.failed or results.not_run(step.result)


def _plan(at: int) -> Plan:
    return Plan(titles=_TITLES, at=at)
