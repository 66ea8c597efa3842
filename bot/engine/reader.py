"""A model that reads the requester's words for the brief: a small one first, then the one that works, else none."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot import crossing
from bot.agent import briefing
from bot.domain.brief import Reading
from bot.domain.turn import Usage
from bot.errors import CoworkError, Unavailable
from bot.model.claude import Claude
from bot.model.errors import Cut, Discarded
from bot.model.request import Prefix
from bot.model.wire import Wire

MOST_TOKENS = 2_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Read:
    """What was found, by which model, and what it cost; without a `model` none could read it."""

    reading: Reading
    model: str = ""
    request_id: str = ""
    usage: Usage = field(default_factory=Usage)


class Reader:
    """`models` are asked in turn, until one has an answer; each is to be made for short answers."""

    def __init__(self, *models: Claude) -> None:
        self._models = models

    def read(self, words: str, wire: Wire) -> Read:
        """Raises `Cut`, and `Unavailable` when the last of them is out: the task could not go on either."""
        spent: list[Usage] = []
        for model in self._models:
            try:
                found = self._by(model, words, wire)
            except Cut:
                raise
            except Unavailable as out:
                if model is self._models[-1]:
                    raise
                logger.warning("the brief is not read by %s: %s", model.model, out)
                continue
            except Discarded as useless:
                spent.append(useless.usage)
                logger.warning("the brief is not read by %s: %s", model.model, useless)
                continue
            except CoworkError as refused:
                logger.warning("the brief is not read by %s: %s", model.model, refused)
                continue
            if found is not None:
                return found
        return Read(reading=Reading(), usage=spent[-1] if spent else Usage())

    def _by(self, model: Claude, words: str, wire: Wire) -> Read | None:
        with wire.watching():
            if not model.capabilities_of(model.model).structured_outputs:
                return None
        prefix = Prefix(model=model.model, system=briefing.instructions(), schema=briefing.schema())
        with crossing.outside("model.brief"):
            turn = model.turn(prefix, briefing.question(words), wire=wire)
        reading = briefing.understood(turn.text, words)
        if reading is None:
            logger.warning(
                "the brief as %s read it makes no sense (request %s)", model.model, turn.request_id
            )
            return Read(reading=Reading(), usage=turn.usage)
        return Read(reading=reading, model=model.model, request_id=turn.request_id, usage=turn.usage)


def words_of(reads: Sequence[Read]) -> dict[str, list[str]]:
    """Who read it, for the audit log; empty where fixed rules alone did."""
    return {
        "models": [one.model for one in reads if one.model],
        "requests": [one.request_id for one in reads if one.request_id],
    }
