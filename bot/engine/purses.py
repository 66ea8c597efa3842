"""The purses of tasks: what is set for everybody, and the most that one call of the model can use."""

from __future__ import annotations

from bot.domain.budget import Budgets, Used
from bot.domain.clock import Clock
from bot.domain.task import Task
from bot.domain.turn import Usage
from bot.engine.purse import Purse
from bot.engine.ruts import Ruts
from bot.model import prices
from bot.model.claude import Claude
from bot.store import budgets as reservations
from bot.store.budgets import Reservation
from bot.store.database import Database, Session
from bot.store.spending import used_by


class Purses:
    def __init__(self, database: Database, *, claude: Claude, clock: Clock, budgets: Budgets) -> None:
        self._database = database
        self._claude = claude
        self._clock = clock
        self._budgets = budgets

    def of(self, task: Task) -> Purse:
        """With what was reserved for it when it was claimed, or by a process that died."""
        with self._database.read() as session:
            return self._purse(task, held=reservations.reserved(session, task.id))

    def reserve(self, session: Session, task: Task) -> None:
        """In the transaction that claims it: a part of what it shares is held for its next call."""
        self._purse(task).take_up(session)

    def most(self, prompt: int, answer: int) -> Used:
        """Of a call no more is known before than its prompt, and how long an answer may be: both in tokens."""
        dollars = prices.most(self._claude.model, prompt, answer)
        return used_by(Usage(input_tokens=prompt, output_tokens=answer, dollars=dollars))

    def _purse(self, task: Task, *, held: Reservation | None = None) -> Purse:
        return Purse(
            task,
            clock=self._clock,
            shared=self._budgets.shared,
            ceiling=lambda tokens: self.most(tokens, self._claude.max_tokens),
            held=held,
            ruts=Ruts(self._budgets.stuck),
        )
