"""The three ways of calling Slack: posting, which never repeats itself; reading; and reading while a person waits."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, ServerErrorRetryHandler
from slack_sdk.web import WebClient

from bot import crossing
from bot.domain.veil import Veil
from bot.settings import Settings

FAILURES: Final = (SlackApiError, SlackRequestError, OSError, HTTPException)
"""What a call of Slack can raise; timeouts and dropped connections are `OSError` or `HTTPException`."""

_READ_BY_PEOPLE: Final = ("chat.", "views.", "files.completeUpload", "assistant.")
_TEXTS: Final = ("json", "data", "params")

_quiet = logging.getLogger("bot.slack.web")
_quiet.setLevel(logging.CRITICAL)


@dataclass(frozen=True, kw_only=True)
class Web:
    """`posts` changes things and makes every call once; `reads` may repeat; `quick` gives up after two seconds."""

    posts: WebClient
    reads: WebClient
    quick: WebClient


class Crossing(WebClient):
    """Every call passes the gate under the name of its method; what people will read passes the veil."""

    def __init__(self, veil: Veil, **given: Any) -> None:
        super().__init__(**given)
        self._veil = veil

    def api_call(self, api_method: str, **call: Any) -> Any:
        if api_method.startswith(_READ_BY_PEOPLE):
            call |= {part: _veiled(self._veil, call[part]) for part in _TEXTS if call.get(part)}
        with crossing.outside(f"slack.{api_method}"):
            return super().api_call(api_method, **call)


def web(settings: Settings, veil: Veil = Veil()) -> Web:
    def client(timeout: int, *, repeats: bool = False) -> WebClient:
        return Crossing(
            veil,
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            timeout=timeout,
            retry_handlers=[ConnectionErrorRetryHandler(), ServerErrorRetryHandler()] if repeats else [],
            logger=_quiet,
        )

    return Web(posts=client(15), reads=client(10, repeats=True), quick=client(2))


def _veiled(veil: Veil, sent: Mapping[str, Any]) -> dict[str, Any]:
    """A view is sent as JSON text of its own."""
    view = sent.get("view")
    given = {**sent, "view": json.loads(view)} if isinstance(view, str) else sent
    hidden = veil.masked_in(given)
    if hidden is given:
        return dict(sent)
    return {**hidden, "view": json.dumps(hidden["view"])} if isinstance(view, str) else dict(hidden)


def is_loopback(url: str) -> bool:
    """Whether this is the local Slack, which has no limits and is not behind a proxy."""
    return (urlsplit(url).hostname or "") in ("127.0.0.1", "localhost", "::1")


def error_code(error: Exception) -> str:
    """Slack's word for what went wrong, "" when Slack did not say."""
    data = getattr(getattr(error, "response", None), "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""
