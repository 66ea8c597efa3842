"""The Web API: what it keeps, what it answers, and the errors it has for what it refuses."""

from __future__ import annotations

import http.client
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.emulator import responses, triggers
from bot.emulator.server import LocalSlack

Refused = Callable[..., Any]


def test_replies_are_counted_on_their_root(slack: LocalSlack, client: WebClient) -> None:
    general, ana = slack.channel("general"), slack.person("ana")
    root = client.chat_postMessage(channel="#general", text="Plan")["ts"]
    ana.say("general", "fine", thread_ts=root)
    last = client.chat_postMessage(channel=general, text="Done", thread_ts=root, reply_broadcast=True)["ts"]

    thread = client.conversations_replies(channel=general, ts=root)["messages"]
    timeline = client.conversations_history(channel=general)["messages"]

    assert [message["text"] for message in thread] == ["Plan", "fine", "Done"]
    assert {key: thread[0][key] for key in ("reply_count", "reply_users", "latest_reply", "thread_ts")} == {
        "reply_count": 2,
        "reply_users": [ana.id, slack.workspace.bot_user],
        "latest_reply": last,
        "thread_ts": root,
    }
    assert [(message["text"], message.get("subtype")) for message in timeline] == [
        ("Done", "thread_broadcast"),
        ("Plan", None),
    ]


def test_metadata_is_returned_only_when_asked_for(slack: LocalSlack, client: WebClient) -> None:
    general = slack.channel("general")
    metadata = {"event_type": "cowork_outbox", "event_payload": {"key": "k1"}}
    client.chat_postMessage(channel=general, text="x", metadata=metadata)

    without = client.conversations_history(channel=general)["messages"][0]
    whole = client.conversations_history(channel=general, include_all_metadata=True)["messages"][0]

    assert ("metadata" in without, whole["metadata"]) == (False, metadata)


def test_lists_are_read_page_by_page(slack: LocalSlack, client: WebClient) -> None:
    for number in range(5):
        client.chat_postMessage(channel="general", text=str(number))
    pages = client.conversations_history(channel=slack.channel("general"), limit=2)
    texts = [[message["text"] for message in page["messages"]] for page in pages]
    assert texts == [["4", "3"], ["2", "1"], ["0"]]


def test_an_update_with_text_alone_removes_the_blocks(slack: LocalSlack, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="general", text="a", blocks=[{"type": "divider"}])
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    kept = client.chat_update(**where, blocks=[{"type": "divider"}, {"type": "divider"}])["message"]
    bare = client.chat_update(**where, text="b")["message"]
    assert (kept["text"], len(kept["blocks"])) == ("a", 2)
    assert (bare["text"], bare["blocks"]) == ("b", [])


def test_a_deleted_root_with_replies_becomes_a_tombstone(slack: LocalSlack, client: WebClient) -> None:
    general, ana = slack.channel("general"), slack.person("ana")
    root = ana.say("general", "Plan")["ts"]
    client.chat_postMessage(channel=general, text="fine", thread_ts=root)
    ana.delete("general", root)
    thread = client.conversations_replies(channel=general, ts=root)["messages"]
    assert [message.get("subtype") for message in thread] == ["tombstone", None]


def test_every_refusal_has_the_name_slack_gives_it(
    slack: LocalSlack, client: WebClient, error_of: Refused
) -> None:
    general, ana = slack.channel("general"), slack.person("ana")
    said = ana.say("general", "mine")["ts"]
    mine = client.chat_postMessage(channel=general, text="x")["ts"]
    reply = client.chat_postMessage(channel=general, text="y", thread_ts=mine)["ts"]
    post, stream = client.chat_postMessage, client.chat_startStream

    def error(call: Any, **arguments: Any) -> str:
        return str(error_of(call, **arguments)["error"])

    assert error(post, channel="C000", text="x") == "channel_not_found"
    assert error(post, channel=slack.channel("leads"), text="x") == "channel_not_found"
    assert error(post, channel=slack.channel("engineering"), text="x") == "not_in_channel"
    assert error(post, channel=general, text="") == "no_text"
    assert error(post, channel=general, text="x", thread_ts="1.000000") == "thread_not_found"
    assert error(post, channel=general, text="x", thread_ts=reply) == "cannot_reply_to_message"
    assert error(client.chat_update, channel=general, ts=said, text="x") == "cant_update_message"
    assert error(client.chat_update, channel=general, ts="1.0", text="x") == "message_not_found"
    assert error(client.chat_update, channel=general, ts=mine, text="x" * 40_001) == "msg_too_long"
    assert error(client.conversations_replies, channel=general, ts="1.0") == "thread_not_found"
    assert error(client.reactions_add, channel=general, timestamp="1.0", name="eyes") == "message_not_found"
    assert error(stream, channel=general, thread_ts=mine) == "missing_recipient_user_id"
    assert error(client.apps_connections_open, app_token=slack.bot_token) == "not_allowed_token_type"
    assert error(client.api_call, api_method="admin.users.list") == "unknown_method"
    assert error(client.users_info, user="U000") == "user_not_found"
    assert error(client.auth_test, token="xoxb-wrong") == "invalid_auth"
    slack.control.archive("general")
    assert error(post, channel=general, text="x") == "is_archived"
    assert len(client.chat_postMessage(channel="reports", text="x" * 41_000)["message"]["text"]) == 40_000


def test_a_missing_scope_is_named(tmp_path: Path, manifest: Callable[..., Any], error_of: Refused) -> None:
    slack = LocalSlack(tmp_path / "narrow", manifest(scopes=["chat:write", "channels:read"]))
    slack.start()
    try:
        web = WebClient(token=slack.bot_token, base_url=slack.api_url)
        refusal = error_of(web.conversations_history, channel=slack.channel("general"))
        granted = "chat:write,channels:read,channels:join,users:read.email,usergroups:read"
        assert refusal == {
            "ok": False,
            "error": "missing_scope",
            "needed": "channels:history",
            "provided": granted,
        }
        assert web.auth_test().headers["x-oauth-scopes"] == granted
        assert slack.log(kind="warning")[-1].name == "missing_scope"
    finally:
        slack.stop()


