"""Write an onboarding guide for a code folder: list it, read what tells how it works, write the guide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from bot.rehearsal.answer import Answer
from bot.rehearsal.goals import results, structure
from bot.rehearsal.goals.facts import worth_reading
from bot.rehearsal.goals.folderscan import Reading, Tree, reading_of, tree_of
from bot.rehearsal.goals.guide import found_in, guide
from bot.rehearsal.goals.locating import located
from bot.rehearsal.goals.moves import Call, Plan, end, gave_up, missing_tools, work
from bot.rehearsal.goals.transcript import Transcript
from bot.rehearsal.goals.words import counted

_NEEDED = ("list_folder", "read_file", "write_file")
_GUIDE = "ONBOARDING.md"
_UNLISTED = (".pre-commit-config.yaml", ".env.example")
_WORKFLOWS = ".github/workflows"
_FIRST_LINES = 400
_PATH = re.compile(r"(?P<path>[\w./-]*\w\.md)\b", re.I)
_IN_THE_CODE = re.compile(
    r"\b(?:in|into|inside|to)\s+(?:the\s+|its\s+|that\s+)?(?:root\s+of\s+the\s+)?(?:code|repo|repository|project|same)\s*"
    r"(?:folder|directory|root)?\b",
    re.I,
)


def onboard(story: Transcript) -> Answer:
    """The next answer to `Write an onboarding guide for …`."""
    if missing := missing_tools(story, _NEEDED):
        return end(story, f"I cannot write a guide here: I am not offered {', '.join(missing)}.")
    found = located(story)
    if isinstance(found, Answer):
        return found
    return _guided(story, found.path, writable=found.grant.writable)


def _guided(story: Transcript, path: str, *, writable: bool) -> Answer:
    tree = tree_of(story, path, structure.SKIPPED)
    if tree.problem:
        return gave_up(story, _plan(path, 0), f"I could not list `{path}`: {tree.problem}")
    if tree.next:
        return work(
            story, _plan(path, 0), *tree.next, say=f"I list `{path}` and read what tells how it works."
        )
    if not tree.files:
        return end(
            story, f"`{path}` holds no files: there is nothing to write a guide about.", _listed_only(path)
        )
    if not structure.languages(tree.files):
        words = f"`{path}` holds no source code that I know by its file endings, so I write no guide."
        return gave_up(story, _plan(path, 1), words)
    if probes := _probes(story, tree):
        return work(story, _plan(path, 1), *probes)
    wanted = [entry.path for entry in worth_reading(tree.files)]
    reading = reading_of(story, [*wanted, *_workflows(story, tree)], _FIRST_LINES)
    if reading.next:
        return work(story, _plan(path, 1), *reading.next)
    return _written(story, tree, reading, writable)


def _written(story: Transcript, tree: Tree, reading: Reading, writable: bool) -> Answer:
    target, plan = _target(story, tree, writable), _plan(tree.root, 2)
    texts = _inside(tree, reading.texts) | _unlisted_texts(story, tree)
    written, delivered = story.last("write_file"), story.last("deliver")
    if written is None:
        content = guide(tree, texts, _inside(tree, reading.problems))
        return work(story, plan, ("write_file", {"path": target, "content": content}))
    if written.failed or results.not_run(written.result):
        return gave_up(story, plan, f"The guide was not written: {written.result.strip()}")
    if delivered is None and "deliver" in story.tools:
        return work(
            story, plan, ("deliver", {"path": target, "title": f"Onboarding guide: {_name(tree.root)}"})
        )
    posted = delivered is None or not (delivered.failed or results.not_run(delivered.result))
    late = "" if posted or delivered is None else f"\nIt could not be posted here: {delivered.result.strip()}"
    return end(story, _outcome(tree, texts, target) + late, _plan(tree.root, 3))


def _outcome(tree: Tree, texts: Mapping[str, str], target: str) -> str:
    found = found_in(tree, texts)
    main = ", ".join(name for name, _ in structure.languages(tree.files)[:3])
    lines = [
        f"Done: the onboarding guide for `{_name(tree.root)}` is `{target}`.",
        f"- {counted(len(tree.files), 'file')}, mostly {main}; I read {counted(len(texts), 'file')} for it.",
        f"- Found: {counted(found['setup'], 'set-up fact')}, {counted(found['entry'], 'entry point')}, "
        f"{counted(found['test'], 'fact')} on tests, {counted(found['convention'], 'convention')}, "
        f"{counted(found['debug'], 'debugging tip')}. Each names the file it came from.",
    ]
    missing = [section for section in ("setup", "entry", "test", "convention") if not found[section]]
    return "\n".join(lines + ([f"- Nothing was found on: {', '.join(missing)}."] if missing else []))


def _target(story: Transcript, tree: Tree, writable: bool) -> str:
    """The task's own folder, unless the goal says where in the code folder."""
    found = _PATH.search(story.goal)
    path = found["path"] if found else _GUIDE
    if path.startswith("/"):
        inside = writable and path.startswith(tree.root.rstrip("/") + "/")
        return path if inside else PurePosixPath(path).name
    parent = str(PurePosixPath(path).parent)
    there = parent in {folder.inside for folder in tree.folders}
    if writable and (there or (parent == "." and _IN_THE_CODE.search(story.goal))):
        return f"{tree.root}/{path}"
    return PurePosixPath(path).name


def _probes(story: Transcript, tree: Tree) -> list[Call]:
    """Where hidden entries exist, the few that tell of hooks, environment and CI are asked for by name."""
    asked_for = {step.given.get("path") for step in (*story.steps("list_folder"), *story.steps("read_file"))}
    if not tree.hidden or f"{tree.root}/{_WORKFLOWS}" in asked_for:
        return []
    reads: list[Call] = [
        ("read_file", {"path": f"{tree.root}/{name}", "limit": _FIRST_LINES}) for name in _UNLISTED
    ]
    return [("list_folder", {"path": f"{tree.root}/{_WORKFLOWS}"}), *reads]


def _workflows(story: Transcript, tree: Tree) -> list[str]:
    wanted = f"{tree.root}/{_WORKFLOWS}"
    listed = [s for s in story.steps("list_folder") if s.given.get("path") == wanted and not s.failed]
    return [entry.path for step in listed for entry in results.listing(step.result).files][:5]


def _unlisted_texts(story: Transcript, tree: Tree) -> dict[str, str]:
    found = reading_of(story, [f"{tree.root}/{name}" for name in _UNLISTED], _FIRST_LINES)
    return _inside(tree, found.texts)


def _inside(tree: Tree, by_path: Mapping[str, str]) -> dict[str, str]:
    return {path.removeprefix(tree.root.rstrip("/") + "/"): text for path, text in by_path.items()}


def _name(path: str) -> str:
    return PurePosixPath(path).name


def _plan(path: str, at: int) -> Plan:
    titles = (f"List {_name(path)}", "Read what tells how it works", "Write and deliver the guide")
    return Plan(titles=titles, at=at)


def _listed_only(path: str) -> Plan:
    return Plan(titles=(f"List {_name(path)}",), at=1)
