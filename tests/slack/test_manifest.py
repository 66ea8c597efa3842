"""The manifest is valid, and asks for exactly what is listed here: a misspelt scope would pass Slack's own schema."""

import json
import os
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT.parent / "shared" / "specs" / "slack-manifest-v2.schema.json"

BOT_SCOPES = {
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
}
OPTIONAL_SCOPES = {
    "channels:join",
    "chat:write.public",
    "canvases:write",
    "users:read.email",
    "usergroups:read",
}
NEEDED_SCOPE = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_context_changed": "assistant:write",
    "agent_session_stopped": "assistant:write",
    "agent_session_title_changed": "assistant:write",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "member_joined_channel": "channels:read",
    "file_shared": "files:read",
    "app_uninstalled": None,
    "tokens_revoked": None,
}


@pytest.fixture(scope="module")
def manifest():
    return yaml.safe_load((ROOT / "manifest.yml").read_text())


def test_the_manifest_obeys_slacks_schema(manifest):
    if not SCHEMA.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{SCHEMA} is missing in CI")
        pytest.skip(f"{SCHEMA} is not here")
    validator = Draft7Validator(json.loads(SCHEMA.read_text()))
    assert [error.message for error in validator.iter_errors(manifest)] == []


def test_the_scopes_are_exactly_those_allowed(manifest):
    assert manifest["oauth_config"] == {
        "scopes": {
            "bot": sorted(BOT_SCOPES),
            "bot_optional": manifest["oauth_config"]["scopes"]["bot_optional"],
        }
    }
    assert set(manifest["oauth_config"]["scopes"]["bot_optional"]) == OPTIONAL_SCOPES


def test_the_events_are_exactly_those_allowed_and_each_has_its_scope(manifest):
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert events == list(NEEDED_SCOPE)
    assert {NEEDED_SCOPE[event] for event in events} - {None} <= BOT_SCOPES


def test_the_app_is_an_agent_with_a_home_and_messages(manifest):
    features = manifest["features"]
    assert "assistant_view" not in features
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert len(features["agent_view"]["suggested_prompts"]) <= 4
    assert features["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_the_command_and_the_shortcuts_have_their_names(manifest):
    features = manifest["features"]
    assert [(command["command"], command["should_escape"]) for command in features["slash_commands"]] == [
        ("/cowork", True)
    ]
    assert [(shortcut["type"], shortcut["callback_id"]) for shortcut in features["shortcuts"]] == [
        ("message", "hand_to_cowork"),
        ("global", "new_task"),
    ]


def test_it_connects_by_socket_mode_and_takes_clicks(manifest):
    settings = manifest["settings"]
    assert manifest["_metadata"] == {"major_version": 2, "minor_version": 1}
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
