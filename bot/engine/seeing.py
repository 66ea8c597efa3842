"""What a task has seen: known in memory as soon as it was read, and on disk with the result that brought it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import beforehand
from bot.domain.approval import Draft
from bot.domain.influence import Told
from bot.domain.label import Seen
from bot.domain.task import Task
from bot.engine import own_words
from bot.engine.answered import Answers, Noted
from bot.policy import scope
from bot.policy.influence import influences, passages
from bot.policy.links import links_in
from bot.store import labels
from bot.store.database import Database, Session

_MOST_ACTIONS = 50


class Seeing:
    """One worker's view of one task. It only grows; what others add to the task's labels comes with every write."""

    def __init__(self, session: Session, task: Task) -> None:
        self._task = task
        read = labels.sources(session, task.id) if task.labels else []
        self._before = beforehand.source(task.context)
        self.seen = Seen(labels=task.labels, untrusted=(self._before,) if self._before else ()).grown(read)

    def take(self, answers: Answers) -> None:
        """From now on it binds."""
        for _, result, _ in answers:
            if result.sources:
                self.seen = self.seen.grown(result.sources)

    def write(self, session: Session, stored: str) -> None:
        """In the unit that writes the results: what the task's row, whose labels are `stored`, does not hold yet."""
        known = labels.parsed(stored)
        self.seen = self.seen.grown((), known)
        if self.seen.labels != known:
            labels.grow(session, self._task.id, self.seen.labels)

    def show(self, draft: Draft) -> None:
        """A card is posted where the task is shown: who may not read what stands on it must not read there."""
        self.seen = self.seen.shown(action.audience for action in draft.actions)

    def behind(self, database: Database, draft: Draft, noted: Noted) -> Draft:
        """The draft with what others wrote that may be speaking through it; `noted` is not on disk yet."""
        if not self.seen.untrusted:
            return draft
        with database.read() as session:
            told = labels.told(session, self._task.id)
            said = own_words.of(session, self._task)
        before = Told(source=self._before, text=self._task.context)
        read = passages([*_new(noted), *told, before])
        actions = [
            replace(action, influences=influences(action.call.input, read, said))
            for action in draft.actions[:_MOST_ACTIONS]
        ]
        return replace(draft, actions=(*actions, *draft.actions[_MOST_ACTIONS:]), read=self.seen.untrusted)


def links_shown(session: Session, task: Task) -> frozenset[str]:
    """For the report: the addresses that people can have seen, in the requester's words and in places they named."""
    if not links_in([task.answer]):
        return frozenset()
    folders = [folder.path for folder in task.folders]
    texts = [*own_words.of(session, task)]
    texts += [
        one.text
        for one in labels.told(session, task.id)
        if scope.is_named(one.source, task.brief.named, folders)
    ]
    return links_in(texts)


def _new(noted: Noted) -> list[Told]:
    """The newest first."""
    return [
        Told(source=source.name, text=result.text)
        for answers, _ in reversed(noted)
        for _, result, _ in reversed(answers)
        for source in result.sources[:1]
        if not source.is_trusted
    ]
