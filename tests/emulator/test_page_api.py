"""The page's endpoints: what a person sees and does, and who else may not."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from queue import Queue
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.emulator.server import LocalSlack

Json = dict[str, Any]
Ask = Callable[..., Json]


@pytest.fixture
def ask(slack: LocalSlack) -> Ask:
    """GET without a body, POST with one; the answer's JSON."""

    def asked(path: str, body: Json | None = None, **headers: str) -> Json:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(slack.url + path, data=data)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request) as answer:
                found: Json = json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            found = {**json.loads(refusal.read()), "status": refusal.code}
        return found

    return asked


def test_the_page_boots_with_what_the_person_may_see(slack: LocalSlack, ask: Ask) -> None:
    ana, gil = slack.person("ana").id, slack.person("gil").id
    mine, guests = ask(f"/page/api/boot?as={ana}"), ask(f"/page/api/boot?as={gil}")

    assert [one["name"] for one in mine["channels"] if not one["is_im"]] == [
        "engineering",
        "general",
        "reports",
        "leads",
    ]
    assert [one["name"] for one in guests["channels"]] == ["general", "cowork"]
    assert guests["joinable"] == []
    assert {key: mine["bot"][key] for key in ("name", "connected", "commands", "suggested_prompts")} == {
        "name": "cowork",
        "connected": False,
        "commands": [{"command": "/cowork", "usage_hint": "<goal>", "description": "Hand over"}],
        "suggested_prompts": {"title": None, "prompts": [{"title": "Tidy", "message": "Tidy my downloads"}]},
    }
    assert (mine["me"]["initials"], guests["me"]["is_guest"]) == ("AS", True)


def test_a_message_is_sent_read_edited_and_deleted(slack: LocalSlack, ask: Ask) -> None:
    ana, ben, general = slack.person("ana").id, slack.person("ben").id, slack.channel("general")
    sent = ask("/page/api/send", {"as": ana, "channel": general, "text": "hi @ben & <all>"})["message"]
    where = {"as": ana, "channel": general, "ts": sent["ts"]}

    assert sent["text"] == f"hi <@{ben}> &amp; &lt;all&gt;"
    assert ask(f"/page/api/history?as={ben}&channel={general}")["channel"]["mentions"] == 1
    assert ask("/page/api/read", {**where, "as": ben})["channel"]["unread"] == 0
    assert ask("/page/api/edit", {**where, "text": "bye"})["message"]["edited"]["user"] == ana
    assert ask("/page/api/edit", {**where, "as": ben, "text": "no"})["error"] == "cant_update_message"
    reacted = ask("/page/api/react", {**where, "as": ben, "name": "eyes"})["message"]["reactions"]
    assert reacted == [{"name": "eyes", "users": [ben], "count": 1}]
    assert ask("/page/api/delete", where)["ok"]
    assert ask(f"/page/api/history?as={ana}&channel={general}")["messages"] == []


def test_a_command_is_refused_in_a_thread_with_slacks_words(slack: LocalSlack, ask: Ask) -> None:
    ana, general = slack.person("ana"), slack.channel("general")
    root = ana.say("general", "root")["ts"]
    body = {"as": ana.id, "channel": general, "text": "/cowork tidy"}

    refused = ask("/page/api/send", {**body, "thread_ts": root})
    unknown = ask("/page/api/send", {**body, "text": "/dance now"})

    assert refused["message"] == "/cowork is not supported in threads. Sorry!"
    assert unknown["message"].startswith("/dance is not a valid command.")
    assert ask("/page/api/send", body) == {"ok": True, "command": "/cowork", "text": "tidy"}


