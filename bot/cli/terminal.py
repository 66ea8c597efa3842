"""One task in this process: advanced on a thread of its own, followed and decided here."""

from __future__ import annotations

import contextlib
import threading
from uuid import uuid4

from bot.app import Colleague
from bot.cli.screen import Screen
from bot.domain.approval import Approval, ApprovalState, Decision
from bot.domain.person import Person
from bot.domain.snapshot import Snapshot
from bot.domain.task import TaskState
from bot.engine.decisions import OFFERED
from bot.errors import NotAllowed, NotConfigured
from bot.store import leases, tasks

_LOOK = 0.3
_LONGEST_PARKING = 10.0


class TerminalTask:
    """`command` is what goes on with the task when it is kept."""

    def __init__(
        self, colleague: Colleague, task_id: int, person: Person, screen: Screen, *, command: str
    ) -> None:
        self._colleague = colleague
        self._task_id = task_id
        self._person = person
        self._screen = screen
        self._command = command
        self._seen = 0
        self._worker: threading.Thread | None = None

    def resume(self, words: str) -> None:
        """The process that worked on it is gone: what it held is free again, and a paused task is tried now.

        `words` are said to it as a reply in a thread would be: they steer it, or continue it when it is done.
        """
        self._take_up()
        self._colleague.intake.retry(self._person, self._task_id)
        if words:
            self._colleague.intake.say(self._person, self._task_id, words, key=f"terminal:{uuid4().hex}")

    def undo(self, number: int) -> None:
        """Ask for an Undo of this round; one that was asked for before is gone on with."""
        self._take_up()
        undo = self._colleague.intake.undo(self._person, self._task_id, number)
        if not undo.is_new:
            self._screen.say(f"{undo.by} undid this before.")

    def finish(self) -> TaskState:
        """Until the task is over, or nobody answers any more. Ctrl-C parks it."""
        try:
            return self._followed()
        except KeyboardInterrupt:
            with contextlib.suppress(KeyboardInterrupt):
                self._park()
            self._screen.kept(self._task_id, "Interrupted; nothing is lost.", self._command)
            return TaskState.QUEUED

    def _take_up(self) -> None:
        """What a dead process held is free again."""
        with self._colleague.database.write("terminal.resume") as session:
            task = tasks.get(session, self._task_id)
            if task is None or not task.place.is_terminal:
                raise NotConfigured(
                    f"Task {self._task_id} is not a task of the terminal. `cowork tasks` lists all."
                )
            leases.take_all_back(session, now=self._colleague.clock(), only=self._task_id)
        self._seen = max((event.id for event in self._colleague.record.news(self._task_id)), default=0)
        self._screen.opening(self._snapshot(), is_resumed=True)

    def _followed(self) -> TaskState:
        while True:
            snapshot = self._snapshot()
            match snapshot.task.state:
                case TaskState.DONE | TaskState.FAILED | TaskState.STOPPED as state:
                    self._screen.result(snapshot)
                    return state
                case TaskState.WAITING:
                    if not self._ask():
                        self._screen.kept(self._task_id, "It waits for your decision.", self._command)
                        return TaskState.WAITING
                case TaskState.PAUSED if not self._goes_on_by_itself():
                    self._screen.kept(self._task_id, "It is paused.", self._command)
                    return TaskState.PAUSED
                case _:
                    self._advance()

    def _advance(self) -> None:
        worker = self._worker = threading.Thread(target=self._work, daemon=True)
        worker.start()
        rung = 0
        with self._screen.busy() as stands:
            while worker.is_alive():
                rung = self._colleague.bell.wait(rung, _LOOK)
                self._show_news()
                stands(self._snapshot())
        self._show_news()

    def _work(self) -> None:
        """Claim the task as soon as it is ready, and advance it."""
        while not self._colleague.running.is_parking:
            with self._colleague.database.write("task.claim") as session:
                task = tasks.claim(session, owner="terminal", now=self._colleague.clock(), only=self._task_id)
                if task is not None:
                    self._colleague.reserve(session, task)
            if task is not None:
                return self._colleague.executor.advance(task)
            threading.Event().wait(_LOOK)
        return None

    def _park(self) -> None:
        """What runs is finished and written down; nothing new begins."""
        self._colleague.running.park()
        if self._worker is not None:
            self._worker.join(_LONGEST_PARKING)
        self._show_news()

    def _show_news(self) -> None:
        for event in self._colleague.record.news(self._task_id, after=self._seen):
            self._seen = event.id
            self._screen.news(event)

    def _ask(self) -> bool:
        """Put the pending approval on the screen until it is decided. False when nobody answers."""
        approval = self._colleague.record.pending(self._task_id)
        while approval is not None and approval.is_pending:
            line = self._screen.ask(approval)
            if line is None:
                return False
            self._decide(approval, line.strip())
            approval = self._colleague.record.approval(approval.id)
        self._show_news()
        return True

    def _decide(self, approval: Approval, line: str) -> None:
        decision = decision_of(approval, line)
        if decision is None:
            self._screen.say(choices(approval))
            return
        try:
            self._colleague.intake.decide(self._person, approval.id, decision)
        except NotAllowed as refusal:
            self._screen.say(str(refusal))

    def _snapshot(self) -> Snapshot:
        return self._colleague.record.snapshot(self._task_id)

    def _goes_on_by_itself(self) -> bool:
        with self._colleague.database.read() as session:
            return tasks.again_at(session, self._task_id) is not None


def decision_of(approval: Approval, line: str) -> Decision | None:
    """What a line on the terminal decides; None when it cannot be told."""
    word, _, rest = line.partition(" ")
    word, rest = word.rstrip(":").lower(), rest.strip()
    if word == "stop" and not rest:
        return Decision(state=ApprovalState.STOPPED)
    if ApprovalState.ANSWERED in OFFERED[approval.draft.kind]:
        return Decision(state=ApprovalState.ANSWERED, words=_option(approval, line)) if line else None
    if word == "approve" and not rest:
        return Decision(state=ApprovalState.APPROVED)
    if word == "redirect" and rest:
        return Decision(state=ApprovalState.REDIRECTED, words=rest)
    return None


def choices(approval: Approval) -> str:
    """What can be answered, for one who answered something else."""
    if ApprovalState.ANSWERED in OFFERED[approval.draft.kind]:
        return "Write your answer, or stop."
    return "Answer approve, redirect and what should be different, or stop."


def _option(approval: Approval, line: str) -> str:
    """An option may be chosen by its number."""
    options = approval.draft.options
    if line.isdecimal() and 1 <= int(line) <= len(options):
        return options[int(line) - 1]
    return line