def test_a_restart_keeps_everything(tmp_path: Path, manifest: Callable[..., Any]) -> None:
    first = LocalSlack(tmp_path, manifest())
    before = first.bot_token
    said = first.person("ana").say("general", "remember me")
    first.stop()

    second = LocalSlack(tmp_path, manifest())
    kept = second.messages(second.channel("general"))
    later = second.person("ana").say("general", "again")
    second.stop()

    assert second.bot_token == before
    assert [(message["ts"], message["text"]) for message in kept] == [(said["ts"], "remember me")]
    assert later["ts"] > said["ts"]


def test_a_trigger_works_once_and_for_three_seconds(
    slack: LocalSlack, client: WebClient, error_of: Refused
) -> None:
    ana = slack.person("ana").id
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Hi"},
        "blocks": [{"type": "divider"}],
    }
    trigger, late = triggers.fresh(slack.workspace, ana), triggers.fresh(slack.workspace, ana)

    opened = client.views_open(trigger_id=trigger, view=view)["view"]
    again = error_of(client.views_open, trigger_id=trigger, view=view)["error"]
    slack.control.advance_clock(4)
    expired = error_of(client.views_open, trigger_id=late, view=view)["error"]
    wrong = error_of(client.views_open, trigger_id="0.1", view=view)["error"]
    stale = error_of(client.views_update, view_id=opened["id"], view=view, hash="0.1")["error"]
    client.views_update(view_id=opened["id"], view=view, hash=opened["hash"])

    assert [again, expired, wrong, stale] == [
        "exchanged_trigger_id",
        "expired_trigger_id",
        "invalid_trigger_id",
        "hash_conflict",
    ]


def test_an_answer_can_be_lost_after_it_was_done(slack: LocalSlack, client: WebClient) -> None:
    slack.control.lose_answer("chat.postMessage")
    with pytest.raises(ConnectionError):
        client.chat_postMessage(channel="general", text="once")
    assert [message["text"] for message in slack.messages(slack.channel("general"))] == ["once"]


def test_a_rate_limit_says_when_to_come_back(slack: LocalSlack, client: WebClient, error_of: Refused) -> None:
    slack.control.fail_next("chat.postMessage", status=429, retry_after=7)
    assert error_of(client.chat_postMessage, channel="general", text="x")["error"] == "ratelimited"
    assert client.chat_postMessage(channel="general", text="x")["ok"]
    assert [(entry.status, entry.error) for entry in slack.log("chat.postMessage")] == [
        (429, "ratelimited"),
        (200, None),
    ]


def test_a_response_url_works_five_times_without_membership(slack: LocalSlack, client: WebClient) -> None:
    workspace, ana = slack.workspace, slack.person("ana")
    channel = workspace.store.get("channel", slack.channel("engineering"))
    assert channel is not None
    hook = WebhookClient(responses.url(workspace, ana.id, channel))

    answers = [hook.send(text=f"n{number}", response_type="in_channel").status_code for number in range(6)]

    assert answers == [200, 200, 200, 200, 200, 404]
    assert [message["text"] for message in slack.messages(channel["id"])] == ["n0", "n1", "n2", "n3", "n4"]


def test_a_token_that_was_revoked_is_dead(slack: LocalSlack, client: WebClient, error_of: Refused) -> None:
    slack.control.uninstall()
    assert error_of(client.auth_test)["error"] == "account_inactive"
    slack.control.reinstall()
    client.auth_revoke()
    assert error_of(client.auth_test)["error"] == "token_revoked"


def test_a_session_without_the_stop_event_warns(
    tmp_path: Path, manifest: Callable[..., Any], slack: LocalSlack, client: WebClient
) -> None:
    deaf = LocalSlack(tmp_path / "deaf", manifest(events=["message.im"]))
    deaf.start()
    try:
        ana = deaf.person("ana")
        root = ana.say(ana.bot_dm, "hello")["ts"]
        web = WebClient(token=deaf.bot_token, base_url=deaf.api_url)
        answer = web.agents_sessions_setStatus(channel_id=ana.bot_dm, thread_ts=root, status="processing")
        assert answer["warning"] == "missing_agent_session_stopped_event_subscription"
    finally:
        deaf.stop()


def test_an_installation_is_consented_to_exchanged_and_good_for_one_code(
    slack: LocalSlack, error_of: Refused
) -> None:
    query = urllib.parse.urlencode(
        {"client_id": slack.client_id, "redirect_uri": "http://127.0.0.1:9/cb", "state": "s1"}
    )
    asked = http.client.HTTPConnection(slack.url.removeprefix("http://"))
    asked.request("GET", f"/oauth/v2/authorize?{query}")
    answer = urllib.parse.urlsplit(asked.getresponse().headers["location"])
    brought = urllib.parse.parse_qs(answer.query)
    anonymous = WebClient(base_url=slack.api_url)
    credentials = {
        "client_id": slack.client_id,
        "client_secret": slack.client_secret,
        "code": brought["code"][0],
    }

    token = anonymous.oauth_v2_access(**credentials)["access_token"]

    assert (answer.netloc, brought["state"]) == ("127.0.0.1:9", ["s1"])
    assert WebClient(token=token, base_url=slack.api_url).auth_test()["bot_id"] == slack.workspace.bot_id
    assert error_of(anonymous.oauth_v2_access, **credentials)["error"] == "invalid_code"
