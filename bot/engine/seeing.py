"""What a task has seen: known in memory as soon as it was read, and on disk with the result that brought it."""

from __future__ import annotations

from bot.domain.label import Seen
from bot.domain.task import Task
from bot.engine.answered import Answers
from bot.store import labels
from bot.store.database import Session


class Seeing:
    """One worker's view of one task. It only grows; what others add to the task's labels comes with every write."""

    def __init__(self, session: Session, task: Task) -> None:
        self._task_id = task.id
        read = labels.sources(session, task.id) if task.labels else []
        self.seen = Seen(labels=task.labels).grown(read)

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
            labels.grow(session, self._task_id, self.seen.labels)
