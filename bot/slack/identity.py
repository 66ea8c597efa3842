"""Who we are in Slack: asked once, when it is first needed."""

from __future__ import annotations

import threading

from slack_bolt.authorization import AuthorizeResult

from bot.errors import Unavailable
from bot.slack.web import FAILURES, Web, error_code


class Identity:
    def __init__(self, web: Web, token: str) -> None:
        self._web = web
        self._token = token
        self._known: AuthorizeResult | None = None
        self._workspace = ""
        self._lock = threading.Lock()

    @property
    def bot_user(self) -> str:
        return str(self.authorize().bot_user_id or "")

    @property
    def workspace(self) -> str:
        """Its name; "" before Slack said it."""
        return self._workspace

    def is_ours(self, team: str) -> bool:
        """Whether this is the workspace that our token is for; that of an organisation is for all of its own."""
        known = self.authorize()
        return team == known.team_id or (known.team_id or "E").startswith("E")

    def authorize(self) -> AuthorizeResult:
        """For Bolt. Raises `Unavailable`, so that a delivery which cannot be told from our own comes again."""
        with self._lock:
            if self._known is None:
                self._known = self._asked()
            return self._known

    def trouble(self) -> str:
        """Asked anew: why Slack does not know us now, "" when it does."""
        try:
            self._asked()
        except Unavailable as trouble:
            return str(trouble)
        return ""

    def _asked(self) -> AuthorizeResult:
        try:
            answer = self._web.quick.auth_test()
        except FAILURES as error:
            why = error_code(error) or type(error).__name__
            raise Unavailable(f"Slack does not say who we are: {why}") from error
        self._workspace = str(answer.get("team") or "")
        return AuthorizeResult(
            enterprise_id=answer.get("enterprise_id"),
            team_id=answer.get("team_id"),
            bot_id=answer.get("bot_id"),
            bot_user_id=answer.get("user_id"),
            bot_token=self._token,
        )
