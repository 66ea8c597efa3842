"""Organise a folder: read every file, propose one new order, move on approval, write an index."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.rehearsal.answer import Answer
from bot.rehearsal.goals import organised, results
from bot.rehearsal.goals.draft import Draft, drafted
from bot.rehearsal.goals.filing import Filing, filed, unread
from bot.rehearsal.goals.folderscan import Reading, Tree, reading_of, tree_of
from bot.rehearsal.goals.locating import located, not_writable
from bot.rehearsal.goals.moves import Plan, end, gave_up, missing_tools, work
from bot.rehearsal.goals.naming import Convention, convention_in
from bot.rehearsal.goals.proposal import Proposal, proposed
from bot.rehearsal.goals.transcript import Said, Step, Transcript
from bot.rehearsal.goals.wishes import Heard, heard
from bot.rehearsal.goals.words import counted, key

INDEX = "INDEX.md"
_NEEDED = ("list_folder", "read_file", "checkpoint", "make_folder", "move_file")
_FIRST_LINES = 80
_NO_INDEX = re.compile(
    r"\b(?:no|without(?:\s+an?)?|don['’]?t\s+(?:create|write|make)\s+(?:an?|the))\s+index\b", re.I
)
_LEAVES = re.compile(r"\W*(?:merge|leave|skip|ignore|exclude)\b", re.I)


@dataclass(frozen=True, kw_only=True)
class Work:
    """A goal of this kind with all that is known of its folder."""

    story: Transcript
    tree: Tree
    reading: Reading

    @property
    def root(self) -> str:
        """The folder that is organised, as listed."""
        return self.tree.root

    @property
    def name(self) -> str:
        """The folder's own name."""
        return PurePosixPath(self.root).name

    def plan(self, at: int) -> Plan:
        """The plan with so many steps behind us."""
        files, done = len(_to_file(self.tree)), self.reading.done
        progress = f" ({done:,} of {files:,})" if files and done < files else f" ({files:,})" if files else ""
        titles = (
            f"List the folder {self.name}",
            f"Read every file{progress}",
            "Propose folders and names",
            "Move the files as approved",
            f"Write and deliver {INDEX}",
        )
        return Plan(titles=titles if _wants_index(self.story) else titles[:-1], at=at)


def organise(story: Transcript) -> Answer:
    """The next answer to `Organize the reports folder …`."""
    if missing := missing_tools(story, _NEEDED):
        return end(story, f"I cannot organise a folder here: I am not offered {', '.join(missing)}.")
    found = located(story)
    if isinstance(found, Answer):
        return found
    if not found.grant.writable:
        return not_writable(story, found, "I cannot move anything in it")
    return _organised(story, found.path)


def _organised(story: Transcript, path: str) -> Answer:
    tree = tree_of(story, path)
    job = Work(story=story, tree=tree, reading=Reading())
    if tree.problem:
        return gave_up(story, job.plan(0), f"I could not list `{path}`: {tree.problem}")
    if tree.next:
        return work(story, job.plan(0), *tree.next, say=f"I list `{path}`, then read every file in it.")
    files = _to_file(tree)
    if not files:
        return end(
            story, f"`{path}` holds no files that I could organise: nothing was changed.", _listed_only(path)
        )
    reading = reading_of(story, [entry.path for entry in files], _FIRST_LINES)
    job = Work(story=story, tree=tree, reading=reading)
    if reading.next:
        return work(story, job.plan(1), *reading.next)
    return _decided(job)


def _listed_only(path: str) -> Plan:
    return Plan(titles=(f"List the folder {PurePosixPath(path).name}",), at=1)


def _decided(job: Work) -> Answer:
    """Everything was read: the checkpoint, or what follows on what became of it."""
    checkpoints = job.story.steps("checkpoint")
    last = checkpoints[-1] if checkpoints else None
    draft, said = _drafted(job, last)
    if last is None:
        return _proposed(job, draft, said)
    match results.decision(last.result):
        case results.Redirected():
            return _proposed(job, *_drafted(job, None))
        case results.Refused(reason=reason):
            return gave_up(job.story, job.plan(2), f"Nothing was moved in `{job.root}`. {reason}")
        case results.Approved(failure=failure) as decision if failure or last.failed:
            words = organised.partial_report(job.root, decision, last.given.get("actions", ()))
            return gave_up(job.story, job.plan(3), words)
        case results.Approved():
            return _indexed(job, _proposal(job, draft), moved=True)


