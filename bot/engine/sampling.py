"""A word of the model for a connector's server, in the middle of a call: on its own words, at the task's cost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

from bot import crossing
from bot.agent import lending
from bot.agent.lending import Wanted
from bot.domain.budget import SpentOut, Used
from bot.domain.clock import Clock
from bot.domain.connector import Connector, Sample
from bot.domain.event import News
from bot.domain.task import Task
from bot.domain.turn import Turn, Usage
from bot.engine import news
from bot.engine.purse import Purse
from bot.engine.running import Running
from bot.errors import CoworkError, LeaseLost, ToolError
from bot.model.claude import Claude
from bot.model.errors import Discarded
from bot.model.request import Prefix
from bot.store import fences
from bot.store.budgets import Reservation
from bot.store.database import Database, Session

_CHARACTERS_PER_TOKEN = 2
"""Few, so that what is reserved suffices in any language."""

logger = logging.getLogger(__name__)


class Sampling:
    """One task's. `ceiling` is the most that a call may use, given its prompt and its answer in tokens. `guard` stands
    before each call: it may say at once that the model is out.
    """

    def __init__(
        self,
        task: Task,
        database: Database,
        *,
        claude: Claude,
        purse: Purse,
        running: Running,
        clock: Clock,
        ceiling: Callable[[int, int], Used],
        guard: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._task = task
        self._database = database
        self._claude = claude
        self._purse = purse
        self._running = running
        self._clock = clock
        self._ceiling = ceiling
        self._guard = guard

    def of(self, connector: Connector) -> Sample | None:
        """None where an admin has not allowed it."""
        return partial(self._word, connector) if connector.sampling else None

    def _word(self, connector: Connector, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Paid for beforehand, as far as that can be known. Raises `ToolError` for a no."""
        wanted = Wanted.read(asked)
        lent = self._lent(wanted)
        turn, usage = None, Usage()
        try:
            turn = self._turn(connector, wanted)
            usage = turn.usage
        except Discarded as useless:
            usage = useless.usage
            raise ToolError(f"The model gave no answer: {useless}") from useless
        except CoworkError as error:
            raise ToolError(f"The model could not be asked: {error}") from error
        finally:
            self._settle(connector, lent, usage, turn)
        if not turn.text:
            raise ToolError(f"The model came to no answer within {wanted.tokens:,} tokens.")
        return lending.answer(turn.text, model=self._claude.model, is_cut=turn.stop_reason == "max_tokens")

    def _lent(self, wanted: Wanted) -> Reservation:
        size = (len(wanted.text) + len(lending.instructions())) // _CHARACTERS_PER_TOKEN
        with self._database.write("sampling.reserve") as session:
            hold = fences.fence(session, self._task)
            if hold.stop_by:
                raise ToolError("The task is being stopped.")
            lent = self._purse.lend(session, hold.spending, self._ceiling(size, wanted.tokens))
        if isinstance(lent, SpentOut):
            raise ToolError(f"The model is not asked. {lent.why}")
        self._purse.is_lent(lent)
        return lent

    def _turn(self, connector: Connector, wanted: Wanted) -> Turn:
        model = self._claude.model
        prefix = Prefix(model=model, system=lending.instructions(), most=wanted.tokens)
        question = lending.question(connector.title, wanted)
        with self._running.wire(self._task.id) as wire, self._guard(), crossing.outside("model.sampling"):
            return self._claude.turn(prefix, question, wire=wire)

    def _settle(self, connector: Connector, lent: Reservation, usage: Usage, turn: Turn | None) -> None:
        """What was paid for counts, whoever has the task by now; told it is of a task that is ours."""
        with self._database.write("sampling.settle") as session:
            is_ours = self._is_ours(session)
            if is_ours and usage != Usage():
                self._tell(session, connector, usage, turn)
            self._purse.repay(session, lent, usage, is_ours=is_ours)
        self._purse.is_repaid(lent)

    def _is_ours(self, session: Session) -> bool:
        try:
            fences.fence(session, self._task)
        except LeaseLost:
            return False
        return True

    def _tell(self, session: Session, connector: Connector, usage: Usage, turn: Turn | None) -> None:
        """Who asked, and what it came to: not what was said."""
        read = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
        told = {
            "connector": connector.slug,
            "title": connector.title,
            "model": self._claude.model,
            "request_id": "" if turn is None else turn.request_id,
            "read": read,
            "written": usage.output_tokens,
            "dollars": usage.dollars,
        }
        news.tell(session, self._task.id, self._task.place, News.SAMPLED, now=self._clock(), data=told)