def test_the_page_hears_at_once_what_the_bot_posts(slack: LocalSlack, client: WebClient) -> None:
    ana, heard = slack.person("ana").id, Queue[tuple[str, Json]]()
    stream = urllib.request.urlopen(f"{slack.url}/page/api/stream?as={ana}")

    def listen() -> None:
        name = ""
        for line in stream:
            word, _, rest = line.decode().strip().partition(": ")
            if word == "event":
                name = rest
            elif word == "data":
                heard.put((name, json.loads(rest)))

    threading.Thread(target=listen, daemon=True).start()
    assert heard.get(timeout=60)[0] == "hello"
    client.chat_postMessage(channel="general", text="hello Ana")
    client.chat_postEphemeral(
        channel=slack.channel("general"), user=slack.person("ben").id, text="not for Ana"
    )
    client.chat_postEphemeral(channel=slack.channel("general"), user=ana, text="psst")
    news: list[tuple[str, str]] = []
    while not news or news[-1][1] != "psst":
        name, body = heard.get(timeout=60)
        if "message" in body:
            news.append((name, body["message"]["text"]))

    assert news == [("message", "hello Ana"), ("ephemeral", "psst")]


def test_other_sites_are_refused(slack: LocalSlack, ask: Ask) -> None:
    ana, port = slack.person("ana").id, slack.url.rpartition(":")[2]
    path = f"/page/api/boot?as={ana}"

    assert ask(path, Origin=slack.url)["ok"]
    assert ask(path, Host=f"localhost:{port}")["ok"]
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": f"evil.example:{port}"},
        {"Host": "127.0.0.1:1"},
    ):
        refused = ask(path, **headers)
        assert (refused["status"], refused["error"]) == (403, "origin_not_allowed")
    assert ask("/control/log", Origin="https://evil.example")["status"] == 403
    assert ask("/api/auth.test", {}, Origin="https://evil.example")["status"] == 403
    form = {"Content-Type": "text/plain"}
    assert ask("/page/api/send", {"as": ana, "channel": "general", "text": "x"}, **form)["status"] == 400


def test_a_file_is_uploaded_sent_and_opened_only_by_those_who_may(slack: LocalSlack, ask: Ask) -> None:
    ana, ben, mia = (slack.person(name) for name in ("ana", "ben", "mia"))
    boundary = uuid.uuid4().hex
    form = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="as"\r\n\r\n{ana.id}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a b.html"\r\n\r\n<b>hi</b>\r\n'
        f"--{boundary}--\r\n"
    )
    request = urllib.request.Request(f"{slack.url}/page/api/upload", data=form.encode())
    request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
    file = json.loads(urllib.request.urlopen(request).read())["file"]

    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{slack.url}{file['url']}?as={ben.id}")
    ana.say("leads", "", file_ids=[file["id"]])
    opened = urllib.request.urlopen(f"{slack.url}{file['url']}?as={ben.id}")

    assert opened.read() == b"<b>hi</b>"
    assert opened.headers["content-disposition"].startswith("attachment;")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{slack.url}{file['url']}?as={mia.id}")


def test_faults_are_ordered_and_the_log_is_read_over_http(
    slack: LocalSlack, ask: Ask, client: WebClient
) -> None:
    order = {"fault": "fail_next", "method": "chat.postMessage", "status": 500, "times": 1}
    assert ask("/control/faults", order) == {"ok": True}
    assert [one["method"] for one in ask("/control/faults")["active"]] == ["chat.postMessage"]
    with pytest.raises(Exception, match="internal_error"):
        client.chat_postMessage(channel="general", text="x")
    entries = ask("/control/log?method=chat.postMessage")["entries"]
    assert [(one["status"], one["request"]["text"], one["error"]) for one in entries] == [
        (500, "x", "internal_error")
    ]
    assert ask("/control/faults", {"fault": "flood"})["status"] == 400


def test_a_gesture_without_a_connected_app_says_so(slack: LocalSlack, ask: Ask, client: WebClient) -> None:
    ana, general = slack.person("ana").id, slack.channel("general")
    go = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    posted = client.chat_postMessage(
        channel=general, text="?", blocks=[{"type": "actions", "block_id": "b", "elements": [go]}]
    )
    container = {"type": "message", "channel_id": general, "message_ts": posted["ts"]}
    click = {"as": ana, "container": container, "block_id": "b", "action_id": "go"}

    assert ask("/page/api/action", click)["error"] == "app_not_connected"
    assert ask("/page/api/action", {**click, "action_id": "gone"})["error"] == "block_not_found"
