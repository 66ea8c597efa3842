"""What must be true of a story however often its process was killed."""

from __future__ import annotations

import json
import operator
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.agent.settling import HAPPENED
from bot.audit.chain import Whole
from bot.domain.approval import ApprovalKind
from tests.kill.kept import Kept
from tests.kill.lives import Lives


def faults(lives: Lives) -> list[str]:
    """Every way in which it is not as it must be; empty when all is well."""
    return [*_of_the_world(lives), *_of_the_record(lives), *_of_the_history(lives), *_of_the_thread(lives)]


def lost(lives: Lives) -> int:
    """What should have happened or been shown, and was not."""
    return sum((_wanted(lives) - _found(lives)).values())


def doubled(lives: Lives) -> int:
    """What happened or was shown once too often."""
    return sum((_found(lives) - _wanted(lives)).values())


def questions(lives: Lives) -> int:
    """How often a person was asked whether a call had already happened."""
    return sum(one.draft.kind is ApprovalKind.OUTCOME for one in lives.end.approvals)


def _wanted(lives: Lives) -> Counter[str]:
    story = lives.world.story
    return Counter(story.happens) + Counter(story.posts) + Counter(approval=questions(lives))


def _found(lives: Lives) -> Counter[str]:
    return lives.world.folder_log.happened + lives.world.kinds()


def _of_the_world(lives: Lives) -> Iterator[str]:
    story, world = lives.world.story, lives.world
    if (happened := world.folder_log.happened) != Counter(story.happens):
        yield f"in the folder happened {dict(happened)}"
    if (files := world.files()) != story.files:
        yield f"the folder holds {files}"
    if refused := world.refused():
        yield f"refused: {refused}"


def _of_the_record(lives: Lives) -> Iterator[str]:
    story, end = lives.world.story, lives.end
    yield from (f"the audit chain is broken: {kept.audit}" for kept in lives.kept if not _is_whole(kept))
    if [one.task.state for one in end.tasks] != list(story.states):
        yield f"tasks: {[(one.task.id, one.task.state, one.task.note) for one in end.tasks]}"
    if story.prefers and (others := {str(one.task.autonomy) for one in end.tasks} - {story.prefers}):
        yield f"the person prefers {story.prefers}, not {others}"
    if unanswered := [entry.preview for entry in end.calls if not entry.state.has_answer]:
        yield f"calls without an answer: {unanswered}"
    if failed := [entry.text for entry in end.calls if entry.is_error and entry.call.tool not in story.fails]:
        yield f"calls that failed: {failed}"
    if pending := [one.draft.title for one in end.approvals if one.is_pending]:
        yield f"still asked: {pending}"
    if twice := [told for told, count in end.told.items() if count > 1]:
        yield f"in the audit log more than once: {twice}"
    if (receipts := _receipts(lives)) != (expected := _with_receipts(lives)):
        yield f"receipts for {receipts}, not for {expected}"


def _of_the_history(lives: Lives) -> Iterator[str]:
    end, story = lives.end, lives.world.story
    for life, kept in enumerate(lives.kept, 1):
        if changed := [task for task, said in kept.history.items() if end.history[task][: len(said)] != said]:
            yield f"the history of tasks {changed} was not as life {life} had left it"
    chapters = _chapters(end)
    for number, request in enumerate(lives.world.requests(), 1):
        if request[1:] and not any(
            _text(chapter).startswith(_text(request[:-1])[:-1]) for chapter in chapters
        ):
            yield f"request {number} to the model told another history"
    if odd := [roles for roles in map(_roles, chapters) if any(map(operator.eq, roles, roles[1:]))]:
        yield f"two of the same say something one after the other: {odd}"
    if (turns := sum(one.is_turn for said in end.history.values() for one in said)) != story.says:
        yield f"the model said {turns} turns, not {story.says}"


def _of_the_thread(lives: Lives) -> Iterator[str]:
    wanted = Counter(lives.world.story.posts) + Counter(approval=questions(lives))
    if (kinds := lives.world.kinds()) != wanted:
        yield f"in the thread stand {dict(kinds)}, not {dict(wanted)}"
    if asking := [one["text"] for one in lives.world.asking()]:
        yield f"buttons are left on {asking}"


def _receipts(lives: Lives) -> list[str]:
    """What the task says it did, as the folder log names it."""
    receipts = [receipt for one in lives.end.tasks for receipt in one.receipts]
    return sorted(receipt.where.removeprefix(f"{lives.world.reports}/") for receipt in receipts)


def _with_receipts(lives: Lives) -> list[str]:
    """Every effect of the story; one that a person answered for bears the words that they were shown."""
    asked = [
        one
        for one in lives.end.approvals
        if one.draft.kind is ApprovalKind.OUTCOME and one.words.lower() == HAPPENED.lower()
    ]
    given = [value for one in asked for value in one.draft.actions[0].call.input.values()]
    theirs = {str(value).removeprefix(f"{lives.world.reports}/") for value in given}
    seen = [name for name in lives.world.story.receipts if name not in theirs]
    return sorted([*seen, *(one.draft.actions[0].preview for one in asked)])


def _chapters(kept: Kept) -> list[list[Any]]:
    """Each chapter of each task, as the model is sent it."""
    told: dict[tuple[int, int], list[Any]] = {}
    for task, said in kept.history.items():
        for one in said:
            told.setdefault((task, one.chapter), []).append(
                {"role": one.role, "content": json.loads(one.content)}
            )
    return list(told.values())


def _roles(chapter: list[Any]) -> list[str]:
    return [one["role"] for one in chapter]


def _is_whole(kept: Kept) -> bool:
    return isinstance(kept.audit, Whole)


def _text(messages: list[Any]) -> str:
    return json.dumps(messages)
