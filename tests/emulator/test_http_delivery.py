"""An unmodified Bolt app behind a signed request URL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.emulator.server import LocalSlack
from bot.emulator.wire import SlackError

Until = Callable[..., Any]


@pytest.fixture
def app(slack: LocalSlack) -> Iterator[App]:
    bolt = App(
        client=WebClient(token=slack.bot_token, base_url=slack.api_url),
        signing_secret=slack.signing_secret,
        token_verification_enabled=False,
        process_before_response=True,
    )

    class Events(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            answer = bolt.dispatch(BoltRequest(body=body, headers=dict(self.headers.items())))
            self.send_response(answer.status)
            for name, value in answer.first_headers().items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Events)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    slack.deliver_to(f"http://127.0.0.1:{server.server_address[1]}/slack/events")
    yield bolt
    server.shutdown()
    server.server_close()


def test_commands_events_and_clicks_pass_the_signature_check(
    slack: LocalSlack, app: App, until: Until
) -> None:
    seen: list[Any] = []
    app.event("message")(lambda event: seen.append(event["text"]))
    app.command("/cowork")(lambda ack, body: (ack("On it"), seen.append(body["text"])))
    app.action("go")(lambda ack, body: (ack(), seen.append(body["actions"][0]["value"])))
    ana = slack.person("ana")

    ana.command("general", "/cowork tidy")
    ana.say(ana.bot_dm, "hello")
    until(lambda: len(seen) == 2)
    button = {
        "type": "button",
        "action_id": "go",
        "value": "7",
        "text": {"type": "plain_text", "text": "Go"},
    }
    app.client.chat_postMessage(
        channel=ana.bot_dm, text="?", blocks=[{"type": "actions", "elements": [button]}]
    )
    ana.press(slack.messages(ana.bot_dm)[-1], "go")

    assert [one for one in seen if one != "?"] == ["tidy", "hello", "7"]
    assert [message["text"] for message in slack.workspace.ephemerals.values()] == ["On it"]


def test_an_event_that_fails_is_sent_three_times_more(slack: LocalSlack, app: App, until: Until) -> None:
    retries: list[Any] = []

    @app.event("message")
    def message(request: Any) -> None:
        retries.append(
            (request.headers.get("x-slack-retry-num"), request.headers.get("x-slack-retry-reason"))
        )
        raise RuntimeError("boom")

    ana = slack.person("ana")
    ana.say(ana.bot_dm, "hello")

    until(lambda: len(retries) == 4)
    reason = ["http_error"]
    assert retries == [(None, None), (["1"], reason), (["2"], reason), (["3"], reason)]


def test_a_command_that_fails_is_shown_as_failed(slack: LocalSlack, app: App) -> None:
    @app.command("/cowork")
    def cowork(ack: Any) -> None:
        raise RuntimeError("boom")

    with pytest.raises(SlackError, match="dispatch_failed"):
        slack.person("ana").command("general", "/cowork tidy up")


def test_a_forged_request_is_refused(slack: LocalSlack, app: App, until: Until) -> None:
    seen: list[Any] = []
    app.event("message")(lambda event: seen.append(event))
    forged = BoltRequest(
        body="{}", headers={"x-slack-signature": "v0=00", "x-slack-request-timestamp": "1700000000"}
    )
    assert app.dispatch(forged).status == 401
