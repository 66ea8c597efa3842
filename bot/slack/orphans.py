"""Replies whose goal never came: nothing is done with them, and their authors are told so, there where they replied."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.slack import escape, fit
from bot.slack.courier import Courier
from bot.slack.limits import LOOK, POST, Limits
from bot.slack.outcomes import Gone, Misshapen, Outcome, Refused, Sent, Throttled
from bot.slack.views import texts
from bot.slack.views.message import Message
from bot.store import early
from bot.store.database import Database
from bot.store.early import Early, Kind

UNHEARD = (
    "I did nothing with “{words}”: the message that it replies to did not reach me as a goal. "
    "Please send the goal and this together, as a new message."
)

_LOOK = timedelta(seconds=5)
_AGAIN = timedelta(minutes=1)
_MOST = 20
_TOLD = (Kind.WORDS, Kind.UNHEARD)
_SHOWN = 300

logger = logging.getLogger(__name__)


class Orphans:
    def __init__(self, database: Database, courier: Courier, limits: Limits) -> None:
        self._database = database
        self._courier = courier
        self._limits = limits
        self._looked: datetime | None = None

    def tell(self, now: datetime) -> None:
        """One every few seconds at most, behind all that the outbox wants; none where Slack asked for a pause.

        A stop sign on what was no goal is forgotten in silence, as is its edit.
        """
        if self._looked is not None and abs(now - self._looked) < _LOOK:
            return
        self._looked = now
        with self._database.read() as session:
            found = early.given_up(session, now=now, limit=_MOST)
        silent = [one for one in found if one.kind not in _TOLD]
        if silent:
            with self._database.write("early.forget") as session:
                for one in silent:
                    early.drop(session, one)
        next_one = next((one for one in found if one.kind in _TOLD and self._may_post(one, now)), None)
        if next_one is not None:
            self._give_up(next_one, now)

    def _may_post(self, one: Early, now: datetime) -> bool:
        if self._limits.held_until(LOOK, now=now) is not None:
            return False
        return self._limits.wait_for(POST, one.place.channel, now=now) is None

    def _give_up(self, one: Early, now: datetime) -> None:
        """Nobody else tells its author meanwhile, and no goal takes it up any more."""
        with self._database.write("early.give_up") as session:
            if not early.give_up(session, one, now=now, until=now + _AGAIN):
                return
        outcome = self._told(one)
        if isinstance(outcome, Throttled):
            self._limits.hold(outcome.method, outcome.seconds, now=now)
        if isinstance(outcome, Refused | Gone | Misshapen):
            logger.warning("%s cannot be told that a reply came to nothing: %s", one.person.user, outcome)
        if isinstance(outcome, Sent | Refused | Gone | Misshapen):
            with self._database.write("early.given_up") as session:
                early.drop(session, one)

    def _told(self, one: Early) -> Outcome:
        """Once: what may have been posted is looked for first. Where Slack takes nothing, nobody can be told."""
        key = f"early:{one.id}"
        return self._courier.find(one.place, key, None) or self._courier.post(
            one.place, _unheard(one), key=key, plainer=lambda plain: plain
        )


def _unheard(one: Early) -> Message:
    words = fit.clip(escape.mrkdwn_line(one.text), _SHOWN, is_mrkdwn=True)
    return texts.said(UNHEARD.format(words=words))
