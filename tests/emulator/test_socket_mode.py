"""An unmodified Bolt app over Socket Mode, from a command to the Home tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from bot.emulator.server import LocalSlack
from bot.emulator.wire import SlackError

Connect = Callable[[], App]
Until = Callable[..., Any]


def modal(words: str = "New task") -> View:
    goal = InputBlock(
        block_id="goal", label="Goal", element=PlainTextInputElement(action_id="text", multiline=True)
    )
    return View(type="modal", callback_id="task", title=words, submit="Start", blocks=[goal])


def test_a_command_is_acknowledged_and_answered_in_the_channel(slack: LocalSlack, connect: Connect) -> None:
    app = connect()
    bodies = []

    @app.command("/cowork")
    def cowork(ack: Any, body: Any, say: Any) -> None:
        ack("On it")
        bodies.append(body)
        say(text=f"Goal: {body['text']}")

    ana = slack.person("ana")
    ana.command("general", "/cowork ask @ben about <b> in #general")

    ben, general = slack.person("ben").id, slack.channel("general")
    goal = f"ask <@{ben}> about &lt;b&gt; in <#{general}|general>"
    assert bodies[0]["text"] == goal
    assert bodies[0]["user_id"] == ana.id
    assert [message["text"] for message in slack.messages(general)] == [f"Goal: {goal}"]
    assert [message["text"] for message in slack.workspace.ephemerals.values()] == ["On it"]


def test_a_click_reaches_the_app_and_replaces_the_buttons(
    slack: LocalSlack, connect: Connect, until: Until
) -> None:
    app = connect()

    @app.action("approve")
    def approve(ack: Any, body: Any, client: Any) -> None:
        ack()
        client.chat_update(
            channel=body["channel"]["id"],
            ts=body["container"]["message_ts"],
            text=f"Approved by <@{body['user']['id']}>: {body['actions'][0]['value']}",
        )

    general = slack.channel("general")
    button = ActionsBlock(elements=[ButtonElement(text="Approve", action_id="approve", value="apr_1")])
    app.client.chat_postMessage(channel=general, text="May I?", blocks=[button])
    ben = slack.person("ben")
    asked = slack.messages(general)[0]
    ben.press(asked, "approve")

    after = until(lambda: [m for m in slack.messages(general) if m["text"] != "May I?"])[0]
    assert (after["text"], after["blocks"]) == (f"Approved by <@{ben.id}>: apr_1", [])


def test_a_modal_shows_errors_and_closes_when_they_are_mended(slack: LocalSlack, connect: Connect) -> None:
    app = connect()

    @app.shortcut("new_task")
    def new_task(ack: Any, body: Any, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack()

    @app.view("task")
    def task(ack: Any, view: Any) -> None:
        goal = view["state"]["values"]["goal"]["text"]["value"]
        ack(response_action="errors", errors={"goal": "Too short"}) if len(goal) < 5 else ack()

    ana = slack.person("ana")
    ana.shortcut("new_task")
    shown = ana.modal()
    assert shown is not None

    def written(words: str) -> Any:
        return {"goal": {"text": {"type": "plain_text_input", "value": words}}}

    assert ana.submit(shown["id"], {})["errors"] == {"goal": "Please complete this required field."}
    assert ana.submit(shown["id"], written("Tidy")) == {"result": "errors", "errors": {"goal": "Too short"}}
    assert ana.submit(shown["id"], written("Tidy up")) == {"result": "closed", "view": None}
    assert ana.modal() is None


def test_a_mention_arrives_as_a_mention_and_as_a_message(
    slack: LocalSlack, connect: Connect, until: Until
) -> None:
    app = connect()
    seen: list[Any] = []
    app.event("app_mention")(lambda event: seen.append(event))
    app.event("message")(lambda event: seen.append(event))

    said = slack.person("ana").say("general", "@cowork tidy up")

    until(lambda: len(seen) == 2)
    assert {event["type"] for event in seen} == {"app_mention", "message"}
    assert {event["ts"] for event in seen} == {said["ts"]}
    assert {event["text"] for event in seen} == {f"<@{slack.workspace.bot_user}> tidy up"}


def test_an_event_is_delivered_again_when_the_acknowledgement_is_lost(
    slack: LocalSlack, connect: Connect, until: Until
) -> None:
    app = connect()
    attempts: list[Any] = []
    app.event("app_mention")(
        lambda body, request: attempts.append((body["event_id"], request.headers["x-slack-retry-num"]))
    )
    app.event("message")(lambda: None)
    slack.control.drop_ack(times=2)

    slack.person("ana").say("general", "@cowork tidy up")

    until(lambda: len(attempts) == 2)
    assert [retry for _, retry in attempts] == [["0"], ["1"]]
    assert len({event_id for event_id, _ in attempts}) == 1


def test_a_duplicated_event_arrives_twice(slack: LocalSlack, connect: Connect, until: Until) -> None:
    app = connect()
    seen: list[str] = []
    app.event("message")(lambda body: seen.append(body["event_id"]))
    slack.control.duplicate_next_event()

    ana = slack.person("ana")
    ana.say(ana.bot_dm, "hello")

    until(lambda: len(seen) == 2)
    assert len(set(seen)) == 1


def test_a_command_that_is_not_acknowledged_times_out(slack: LocalSlack, connect: Connect) -> None:
    app = connect()

    @app.command("/cowork")
    def cowork() -> None:
        raise RuntimeError("boom")

    with pytest.raises(SlackError, match="operation_timeout"):
        slack.person("ana").command("general", "/cowork tidy up")
    assert slack.log(kind="warning")[-1].name == "operation_timeout"


def test_a_stream_grows_a_reply_and_stop_ends_it(slack: LocalSlack, connect: Connect, until: Until) -> None:
    app = connect()
    stopped: list[Any] = []
    app.event("agent_session_stopped")(lambda event: stopped.append(event))
    app.event("message")(lambda: None)
    ana = slack.person("ana")
    root = ana.say(ana.bot_dm, "write a poem")
    app.client.agents_sessions_setStatus(
        channel_id=ana.bot_dm, thread_ts=root["ts"], status="processing", title="A poem"
    )

    stream = app.client.chat_stream(
        channel=ana.bot_dm,
        thread_ts=root["ts"],
        recipient_user_id=ana.id,
        recipient_team_id=slack.workspace.team_id,
        buffer_size=1,
    )
    stream.append(markdown_text="Roses ")
    stream.append(markdown_text="are red")
    assert slack.messages(ana.bot_dm)[1]["text"] == "Roses are red"
    ana.stop_session(ana.bot_dm, root["ts"])

    until(lambda: stopped)
    assert stopped[0]["streaming_message_ts"] == [stream.ts]
    with pytest.raises(Exception, match="stopped_by_user"):
        stream.append(markdown_text=", violets")


def test_a_stream_dies_of_age(slack: LocalSlack, client: Any, error_of: Callable[..., Any]) -> None:
    ana = slack.person("ana")
    root = ana.say(ana.bot_dm, "write a poem")
    slack.control.stream_lifetime(10)
    where = {"channel": ana.bot_dm, "thread_ts": root["ts"]}
    recipient = {"recipient_user_id": ana.id, "recipient_team_id": slack.workspace.team_id}
    ts = client.chat_startStream(**where, **recipient, markdown_text="Roses")["ts"]

    conflict = error_of(client.chat_update, channel=ana.bot_dm, ts=ts, text="x")
    slack.control.advance_clock(11)
    late = error_of(client.chat_appendStream, channel=ana.bot_dm, ts=ts, markdown_text="…")
    client.chat_update(channel=ana.bot_dm, ts=ts, text="x")

    assert (conflict["error"], late["error"]) == (
        "streaming_state_conflict",
        "message_not_in_streaming_state",
    )


def test_the_home_tab_shows_what_the_app_publishes(slack: LocalSlack, connect: Connect, until: Until) -> None:
    app = connect()

    @app.event("app_home_opened")
    def opened(event: Any, client: Any) -> None:
        if event["tab"] == "home":
            client.views_publish(
                user_id=event["user"], view={"type": "home", "blocks": [{"type": "divider"}]}
            )

    ana = slack.person("ana")
    assert ana.home("messages") is None
    assert ana.home() is None
    until(lambda: slack.log("views.publish"))
    view = until(ana.home)
    assert [block["type"] for block in view["blocks"]] == ["divider"]


def test_the_app_comes_back_after_its_socket_is_refreshed(
    slack: LocalSlack, connect: Connect, until: Until
) -> None:
    app = connect()
    seen: list[str] = []
    app.event("message")(lambda event: seen.append(event["text"]))
    slack.control.refresh_sockets()
    ana = slack.person("ana")

    ana.say(ana.bot_dm, "are you there?")

    until(lambda: seen)
    assert set(seen) == {"are you there?"}


def test_a_file_goes_both_ways(slack: LocalSlack, connect: Connect, until: Until) -> None:
    app = connect()
    app.event("message")(lambda: None)
    app.event("file_shared")(lambda: None)
    ana = slack.person("ana")
    notes = ana.upload("notes.txt", b"buy milk")
    root = ana.say(ana.bot_dm, "read this", file_ids=[notes["id"]])

    listed = app.client.conversations_history(channel=ana.bot_dm)["messages"][0]["files"][0]
    body = app.client.files_info(file=listed["id"])["file"]
    assert (body["name"], body["size"], body["mimetype"]) == ("notes.txt", 8, "text/plain")

    app.client.files_upload_v2(
        channel=ana.bot_dm,
        thread_ts=root["ts"],
        filename="report.md",
        content="# Done",
        initial_comment="Here",
    )
    reply = until(lambda: [m for m in slack.messages(ana.bot_dm) if m["text"] == "Here"])[0]
    shared = app.client.files_info(file=reply["file_ids"][0])["file"]
    assert shared["shares"]["private"][ana.bot_dm][0]["ts"] == reply["ts"]
    assert reply["thread_ts"] == root["ts"]
