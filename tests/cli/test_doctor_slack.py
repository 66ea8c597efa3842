"""`cowork doctor` on Slack: tokens of the right kind, that Slack takes, with the scopes of the manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import MANIFEST
from bot.emulator.server import LocalSlack
from tests.cli.conftest import Examine

Opened = Callable[..., LocalSlack]
BOT_PAGE = "“OAuth & Permissions” of the app at api.slack.com/apps"
APP_PAGE = "“Basic Information” → “App-Level Tokens” of the app at api.slack.com/apps"


@pytest.fixture
def slack_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """A Slack in which an app was installed with these scopes; all of the manifest's without any."""
    opened: list[LocalSlack] = []

    def open_with(**scopes: list[str]) -> LocalSlack:
        manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))
        manifest["oauth_config"]["scopes"].update(scopes)
        opened.append(LocalSlack(tmp_path_factory.mktemp("slack"), manifest))
        opened[-1].start()
        return opened[-1]

    yield open_with
    for slack in opened:
        slack.stop()


@pytest.fixture
def slack(slack_with: Opened) -> LocalSlack:
    return slack_with()


def tokens(slack: LocalSlack, **changes: str) -> dict[str, Any]:
    return {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        **changes,
    }


def test_good_tokens_show_the_workspace_the_scopes_and_how_events_come(
    examine: Examine, slack: LocalSlack
) -> None:
    ((state, found, _),) = examine("Slack", **tokens(slack))
    assert (state, "as @cowork, at http://127.0.0.1" in found) == ("ok", True)
    assert examine("Slack events", **tokens(slack)) == [("ok", "by Socket Mode", "")]
    ((state, found, _),) = examine("Slack scopes", **tokens(slack))
    assert (state, found) == ("ok", "all 17; optional ones not given: chat:write.public")


def test_scopes_of_an_older_manifest_ask_for_a_reinstall(examine: Examine, slack_with: Opened) -> None:
    slack = slack_with(bot=["chat:write", "commands", "users:read"], bot_optional=[])
    ((state, found, remedy),) = examine("Slack scopes", **tokens(slack))
    assert state == "failed"
    assert found.startswith("The token lacks app_mentions:read, assistant:write, channels:history,")
    assert remedy == (
        "Reinstall the app with the new manifest: paste manifest.yml under “App Manifest” of the app at "
        "api.slack.com/apps, then press “Reinstall”."
    )


def test_a_bot_token_that_slack_does_not_know_is_a_failure(examine: Examine, slack: LocalSlack) -> None:
    wrong = tokens(slack, SLACK_BOT_TOKEN="xoxb-1-2-wrong")
    remedy = f"Copy the Bot User OAuth Token from {BOT_PAGE}, and set SLACK_BOT_TOKEN to it."
    assert examine("Slack", **wrong) == [("failed", "Slack refused SLACK_BOT_TOKEN (invalid_auth).", remedy)]


def test_an_app_that_was_removed_is_a_failure(examine: Examine, slack: LocalSlack) -> None:
    slack.control.uninstall()
    remedy = f"Install the app again ({BOT_PAGE}), and set SLACK_BOT_TOKEN to its new token."
    assert examine("Slack", **tokens(slack)) == [
        ("failed", "Slack refused SLACK_BOT_TOKEN (account_inactive).", remedy)
    ]


def test_an_app_token_that_slack_does_not_know_is_a_failure(examine: Examine, slack: LocalSlack) -> None:
    wrong = tokens(slack, SLACK_APP_TOKEN="xapp-1-wrong")
    remedy = f"Copy the token from {APP_PAGE}, and set SLACK_APP_TOKEN to it."
    assert examine("Slack events", **wrong) == [
        ("failed", "Slack refused SLACK_APP_TOKEN (invalid_auth).", remedy)
    ]


def test_tokens_that_are_swapped_are_to_be_swapped_back(examine: Examine, slack: LocalSlack) -> None:
    swapped = tokens(slack, SLACK_BOT_TOKEN=slack.app_token, SLACK_APP_TOKEN=slack.bot_token)
    found = "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are mixed up."
    assert examine("Slack", **swapped) == [("failed", found, "Swap the two values.")]
    assert examine("Slack events", **swapped) == []


@pytest.mark.parametrize(
    ("token", "found"),
    [
        ("xapp-1-A-2-b", "SLACK_BOT_TOKEN holds an app-level token (xapp-…)."),
        ("xoxp-1-2-3", "SLACK_BOT_TOKEN holds a user token (xoxp-…)."),
        ("secret", "SLACK_BOT_TOKEN does not look like a bot token."),
    ],
)
def test_a_bot_token_of_the_wrong_kind_is_named(
    token: str, found: str, examine: Examine, slack: LocalSlack
) -> None:
    remedy = f"Set it to the Bot User OAuth Token (xoxb-…) from {BOT_PAGE}."
    assert examine("Slack", **tokens(slack, SLACK_BOT_TOKEN=token)) == [("failed", found, remedy)]


@pytest.mark.parametrize(
    ("token", "found"),
    [
        ("xoxb-1-2-3", "SLACK_APP_TOKEN holds a bot token (xoxb-…)."),
        ("secret", "SLACK_APP_TOKEN does not look like an app-level token."),
        ("", "There is no way for events to come in."),
    ],
)
def test_an_app_token_of_the_wrong_kind_is_named(
    token: str, found: str, examine: Examine, slack: LocalSlack
) -> None:
    ((state, said, remedy),) = examine("Slack events", **tokens(slack, SLACK_APP_TOKEN=token))
    assert (state, said) == ("failed", found)
    assert APP_PAGE in remedy


def test_a_signing_secret_takes_events_over_http(examine: Examine, slack: LocalSlack) -> None:
    given = tokens(slack, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=slack.signing_secret)
    found = "over HTTP at /slack/events, which Slack must be able to reach"
    assert examine("Slack events", **given) == [("ok", found, "")]


def test_an_app_token_alone_is_a_warning(examine: Examine) -> None:
    found = "SLACK_APP_TOKEN is set but SLACK_BOT_TOKEN is not, so the local Slack is used."
    remedy = f"Set SLACK_BOT_TOKEN to the Bot User OAuth Token from {BOT_PAGE}."
    assert examine("Slack", SLACK_APP_TOKEN="xapp-1-A") == [("warning", found, remedy)]


def test_a_slack_that_cannot_be_reached_is_a_failure(examine: Examine, slack: LocalSlack) -> None:
    gone = tokens(slack, SLACK_API_URL="http://127.0.0.1:1/api/")
    found = "http://127.0.0.1:1/api/ cannot be reached ([Errno 111] Connection refused)."
    remedy = "Check the network, HTTPS_PROXY if you are behind a proxy, and SLACK_API_URL if you set it."
    assert examine("Slack", **gone) == [("failed", found, remedy)]
    assert examine("Slack events", **gone) == [("failed", found, remedy)]


def test_a_slack_that_is_overloaded_is_a_failure(examine: Examine, slack: LocalSlack) -> None:
    slack.control.fail_next("auth.test", times=1, status=429, retry_after=30)
    remedy = "Wait a minute, and run `cowork doctor` again."
    assert examine("Slack", **tokens(slack)) == [
        ("failed", "Slack refused SLACK_BOT_TOKEN (ratelimited).", remedy)
    ]


def test_no_token_is_ever_shown(examine: Examine, slack: LocalSlack, place: Path) -> None:
    shown = [*examine("Slack", **tokens(slack)), *examine("Slack events", **tokens(slack))]
    assert [one for one in shown if slack.bot_token in str(one) or slack.app_token in str(one)] == []
