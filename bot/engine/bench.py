"""What one task works with, laid out afresh each time it is advanced: its journal, its model, its tools."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.agent import prompt
from bot.agent.aside import Hands
from bot.agent.judgement import Standing
from bot.agent.loop import Model
from bot.agent.toolbox import Toolbox
from bot.domain.brief import Brief
from bot.domain.budget import Budgets
from bot.domain.call import Call
from bot.domain.clock import Clock
from bot.domain.event import News
from bot.domain.grant import Grants
from bot.domain.label import Seen
from bot.domain.patience import Patience
from bot.domain.task import Task
from bot.domain.veil import Veil
from bot.engine import own_words, questions, undoing
from bot.engine.allowing import Allowed
from bot.engine.bell import Bell
from bot.engine.breaker import MODEL, Breakers
from bot.engine.connected import Connected
from bot.engine.dialogue import Dialogue
from bot.engine.inspection import Inspection
from bot.engine.journal import DurableJournal
from bot.engine.progress import Progress
from bot.engine.purse import Purse
from bot.engine.purses import Purses
from bot.engine.reader import Reader
from bot.engine.running import Running
from bot.engine.sampling import Sampling
from bot.engine.services import Accounts, Services
from bot.engine.undoing import effect_id
from bot.errors import DatabaseOut, NotAllowed
from bot.model.claude import Claude
from bot.registry.tools import Toolset
from bot.sandbox.sandbox import Sandbox
from bot.sdk.tool import Tool
from bot.store import briefs, calls, events, outages
from bot.store.calls import Entry
from bot.store.database import Database, Session
from bot.tools.desk import Desk
from bot.tools.handing_over import DELIVERED
from bot.tools.kept import KEPT, Keep, Kept
from bot.tools.made import Made
from bot.tools.paths import Root
from bot.tools.placing import faults_in_batch
from bot.tools.privacy import Privacy
from bot.tools.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Bench:
    """`undo` is what a person wants taken back first. `undoer` has the one tool for it, which no model is given."""

    journal: DurableJournal
    model: Model
    toolbox: Toolbox
    inspection: Inspection
    undoer: Toolbox
    undo: Entry | None = None


class Workshop:
    """Lays out benches. `home` holds the tasks' own folders; `claude` is the model they all share.

    `reader` reads the requester's words for the brief, besides the fixed rules that always do. `veil` stands between
    what the tools read and the model.
    """

    def __init__(
        self,
        database: Database,
        *,
        claude: Claude,
        home: Path,
        clock: Clock,
        bell: Bell,
        running: Running,
        lease: float = math.inf,
        patience: Patience = Patience(),
        keep: Keep = Keep(),
        budgets: Budgets = Budgets(),
        privacy: Privacy = Privacy(),
        reader: Reader | None = None,
        veil: Veil = Veil(),
        tools: Toolset | None = None,
        accounts: Accounts = Accounts(),
        connected: Connected | None = None,
        sandbox: Sandbox | None = None,
    ) -> None:
        self._database = database
        self._claude = claude
        self._home = home
        self._clock = clock
        self._bell = bell
        self._running = running
        self._lease = lease
        self._patience = patience
        self._keep = keep
        self._purses = Purses(database, claude=claude, clock=clock, budgets=budgets)
        self._privacy = privacy
        self._reader = reader
        self._veil = veil
        self._tools = tools or Toolset(veil=veil)
        self._sandbox = sandbox
        self._services = Services(database, self._tools, accounts, clock=clock, connected=connected)
        self.shown = self._services.shown
        self._breakers = Breakers(clock=clock, recovered=self._go_on)
        self._hands = Hands()

    def bench(self, task: Task) -> Bench:
        tools, shown = self._services.laid_out(task)
        allowed = Allowed(task, self._database, clock=self._clock)
        purse = self._purses.of(task)
        toolbox = self._toolbox(
            task,
            tools,
            lambda: journal.brief,
            lambda: journal.seeing.seen,
            allowed,
            self._sampling(task, purse),
        )
        journal = DurableJournal(
            task,
            self._database,
            clock=self._clock,
            bell=self._bell,
            running=self._running,
            preview=toolbox.preview,
            lease=self._lease,
            patience=self._patience,
            purse=purse,
            allowed=allowed,
            opening=lambda: self._opening(task),
        )
        dialogue = Dialogue(
            task,
            self._database,
            claude=self._claude,
            journal=journal,
            running=self._running,
            tools=shown,
            guard=lambda: self._guarding(task, MODEL),
            reader=self._reader,
            clock=self._clock,
        )
        return Bench(
            journal=journal,
            model=dialogue.model,
            toolbox=toolbox,
            inspection=Inspection(
                task, self._database, self._desk(task), self._running, home=self._home, clock=self._clock
            ),
            undoer=self._undoer(task, journal),
            undo=self._undo_of(task),
        )

    def weigh(self, task: Task, call: Call, batch: Sequence[Call]) -> str:
        """As `revising.Weigh`. Where this machine has not the task's folders, the worker that has them weighs it."""
        if not all(Path(grant.path).is_dir() for grant in task.folders):
            return call.tool
        desk = self._desk(task)
        toolbox = Toolbox(
            self._services.known(task),
            desk,
            self._standing(task),
            faults_in_batch=faults_in_batch,
            granted=lambda: self._services.granted(task),
        )
        if why := toolbox.objection(call) or faults_in_batch(desk, batch):
            raise NotAllowed(why)
        return toolbox.preview(call)

    def reserve(self, session: Session, task: Task) -> None:
        """In the transaction that claims it: a part of what it shares is held for its next call."""
        self._purses.reserve(session, task)

    def _undoer(self, task: Task, journal: DurableJournal) -> Toolbox:
        """The click is the yes to all of it, as to any batch: for this batch the plan was shown."""
        return self._toolbox(
            task,
            self._tools.undoing,
            lambda: replace(journal.brief, plan_approved=True),
            lambda: journal.seeing.seen,
        )

    def _toolbox(
        self,
        task: Task,
        tools: Mapping[str, Tool],
        brief: Callable[[], Brief],
        seen: Callable[[], Seen],
        allowed: Allowed | None = None,
        sampling: Sampling | None = None,
    ) -> Toolbox:
        return Toolbox(
            tools,
            self._desk(task, sampling),
            self._standing(task),
            faults_in_batch=faults_in_batch,
            halting=lambda is_read: self._running.halt(task.id, is_read=is_read),
            guard=lambda service: self._guarding(task, service),
            effect_id=lambda call: effect_id(task, call),
            beside=lambda entry: self._beside(task, entry),
            brief=brief,
            seen=seen,
            kinds=tuple if allowed is None else allowed.grants,
            granted=lambda: self._services.granted(task),
            said=lambda: self._said(task),
            hands=self._hands,
        )

    def _opening(self, task: Task) -> list[dict[str, Any]]:
        """With the brief as it is now: a model may have read the words since the task was taken up."""
        with self._database.read() as session:
            known = replace(task, brief=briefs.of(session, task.id))
        return prompt.opening(known, now=self._clock(), own_folder=str(self._own_folder(task)))

    def _undo_of(self, task: Task) -> Entry | None:
        with self._database.read() as session:
            return undoing.open_undo(session, task.id)

    def _said(self, task: Task) -> tuple[str, ...]:
        with self._database.read() as session:
            return own_words.of(session, task)

    def _beside(self, task: Task, entry: Entry) -> list[Entry]:
        with self._database.read() as session:
            if entry.batch:
                return calls.of_batch(session, task.id, entry.batch)
            return calls.of_turn(session, task.id, entry.seq)

    def _guarding(self, task: Task, service: str) -> AbstractContextManager[None]:
        return self._breakers.of(service).guarding(lambda: self._is_asked_again(task))

    def _is_asked_again(self, task: Task) -> bool:
        """A person pressed Retry, or spoke, since it paused: that is worth a try whatever the others saw."""
        with self._database.read() as session:
            return events.last_of(session, task.id, (News.PAUSED, News.STEERED)) is News.STEERED

    def _go_on(self, service: str) -> None:
        """A service answers again. Should this fail, every task that pauses for it has its own time."""
        with suppress(DatabaseOut), self._database.write("outage.over") as session:
            outages.over(session, service, now=self._clock())
        self._bell.ring()

    def _own_folder(self, task: Task) -> Path:
        return self._home / "tasks" / str(task.id)

    def _sampling(self, task: Task, purse: Purse) -> Sampling:
        return Sampling(
            task,
            self._database,
            claude=self._claude,
            purse=purse,
            running=self._running,
            clock=self._clock,
            ceiling=self._purses.most,
            guard=lambda: self._guarding(task, MODEL),
        )

    def _desk(self, task: Task, sampling: Sampling | None = None) -> Desk:
        own = self._own_folder(task)
        own.mkdir(parents=True, exist_ok=True)
        roots = [Root(path=Path(folder.path), writable=folder.writable) for folder in task.folders]

        def known() -> frozenset[str]:
            """The marks of what this task made itself: it may change and delete that without asking."""
            with self._database.read() as session:
                receipts = [one.receipt for one in calls.with_receipts(session, task.id) if one.receipt]
            return frozenset(mark for one in receipts for mark in (one.mark, *one.marks) if mark)

        return Desk(
            workspace=Workspace(roots, own, closed=[self._home]),
            own_folder=own,
            handed_over=self._home / DELIVERED / str(task.id),
            made=Made(known),
            kept=Kept(self._home / KEPT, self._keep, self._clock),
            veil=self._veil,
            privacy=self._privacy,
            abroad=self._services.abroad(task),
            replies=lambda effect: questions.replies_of(self._database, task, effect),
            sampling=(lambda _: None) if sampling is None else sampling.of,
            progress=Progress(task, self._database, clock=self._clock, bell=self._bell).of,
            sandbox=self._sandbox,
        )

    def _standing(self, task: Task) -> Standing:
        grants = Grants(folders=task.folders, sandbox=bool(self._sandbox and not self._sandbox.trouble))
        return Standing(brief=task.brief, grants=grants, autonomy=task.autonomy)
