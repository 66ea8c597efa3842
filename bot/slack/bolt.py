"""The Bolt app: every setting explicit, so that it reads nothing from the environment."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any, Final

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web import WebClient

from bot import crossing
from bot.errors import DatabaseOut
from bot.settings import Settings
from bot.slack.desk import Desk
from bot.slack.identity import Identity
from bot.slack.listeners import (
    approvals,
    cards,
    commands,
    connecting,
    connectors,
    crew,
    edits,
    forms,
    home,
    mentions,
    messages,
    permissions,
    plugins,
    prompts,
    questions,
    reactions,
    reviews,
    sessions,
    sharing,
    shortcuts,
    sign_in,
    tokens,
    workspace,
)
from bot.slack.views import loading, texts
from bot.slack.whispers import private

SURFACES: Final = (
    commands,
    mentions,
    messages,
    approvals,
    questions,
    edits,
    cards,
    crew,
    forms,
    shortcuts,
    home,
    plugins,
    permissions,
    connecting,
    connectors,
    reviews,
    prompts,
    sessions,
    sharing,
    reactions,
    sign_in,
    tokens,
    workspace,
)

KINDS: Final = frozenset(
    {
        "block_actions",
        "block_suggestion",
        "command",
        "event_callback",
        "message_action",
        "shortcut",
        "view_closed",
        "view_submission",
    }
)

_quiet = logging.getLogger("bot.slack.framework")
_quiet.setLevel(logging.ERROR)

logger = logging.getLogger(__name__)


def build(settings: Settings, identity: Identity, desk: Desk) -> App:
    """An acknowledgement says that the work is written down: a listener that raises makes Slack deliver again."""

    def authorize() -> AuthorizeResult:
        return identity.authorize()

    app = _Timed(
        name="cowork",
        client=WebClient(base_url=settings.slack_api_url, retry_handlers=[], logger=_quiet),
        authorize=authorize,
        signing_secret=settings.slack_signing_secret.get_secret_value() or secrets.token_hex(32),
        verification_token=secrets.token_hex(32),
        token_verification_enabled=False,
        process_before_response=True,
        logger=_quiet,
    )
    for surface in SURFACES:
        surface.register(app, desk)
    app.error(failed)
    return app


class _Timed(App):
    """Until a delivery is answered is time that Slack waits: it passes the gate under the kind of delivery."""

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        with crossing.watched(f"delivery.{_kind(req.body)}"):
            return super().dispatch(req)


def failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """People are told that it failed; an event is delivered again."""
    logger.error("a delivery of Slack could not be taken", exc_info=error)
    answer = texts.NOT_WRITTEN if isinstance(error, DatabaseOut) else texts.TROUBLE
    if "command" in body:
        return _json(private(texts.said(answer)))
    if body.get("type") == "view_submission":
        return _json({"response_action": "update", "view": loading.notice(answer).to_dict()})
    return BoltResponse(status=500, body="")


def _kind(body: Mapping[str, Any]) -> str:
    kind = "command" if "command" in body else body.get("type")
    return kind if kind in KINDS else "other"


def _json(body: Mapping[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=dict(body), headers={"Content-Type": "application/json"})
