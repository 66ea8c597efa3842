"""Profile a data file: find it, look through all its rows, ask what makes three charts of it, write the report."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_FILE = re.compile(
    r"[\w-][\w.-]*\.(?:csv|tsv|jsonl?|ndjson|parquet|xlsx?|ods|pdf|docx?|pptx?|txt|md|xml|html?)\b", re.I
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
    every = [one.path for tree in trees for one in tree.files]
    found = _meant(story.goal, every)
    if len(found) == 1 and found[0].casefold().endswith(_DATA):
        return _of_file(story, found[0])
    return _gave_up(story, 0, _unclear(story.goal, found, every))


def _of_file(story: Transcript, path: str) -> Answer:
    step = story.last("profile_data")
    if step is None:
        return work(story, _plan(1), ("profile_data", {"path": path}))
    if _failed(step):
        name = PurePosixPath(path).name
        return _gave_up(story, 1, step.result.strip().replace(path, f"`{name}`"))
    said = step.result.replace(path, PurePosixPath(path).name)
    found = max(tables.profiles(said), key=lambda one: one.rows, default=None)
    if found is None or not found.rows:
        return _gave_up(story, 1, f"`{PurePosixPath(path).name}` has no rows: there is nothing to profile.")
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
        return _gave_up(story, 3, made.result.strip())
    if delivered is None and "deliver" in story.tools:
        return work(story, _plan(4), ("deliver", {"path": target, "title": f"Profile of {name}"}))
    late = (
        f"\nIt could not be posted here: {delivered.result.strip()}"
        if delivered and _failed(delivered)
        else ""
    )
    notes = "".join(f"\n- {note}" for note in made.result.strip().splitlines()[1:])
    return end(story, profiled.outcome(name, target, found) + notes + late, _plan(5))


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


def _meant(goal: str, every: Sequence[str]) -> list[str]:
    """Those whose name the goal says; else, of tables, whose name without its ending; else the only one there is."""
    named = [
        path for path in every if re.search(rf"(?<![\w.-]){re.escape(_name(path))}(?![\w-]|\.\w)", key(goal))
    ]
    named = [one for one in named if not any(_name(one) in _name(other) != _name(one) for other in named)]
    if named or _FILE.search(goal):
        return named
    files, said = [path for path in every if path.casefold().endswith(_DATA)], set(tokens(goal))
    alike = [path for path in files if set(tokens(PurePosixPath(path).stem)) <= said]
    return alike or (files if len(files) == 1 else [])


def _name(path: str) -> str:
    return key(PurePosixPath(path).name)


def _unclear(goal: str, found: Sequence[str], every: Sequence[str]) -> str:
    """Why none is profiled, in words for whoever asked."""
    files = [path for path in every if path.casefold().endswith(_DATA)]
    if not files:
        return f"I found no file of data that I can read ({', '.join(_DATA)})."
    shown = [f"`{PurePosixPath(path).name}`" for path in files]
    there = f"There {'is' if len(files) == 1 else 'are'} {listed(shown, 'and')}."
    if len(found) > 1:
        alike = listed([f"`{one}`" for one in found], "and")
        return f"I cannot tell which file you mean: there are {alike}. Say its name, with its folder."
    if found:
        return f"`{PurePosixPath(found[0]).name}` is no table that I can read. {there}"
    if said := _FILE.search(goal):
        return f"I found no `{said[0]}` in the folders that I was granted. {there}"
    return f"I cannot tell which file you mean. {there} Say its name."


def _gave_up(story: Transcript, at: int, why: str) -> Answer:
    """The plan ends with the step that failed: of those behind it nothing was tried."""
    return gave_up(story, Plan(titles=_TITLES[: at + 1], at=at), f"No report was made. {why}")


def _format(goal: str) -> str:
    return next((form for form, words in _FORMATS.items() if re.search(words, goal, re.I)), "docx")


def _failed(step: Step) -> bool:
    return step.failed or results.not_run(step.result)


def _plan(at: int) -> Plan:
    return Plan(titles=_TITLES, at=at)
