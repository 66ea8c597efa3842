"""Every payload has exactly the documented fields, and an event nobody subscribed to is not sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.emulator.server import LocalSlack

BASE = {"type", "team", "enterprise", "user", "api_app_id", "token", "is_enterprise_install"}
USER = {"id", "username", "name", "team_id"}
VIEW = (
    "id team_id type callback_id private_metadata external_id state hash root_view_id previous_view_id app_id "
    "app_installed_team_id bot_id title submit close blocks clear_on_close notify_on_close submit_disabled"
)
MODAL = {
    "type": "modal",
    "callback_id": "m",
    "notify_on_close": True,
    "title": {"type": "plain_text", "text": "Hi"},
    "blocks": [
        {
            "type": "section",
            "block_id": "pick",
            "text": {"type": "plain_text", "text": "Which?"},
            "accessory": {"type": "external_select", "action_id": "find"},
        }
    ],
}


@pytest.fixture
def bodies(connect: Callable[[], App]) -> list[dict[str, Any]]:
    """What the app received, in order; it acknowledges everything."""
    app, seen = connect(), list[dict[str, Any]]()

    @app.middleware
    def note(body: Any, next: Any) -> Any:
        seen.append(body)
        return next()

    app.command("/cowork")(lambda ack: ack())
    app.action("go")(lambda ack: ack())
    app.options("find")(
        lambda ack: ack(options=[{"text": {"type": "plain_text", "text": "A"}, "value": "a"}])
    )
    app.action("find")(lambda ack: ack())
    app.shortcut("hand_to_cowork")(lambda ack: ack())
    app.view("m")(lambda ack: ack())
    app.view_closed("m")(lambda ack: ack())
    app.event("message")(lambda: None)
    app.event("app_mention")(lambda: None)

    @app.shortcut("new_task")
    def new_task(ack: Any, body: Any, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        ack()

    return seen


def test_gestures_carry_exactly_the_documented_fields(
    slack: LocalSlack, client: WebClient, bodies: list[Any], until: Callable[..., Any]
) -> None:
    ana = slack.person("ana")
    go = {
        "type": "button",
        "action_id": "go",
        "value": "7",
        "style": "danger",
        "text": {"type": "plain_text", "text": "Go"},
    }
    client.chat_postMessage(channel="general", text="?", blocks=[{"type": "actions", "elements": [go]}])
    asked = slack.messages(slack.channel("general"))[0]
    ana.command("general", "/cowork tidy")
    ana.press(asked, "go")
    ana.shortcut("hand_to_cowork", "general", asked["ts"])
    ana.shortcut("new_task")
    view = ana.modal()
    assert view is not None
    container = {"type": "view", "view_id": view["id"]}
    offered = ana.suggest(container, "pick", "find", "a")["options"]
    ana.click(container, "pick", "find", chosen={"selected_option": offered[0]})
    ana.submit(view["id"])
    ana.shortcut("new_task")
    again = ana.modal()
    assert again is not None
    ana.close_view(again["id"])

    received = {body.get("type", "command"): body for body in bodies if "event" not in body}
    until(lambda: bodies[-1].get("type") == "view_closed")
    received["view_closed"] = bodies[-1]
    clicked = next(body for body in bodies if body.get("message") and body["type"] == "block_actions")
    assert {kind: set(body) for kind, body in received.items()} == {
        "command": set(
            [
                "token",
                "team_id",
                "team_domain",
                "channel_id",
                "channel_name",
                "user_id",
                "user_name",
                "command",
                "text",
                "api_app_id",
                "is_enterprise_install",
                "response_url",
                "trigger_id",
            ]
        ),
        "block_actions": BASE | {"container", "trigger_id", "view", "actions"},
        "message_action": BASE
        | {"callback_id", "trigger_id", "action_ts", "message_ts", "channel", "message", "response_url"},
        "shortcut": BASE | {"callback_id", "trigger_id", "action_ts"},
        "block_suggestion": BASE | {"container", "view", "block_id", "action_id", "value"},
        "view_submission": BASE | {"trigger_id", "view", "response_urls"},
        "view_closed": BASE | {"view", "is_cleared"},
    }
    assert set(clicked) == BASE | set(
        ["container", "trigger_id", "channel", "message", "state", "response_url", "actions"]
    )
    assert set(clicked["container"]) == {"type", "message_ts", "channel_id", "is_ephemeral"}
    assert set(clicked["user"]) == USER
    assert set(received["view_submission"]["view"]) == set(VIEW.split())
    action = clicked["actions"][0]
    assert {key: value for key, value in action.items() if key not in ("action_ts", "block_id")} == go
    chosen = received["block_actions"]["view"]["state"]["values"]["pick"]["find"]
    assert chosen == {"type": "external_select", "selected_option": offered[0]}
    assert received["block_actions"]["actions"][0]["selected_option"] == offered[0]


def test_events_carry_exactly_the_documented_fields(
    slack: LocalSlack, bodies: list[Any], until: Callable[..., Any]
) -> None:
    ana = slack.person("ana")
    said = ana.say("general", "@cowork tidy")
    ana.edit("general", said["ts"], "@cowork tidy up")
    ana.delete("general", said["ts"])

    until(lambda: len(bodies) == 4)
    shared = {"type", "user", "ts", "client_msg_id", "text", "team", "blocks", "channel", "event_ts"}
    altered = {"type", "subtype", "channel", "hidden", "ts", "event_ts", "channel_type", "previous_message"}
    events = [body["event"] for body in bodies]
    kinds = {(event["type"], event.get("subtype")): set(event) for event in events}
    assert kinds == {
        ("message", None): shared | {"channel_type"},
        ("app_mention", None): shared,
        ("message", "message_changed"): altered | {"message"},
        ("message", "message_deleted"): altered | {"deleted_ts"},
    }
    assert set(bodies[0]) == set(
        [
            "token",
            "team_id",
            "api_app_id",
            "event",
            "type",
            "event_id",
            "event_time",
            "event_context",
            "authorizations",
            "is_ext_shared_channel",
        ]
    )
    assert len({body["event_id"] for body in bodies}) == 4


def test_an_event_that_nobody_subscribed_to_or_has_no_scope_is_not_sent(
    tmp_path: Path, manifest: Callable[..., Any]
) -> None:
    scopes = ["im:history", "reactions:read"]
    slack = LocalSlack(
        tmp_path, manifest(events=["message.im", "app_mention", "reaction_added"], scopes=scopes)
    )
    ana = slack.person("ana")
    ana.say("general", "@cowork hello")
    said = ana.say(ana.bot_dm, "hello")
    ana.react(ana.bot_dm, said["ts"], "eyes")
    ana.react(ana.bot_dm, said["ts"], "eyes", remove=True)
    ana.say("engineering", "not its channel")

    sent = [entry.name for entry in slack.log(kind="delivery")]
    warned = [entry.request["method"] for entry in slack.log("not_subscribed")]
    slack.stop()
    assert sent == ["events_api message", "events_api reaction_added"]
    assert warned == ["message.channels", "app_mention", "reaction_removed"]
