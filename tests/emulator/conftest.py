"""A local Slack in a temporary folder, and unmodified Bolt apps connected to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.emulator.delivery import Timings
from bot.emulator.server import LocalSlack
from tests.eventually import eventually

SCOPES = [
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "reactions:read",
    "reactions:write",
    "users:read",
]
OPTIONAL = ["channels:join", "chat:write.public", "users:read.email", "usergroups:read"]
EVENTS = [
    "app_home_opened",
    "app_mention",
    "app_context_changed",
    "agent_session_stopped",
    "agent_session_title_changed",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "member_joined_channel",
    "file_shared",
    "app_uninstalled",
    "tokens_revoked",
]


def manifest_with(**changes: Any) -> dict[str, Any]:
    """The app's manifest; `scopes` and `events` may be narrowed."""
    return {
        "display_information": {"name": "Cowork", "description": "A digital colleague"},
        "features": {
            "agent_view": {
                "agent_description": "A digital colleague",
                "suggested_prompts": [{"title": "Tidy", "message": "Tidy my downloads"}],
            },
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "cowork"},
            "slash_commands": [
                {
                    "command": "/cowork",
                    "description": "Hand over",
                    "usage_hint": "<goal>",
                    "should_escape": True,
                }
            ],
            "shortcuts": [
                {
                    "name": "Hand to Cowork",
                    "type": "message",
                    "callback_id": "hand_to_cowork",
                    "description": "…",
                },
                {"name": "New task", "type": "global", "callback_id": "new_task", "description": "…"},
            ],
        },
        "oauth_config": {"scopes": {"bot": changes.get("scopes", SCOPES), "bot_optional": OPTIONAL}},
        "settings": {
            "interactivity": {"is_enabled": True},
            "event_subscriptions": {"bot_events": changes.get("events", EVENTS)},
            "socket_mode_enabled": True,
        },
    }


@pytest.fixture
def manifest() -> Callable[..., dict[str, Any]]:
    return manifest_with


@pytest.fixture
def timings() -> Timings:
    return Timings(ack=0.5, retries=(0.0, 0.05, 0.1), file_share=0.02)


@pytest.fixture
def slack(tmp_path: Path, timings: Timings) -> Iterator[LocalSlack]:
    running = LocalSlack(tmp_path, manifest_with(), timings=timings)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def connect(slack: LocalSlack) -> Iterator[Callable[[], App]]:
    """A function that gives a new Bolt app, connected by Socket Mode once `go` is called on it."""
    handlers: list[SocketModeHandler] = []

    def new() -> App:
        web = WebClient(token=slack.bot_token, base_url=slack.api_url)
        app = App(client=web, token_verification_enabled=False, process_before_response=True)
        handler = SocketModeHandler(app, slack.app_token)
        handler.client.proxy = None
        handlers.append(handler)
        handler.connect()
        eventually(lambda: slack.workspace.delivery.connected)
        return app

    yield new
    for handler in handlers:
        handler.client.auto_reconnect_enabled = False
    slack.control.kill_sockets()
    for handler in handlers:  # closing takes the client seconds of waiting, which no test needs
        threading.Thread(target=handler.close, daemon=True).start()


@pytest.fixture
def until() -> Callable[..., Any]:
    return eventually


@pytest.fixture
def error_of() -> Callable[..., Any]:
    """The answer of a call that Slack refuses."""

    def refused(call: Callable[..., Any], **arguments: Any) -> Any:
        with pytest.raises(SlackApiError) as caught:
            call(**arguments)
        return caught.value.response.data

    return refused
