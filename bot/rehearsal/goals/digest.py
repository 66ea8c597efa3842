"""Digest meeting notes: find them, read them whole, write a report of what was decided and who does what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.rehearsal.answer import Answer
from bot.rehearsal.goals import digested, posting, results, sources
from bot.rehearsal.goals.folderscan import Tree, reading_of, tree_of
from bot.rehearsal.goals.moves import READS_A_TURN, Plan, end, gave_up, missing_tools, work
from bot.rehearsal.goals.notes import Note, notes_in
from bot.rehearsal.goals.results import Entry
from bot.rehearsal.goals.transcript import Transcript
from bot.rehearsal.goals.words import counted, key

_NEEDED = ("list_folder", "read_file", "write_file")
_REPORT = "meeting-digest.md"
_PLAIN = re.compile(r"\b(?:plain\s+text|text\s+file|\.txt)\b", re.I)
_TICKETS = re.compile(r"\b(?:jira|linear|github)\b.*\b(?:tickets?|issues?)\b|\btickets?\b", re.I)


@dataclass(frozen=True, kw_only=True)
class Digest:
    """A goal of this kind once the notes were read."""

    story: Transcript
    report: str
    notes: tuple[Note, ...]
    names: tuple[str, ...]
    problems: dict[str, str]

    @property
    def content(self) -> str:
        """The report as the goal wants it."""
        write = digested.plain_report if self.report.endswith(".txt") else digested.report
        return write(self.notes, self.names, self.problems)


def digest(story: Transcript) -> Answer:
    """The next answer to `Process the meeting notes …`."""
    if missing := missing_tools(story, _NEEDED):
        return end(story, f"I cannot digest notes here: I am not offered {', '.join(missing)}.")
    if not story.grants:
        return end(story, "No folder was granted to me, so there are no notes I could read.")
    paths, named = sources.folders_to_search(story)
    trees = [tree_of(story, path) for path in paths]
    if wanted := [call for tree in trees for call in tree.next]:
        return work(story, _plan(story, 0), *wanted[:READS_A_TURN], say="I look for the notes first.")
    if all(tree.problem for tree in trees):
        return gave_up(story, _plan(story, 0), f"I could not list `{paths[0]}`: {trees[0].problem}")
    return _found(story, trees, named)


def _found(story: Transcript, trees: list[Tree], named: bool) -> Answer:
    mentioned = sources.named(story.goal, trees)
    files = (
        [*mentioned.inputs]
        or _answered(story, trees)
        or sources.notes_among(story, trees, whole_folder=named)
    )
    if not files:
        return _asked(story, trees)
    reading = reading_of(story, [entry.path for entry in files])
    if reading.next:
        return work(story, _plan(story, 1, len(files)), *reading.next)
    if not reading.texts:
        why = "; ".join(f"`{path}`: {problem}" for path, problem in reading.problems.items())
        return gave_up(story, _plan(story, 1, len(files)), f"I could not read the notes. {why}")
    inside = {entry.path: entry.inside for entry in files}
    return _written(
        Digest(
            story=story,
            report=mentioned.output or ("meeting-digest.txt" if _PLAIN.search(story.goal) else _REPORT),
            notes=tuple(
                note for path, text in reading.texts.items() for note in notes_in(inside[path], text)
            ),
            names=tuple(inside[path] for path in reading.texts),
            problems={inside[path]: problem for path, problem in reading.problems.items()},
        )
    )


def _written(job: Digest) -> Answer:
    story, plan = job.story, _plan(job.story, 2, len(job.names), job.report)
    written, delivered = story.last("write_file"), story.last("deliver")
    if written is None:
        say = f"I found {digested.totals(job.notes)}."
        return work(story, plan, ("write_file", {"path": job.report, "content": job.content}), say=say)
    if written.failed or results.not_run(written.result):
        return gave_up(story, plan, f"The report was not written: {written.result.strip()}\n\n{_short(job)}")
    if delivered is None and "deliver" in story.tools:
        return work(story, plan, ("deliver", {"path": job.report, "title": "Meeting digest"}))
    return _posted(job)


def _posted(job: Digest) -> Answer:
    story, channel = job.story, posting.channel_in(job.story.goal)
    name, done = posting.sender(story), _plan(story, 4, len(job.names), job.report)
    if not channel:
        offer = "Say “post it to #channel” and I ask for approval, then post it." if name else ""
        return end(story, "\n\n".join(part for part in (_outcome(job), offer) if part), done)
    if not name:
        return gave_up(
            story,
            _plan(story, 3, len(job.names), job.report),
            f"{_outcome(job)}\n\n{posting.needs_plugin(channel)}",
        )
    step = story.last(name)
    if step is None:
        call = posting.posting(story, channel, digested.message(job.notes, job.names))
        return work(story, _plan(story, 3, len(job.names), job.report), call)
    words = f"{_outcome(job)}\n\n{posting.posted(step, channel)}"
    if step.failed or results.not_run(step.result):
        return gave_up(story, _plan(story, 3, len(job.names), job.report), words)
    return end(story, words, done)


def _outcome(job: Digest) -> str:
    """The final words: what was found, what could not be read, what is not done."""
    lines = [f"Done: {_short(job)} The report is `{job.report}`."]
    lines += [f"- `{note.source}`: {digested.said(note)}" for note in job.notes if note.kind == "action"][:10]
    lines += [f"- Not read: `{name}` ({why})" for name, why in job.problems.items()]
    delivered = job.story.last("deliver")
    if delivered is not None and (delivered.failed or results.not_run(delivered.result)):
        lines.append(f"- It could not be posted here: {delivered.result.strip()}")
    if _TICKETS.search(job.story.goal):
        lines.append("- Creating tickets is beyond my fixed rules: none were created.")
    return "\n".join(lines)


def _short(job: Digest) -> str:
    return f"{digested.totals(job.notes)} in {counted(len(job.names), 'file')} of notes."


def _asked(story: Transcript, trees: list[Tree]) -> Answer:
    readable = sources.readable_in(trees)
    asked = story.last("ask_person")
    if not readable:
        where = ", ".join(f"`{tree.root}`" for tree in trees)
        return gave_up(
            story, _plan(story, 0), f"I find no notes in {where}: there is no Markdown, text or Word file."
        )
    if asked is not None or "ask_person" not in story.tools:
        return gave_up(
            story, _plan(story, 0), "I do not know which file holds the notes. Name it in a new goal."
        )
    question = "No file here looks like meeting notes by its name. Which one do you mean?"
    given = {"question": question, "options": [entry.inside for entry in readable[:8]]}
    return work(story, _plan(story, 0), ("ask_person", given))


def _answered(story: Transcript, trees: list[Tree]) -> list[Entry]:
    asked = story.last("ask_person")
    said = key(results.answer(asked.result)) if asked is not None else ""
    files = sources.readable_in(trees) if said else []
    if said.strip(" .!") in ("all", "all of them", "every file"):
        return files
    return [
        entry for entry in files if key(entry.inside) in said or key(PurePosixPath(entry.inside).name) in said
    ]


def _plan(story: Transcript, at: int, files: int = 0, report: str = _REPORT) -> Plan:
    channel = posting.channel_in(story.goal)
    titles = (
        "Find the meeting notes",
        f"Read {counted(files, 'file')}" if files else "Read them",
        f"Write and deliver {report}",
        *([f"Post to {channel}"] if channel else []),
    )
    return Plan(titles=titles, at=at)
