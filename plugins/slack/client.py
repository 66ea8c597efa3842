"""Slack's Web API through its own library: each request sent once, errors in our words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from http.client import HTTPException
from typing import Any, NoReturn
from urllib.parse import urlsplit

import httpx2
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.sdk import Connection, SignInNeeded, ToolError, Unavailable, seconds_to_wait
from bot.sdk.reaching import TIMEOUT, UNREACHED, capped, unreached
from bot.sdk.trust import trusted

SERVICE = "Slack"
MOST_BYTES = 20_000_000
MOST_LISTED = 3_000
"""How many channels or people are looked through for a name."""
_PER_PAGE = 1_000
"""Slack allows such a listing about twenty times a minute."""
_DEAD = (
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "invalid_refresh_token",
)
_FAULTS = ("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org")
_WORDS = {
    "channel_not_found": "Slack has no such channel, or this connection does not see it.",
    "not_in_channel": "The connection is not in that channel: somebody invites it there (/invite) first.",
    "is_archived": "The channel is archived.",
    "message_not_found": "There is no such message in the channel.",
    "thread_not_found": "There is no such thread in the channel.",
    "file_not_found": "Slack has no such file, or this connection does not see it.",
    "canvas_not_found": "Slack has no such canvas, or this connection does not see it.",
    "invalid_name": "Slack has no emoji of that name.",
    "user_not_found": "Slack has no such person.",
    "time_in_past": "That time has passed.",
    "time_too_far": "Slack schedules at most 120 days ahead.",
    "msg_too_long": "The message is too long for Slack.",
    "restricted_action": "The workspace's settings do not allow this connection to do it: a workspace admin can.",
}


class Refused(ToolError):
    """Slack said no; `code` is its own word."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Slack:
    """For one call. `web` asks as who is connected; `finder` is a person's, whom alone Slack lets search."""

    def __init__(self, connection: Connection) -> None:
        self._base = connection.endpoints["api"]
        self._token = connection.secrets.get("token", "")
        self._finding = connection.secrets.get("user_token") or (
            self._token if self._token.startswith("xoxp-") else ""
        )
        self._home = connection.facts.get("url", "")
        self.web = self._client(self._token)

    @property
    def finder(self) -> WebClient:
        if not self._finding:
            raise ToolError(
                "Slack lets only people search, and this connection has no user token (xoxp-…, with search:read):"
                " whoever connected Slack can add one. slack_read_channel works without."
            )
        return self._client(self._finding)

    def ask(self, method: Callable[..., Any], **given: Any) -> dict[str, Any]:
        """One request. Raises `Refused`, `SignInNeeded`, `Unavailable`."""
        return self.asked(method, **given).data  # type: ignore[no-any-return]

    def asked(self, method: Callable[..., Any], **given: Any) -> Any:
        """With the headers of the answer."""
        try:
            return method(**{name: value for name, value in given.items() if value is not None})
        except SlackApiError as error:
            _refused(error)
        except (SlackClientError, HTTPException, OSError) as error:
            raise unreached(SERVICE, error) from error

    @cached_property
    def me(self) -> dict[str, Any]:
        return self.ask(self.web.auth_test)

    @property
    def home(self) -> str:
        """Where the workspace is: https://acme.slack.com/"""
        return self._home or str(self.me["url"])

    @cached_property
    def directory(self) -> dict[str, dict[str, Any]]:
        """Channels by id: the public ones, and the private ones that the connection is in, if it may see those."""
        try:
            found = list(
                self._every("channels", self.web.conversations_list, types="public_channel,private_channel")
            )
        except Refused as error:
            if error.code != "missing_scope":
                raise
            found = list(self._every("channels", self.web.conversations_list, types="public_channel"))
        return {one["id"]: one for one in found}

    @cached_property
    def people(self) -> dict[str, dict[str, Any]]:
        """Members by id, with those who left."""
        return {one["id"]: one for one in self._every("members", self.web.users_list)}

    def download(self, url: str) -> bytes:
        """A file of Slack's. The token goes to Slack's own hosts alone, and nowhere that they point to."""
        own, host = str(urlsplit(self._base).hostname), str(urlsplit(url).hostname)
        if host != own and not host.endswith(f".{own}"):
            raise ToolError(f"The file is not kept at Slack but at {host}, where it cannot be read.")
        try:
            return self._downloaded(url)
        except UNREACHED as error:
            raise unreached(SERVICE, error) from error

    def _downloaded(self, url: str) -> bytes:
        headers = {"Authorization": f"Bearer {self._token}"}
        with (
            httpx2.Client(headers=headers, timeout=TIMEOUT, verify=trusted()) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code != 200:
                raise ToolError(
                    f"Slack does not give this file ({answer.status_code}). It may need files:read."
                )
            return capped(answer.iter_bytes(), SERVICE, MOST_BYTES)

    def _every(self, rows: str, method: Callable[..., Any], **given: Any) -> Iterator[dict[str, Any]]:
        cursor, seen = None, 0
        while cursor != "" and seen < MOST_LISTED:
            answer = self.ask(method, limit=_PER_PAGE, cursor=cursor, **given)
            yield from answer[rows]
            seen += len(answer[rows])
            cursor = cursor_of(answer)

    def _client(self, token: str) -> WebClient:
        return WebClient(
            token=token,
            base_url=f"{self._base}/",
            timeout=TIMEOUT,
            ssl=trusted(),
            retry_handlers=[],
            logger=_quiet(),
        )


def cursor_of(answer: Mapping[str, Any]) -> str:
    return str((answer.get("response_metadata") or {}).get("next_cursor") or "")


@cache
def _quiet() -> logging.Logger:
    """The library logs what is sent, and whole answers that it cannot read: errors are ours to tell."""
    logger = logging.getLogger(__name__)
    logger.setLevel(logging.CRITICAL)
    return logger


def _refused(error: SlackApiError) -> NoReturn:
    """What Slack said, sorted by who can act."""
    answer: Any = error.response
    told = answer.data if isinstance(answer.data, dict) else {}
    code = str(told.get("error", ""))
    if answer.status_code == 429 or code in ("ratelimited", "rate_limited"):
        told_wait = {name.lower(): value for name, value in answer.headers.items()}.get("retry-after")
        wait = seconds_to_wait(told_wait)
        raise Unavailable("it asks to wait", wait, service=SERVICE, nothing_done=True) from error
    if code in _DEAD or answer.status_code == 401:
        raise SignInNeeded(f"Slack refused the token: {code.replace('_', ' ')}") from error
    if answer.status_code >= 500 or code in _FAULTS or not code:
        raise Unavailable("it has a fault of its own", service=SERVICE) from error
    if code == "missing_scope":
        said = (
            f"The Slack connection lacks the right {told.get('needed')}: its owner can connect again with it."
        )
        raise Refused(said, code) from error
    raise Refused(_WORDS.get(code, f"Slack refused this: {code.replace('_', ' ')}."), code) from error
