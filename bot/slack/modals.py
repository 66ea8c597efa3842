"""Modals: a loading view takes the trigger while it is fresh, then it becomes what was asked for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future

from slack_bolt import Ack
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View

from bot.errors import NotAllowed
from bot.slack.errands import Errands
from bot.slack.views import loading, texts
from bot.slack.web import FAILURES, Web, error_code

_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})

_IN_TIME = 1.5
_AFTER_ACK = 0.5

logger = logging.getLogger(__name__)


class Modals:
    def __init__(self, web: Web, errands: Errands) -> None:
        self._web = web
        self._errands = errands

    def show(self, trigger: str, build: Callable[[], View], *, late: Callable[[], None]) -> None:
        """`late` is called when it did not open: the trigger can open nothing any more."""
        self._errands.run(lambda: self._show(trigger, build, late))

    def push(self, trigger: str, build: Callable[[], View], *, late: Callable[[], None]) -> None:
        """As `show`, on top of the view that is open."""
        self._errands.run(lambda: self._show(trigger, build, late, is_on_top=True))

    def answer(self, ack: Ack, view_id: str, build: Callable[[], View], *, meanwhile: View) -> None:
        """To a submitted form: what `build` gives, where it is there in time; else `meanwhile`, and it later."""
        asked = self._errands.ask(lambda: _built(build))
        try:
            ack(response_action="update", view=asked.result(timeout=_IN_TIME))
        except TimeoutError:
            ack(response_action="update", view=meanwhile)
            self._errands.run(lambda: self._follow(view_id, asked))

    def turn(self, view_id: str, build: Callable[[], View]) -> None:
        """Show something else in a view that is open, such as its next page."""
        self._errands.run(lambda: self._update(view_id, "", build))

    def turn_later(self, view_id: str, meanwhile: Callable[[], View], build: Callable[[], View]) -> None:
        """As `turn`, for what takes its time: `meanwhile` is shown at once. Whoever closed the view, or did something
        else in it, is not brought back."""
        self._errands.run(lambda: self._turn_later(view_id, meanwhile, build))

    def publish(self, user: str, view: View, *, otherwise: View) -> None:
        """Someone's Home tab; `otherwise` is for when Slack rejects the view: one bad field empties the whole tab."""
        try:
            self._web.posts.views_publish(user_id=user, view=view)
        except SlackApiError as error:
            if error_code(error) != "invalid_arguments":
                raise
            logger.error("Slack rejected a Home tab: %s", error.response.data)
            self._web.posts.views_publish(user_id=user, view=otherwise)

    def _turn_later(self, view_id: str, meanwhile: Callable[[], View], build: Callable[[], View]) -> None:
        shown = self._web.posts.views_update(view_id=view_id, view=_built(meanwhile))["view"]
        self._update(view_id, str(shown.get("hash") or ""), build)

    def _follow(self, view_id: str, asked: Future[View]) -> None:
        """Slack has to have `meanwhile` by then: it is sent when the listener returns."""
        view = asked.result()
        threading.Event().wait(_AFTER_ACK)
        self._update(view_id, "", lambda: view)

    def _show(
        self, trigger: str, build: Callable[[], View], late: Callable[[], None], *, is_on_top: bool = False
    ) -> None:
        put = self._web.posts.views_push if is_on_top else self._web.posts.views_open
        try:
            opened = put(trigger_id=trigger, view=loading.loading())["view"]
        except FAILURES as error:
            if error_code(error) not in _LATE:
                logger.warning("a view was not opened: %s", error_code(error) or type(error).__name__)
            late()
            return
        self._update(str(opened["id"]), str(opened.get("hash") or ""), build)

    def _update(self, view_id: str, hash_: str, build: Callable[[], View]) -> None:
        view = _built(build)
        try:
            self._web.posts.views_update(view_id=view_id, hash=hash_ or None, view=view)
        except SlackApiError as error:
            if error_code(error) != "invalid_arguments":
                raise
            logger.error("Slack rejected a view: %s", error.response.data)
            self._web.posts.views_update(view_id=view_id, view=loading.notice(texts.TROUBLE))


def _built(build: Callable[[], View]) -> View:
    try:
        return build()
    except NotAllowed as refusal:
        return loading.notice(str(refusal))
    except Exception:
        logger.exception("a view could not be built")
        return loading.notice(texts.TROUBLE)