def _proposed(job: Work, draft: Draft, said: Heard) -> Answer:
    proposal = _proposal(job, draft)
    redirected = bool(job.story.steps("checkpoint"))
    if not proposal.moves and not said.unclear:
        return _indexed(job, proposal, moved=False)
    note = organised.CheckpointNote(
        understood=said.understood if redirected else (), unclear=said.unclear, left_out=job.tree.left_out
    )
    given = {
        "title": f"Move {counted(len(proposal.moves), 'file')} in {job.name}",
        "summary": organised.summary(proposal, draft, note),
        "actions": proposal.actions,
    }
    read = (
        f"I read {counted(len(proposal.places), 'file')}; here is what I would do." if not redirected else ""
    )
    return work(job.story, job.plan(2), ("checkpoint", given), say=read or "I changed the proposal.")


def _indexed(job: Work, proposal: Proposal, *, moved: bool) -> Answer:
    story, path = job.story, f"{job.root}/{INDEX}"
    outcome = organised.outcome(proposal, _late_words(story) if moved else ())
    if not _wants_index(story) or missing_tools(story, ("write_file",)):
        return end(story, outcome, job.plan(len(job.plan(0).titles)))
    written, delivered = story.last("write_file"), story.last("deliver")
    if written is None:
        content = organised.index(proposal)
        return work(story, job.plan(4), ("write_file", {"path": path, "content": content}))
    if written.failed or results.not_run(written.result):
        return gave_up(story, job.plan(4), f"{outcome}\n\n{INDEX} was not written: {written.result.strip()}")
    if delivered is None and "deliver" in story.tools:
        return work(story, job.plan(4), ("deliver", {"path": path, "title": f"Index of {job.name}"}))
    lists = f"`{INDEX}` in the folder lists all {counted(len(proposal.places), 'file')}."
    if delivered is not None and (delivered.failed or results.not_run(delivered.result)):
        lists += f" It could not be posted here: {delivered.result.strip()}"
    return end(story, f"{outcome}\n\n{lists}", job.plan(5))


def _drafted(job: Work, until: Step | None) -> tuple[Draft, Heard]:
    """The draft with all the requester's words before a checkpoint was decided (without one: all so far).

    Heard is what the newest words came to; what the goal itself asks for counts only where it is understood.
    """
    draft = drafted(_filings(job), convention_in(job.story.goal) or Convention())
    goal = heard(draft, job.story.goal, steering=False)
    unclear = tuple(clause for clause in goal.unclear if _LEAVES.match(clause))
    said = Heard(draft=goal.draft, unclear=unclear)
    for words in _words_before(job.story, until):
        fresh = heard(said.draft, words)
        said = Heard(
            draft=fresh.draft, understood=(*said.understood, *fresh.understood), unclear=fresh.unclear
        )
    return said.draft, said


def _words_before(story: Transcript, until: Step | None) -> list[str]:
    words = []
    for event in story.events:
        if event is until:
            break
        if isinstance(event, Said):
            words.append(event.words)
        elif event.tool == "checkpoint" and isinstance(
            found := results.decision(event.result), results.Redirected
        ):
            words.append(found.words)
    return words


def _late_words(story: Transcript) -> tuple[str, ...]:
    """What was said after the approval: too late for these moves."""
    last = story.last("checkpoint")
    after = story.events[story.events.index(last) + 1 :] if last is not None else ()
    return tuple(event.words for event in after if isinstance(event, Said))


def _filings(job: Work) -> list[Filing]:
    problems, texts = job.reading.problems, job.reading.texts
    return [
        unread(entry.path, entry.inside, problems[entry.path])
        if entry.path in problems
        else filed(entry.path, entry.inside, texts[entry.path])
        for entry in _to_file(job.tree)
    ]


def _proposal(job: Work, draft: Draft) -> Proposal:
    tree = job.tree
    return proposed(draft, job.root, (f.inside for f in tree.folders), (f.inside for f in tree.files))


def _to_file(tree: Tree) -> list[results.Entry]:
    """All files but an index of ours."""
    return [entry for entry in tree.files if key(entry.inside) != key(INDEX)]


def _wants_index(story: Transcript) -> bool:
    return not _NO_INDEX.search(story.goal)
