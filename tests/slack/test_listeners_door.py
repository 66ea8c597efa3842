"""The doors: Socket Mode and HTTP lead to the same listeners, which answer at once and hear all that is subscribed."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.routing import Route

from bot.domain.task import TaskState
from bot.store import fences
from bot.web.server import Server

Office = Any
MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text("utf-8"))
EVENTS = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
WORKERS = 20


def delivered(office: Office, event: dict[str, Any], *, team: str = "") -> int:
    """The status that an event is answered with."""
    body = {
        "type": "event_callback",
        "team_id": team or office.slack.workspace.team_id,
        "event_id": "Ev1",
        "event": {"user": office.ana.id, "channel": office.reports, "ts": "1.1", "event_ts": "1.1", **event},
    }
    return int(office.edge.app.dispatch(BoltRequest(body=body, mode="socket_mode")).status)


def forged(url: str, secret: str) -> int:
    """The status of a command signed with this secret."""
    body = urllib.parse.urlencode({"command": "/cowork", "text": "Tidy the attic", "team_id": "T1"})
    headers = SignatureVerifier(secret).generate_signature(
        timestamp=(now := str(int(time.time()))), body=body
    )
    request = urllib.request.Request(url, data=body.encode(), method="POST")
    request.add_header("X-Slack-Signature", headers or "")
    request.add_header("X-Slack-Request-Timestamp", now)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)
    return refused.value.code


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_that_the_manifest_subscribes_to_is_taken(idle: Office, name: str) -> None:
    kind, _, channel_type = name.partition(".")
    assert (
        delivered(idle, {"type": kind, "channel_type": channel_type, "tab": "messages", "subtype": "x"})
        == 200
    )


def test_an_event_that_the_manifest_does_not_subscribe_to_is_not(idle: Office) -> None:
    assert delivered(idle, {"type": "pin_added"}) == 404


def test_an_event_that_could_not_be_written_down_is_not_acknowledged(idle: Office) -> None:
    said = {"type": "message", "channel_type": "im", "text": "Tidy the reports"}
    with idle.database.write("test") as session:
        session.connection().exec_driver_sql("ALTER TABLE task RENAME TO gone")

    assert delivered(idle, said) == 500

    with idle.database.write("test") as session:
        session.connection().exec_driver_sql("ALTER TABLE gone RENAME TO task")
    assert delivered(idle, said) == 200
    assert [task.goal for task in idle.tasks()] == ["Tidy the reports"]


def test_a_command_that_fails_here_says_so_to_the_person(office: Office) -> None:
    with office.database.write("test") as session:
        session.connection().exec_driver_sql("ALTER TABLE inbound RENAME TO gone")

    office.ana.command("reports", "/cowork Tidy the reports")

    office.told(office.ana, "I cannot write anything down just now, so I did not take this")


def test_what_cannot_be_shown_says_so_instead_of_loading_for_ever(
    office: Office, until: Any, words: Any
) -> None:
    office.ana.command("reports", "/cowork Tidy the reports")
    card = office.shown("Queued: ")
    with office.database.write("test") as session:
        session.connection().exec_driver_sql('ALTER TABLE "call" RENAME TO gone')

    office.ana.press(card, "task_details")

    until(lambda: "Something went wrong on my side" in words(office.ana.modal() or {"blocks": []}))


def test_another_workspace_starts_nothing(office: Office, until: Any) -> None:
    said = {"type": "message", "channel_type": "im", "text": "Tidy the reports", "team": "TOTHER"}

    assert delivered(office, said, team="TOTHER") == 200
    until(lambda: office.slack.log("chat.postEphemeral"))
    assert office.tasks() == []


def test_over_http_the_same_listeners_answer_and_a_wrong_signature_does_not_pass(idle: Office) -> None:
    settings = idle.settings.model_copy(update={"slack_app_token": type(idle.settings.slack_app_token)("")})
    edge = idle.new_edge(settings=settings)
    server = Server(host="127.0.0.1", port=0)
    server.start(Starlette(routes=[Route("/slack/events", edge.http_handler, methods=["POST"])]))
    edge.start()
    idle.slack.deliver_to(f"{server.url}/slack/events")

    idle.ana.command("reports", "/cowork Tidy the reports")
    card = idle.shown("Queued: Tidy the reports")
    idle.ana.press(card, "task_stop")
    idle.ana.command("reports", "/cowork list")
    idle.told(idle.ana, "You have 1 task.")
    assert idle.tasks()[0].stop_by != ""

    assert forged(f"{server.url}/slack/events", "secret of someone else") == 401
    assert len(idle.tasks()) == 1
    edge.stop()
    server.stop()


def test_nothing_is_read_from_the_environment(
    idle: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "elsewhere"))
    for name in ("BOT_TOKEN", "SIGNING_SECRET", "CLIENT_ID", "CLIENT_SECRET", "VERIFICATION_TOKEN"):
        monkeypatch.setenv(f"SLACK_{name}", "from-the-environment")
    idle.edge = idle.new_edge()
    idle.start()

    idle.ana.command("reports", "/cowork Tidy the reports")

    idle.shown("Queued: Tidy the reports")
    assert not (tmp_path / "elsewhere").exists()


def test_the_edge_starts_before_slack_does_and_connects_when_it_comes(idle: Office, until: Any) -> None:
    idle.slack.control.fail_next("apps.connections.open", status=500, times=2)

    idle.start()

    idle.ana.command("reports", "/cowork Tidy the reports")
    idle.shown("Queued: Tidy the reports")


def test_after_a_refreshed_socket_deliveries_still_come(office: Office, until: Any) -> None:
    office.slack.control.refresh_sockets()
    until(lambda: office.slack.workspace.delivery.connected)

    office.ana.say(office.ana.bot_dm, "Tidy the reports")

    office.shown("Queued: Tidy the reports", office.ana.bot_dm)


def test_twenty_busy_workers_do_not_hold_up_the_acknowledgement(office: Office) -> None:
    for number in range(WORKERS):
        office.task(office.ben, f"Task {number}")
    stopping = threading.Event()

    def work(task: Any) -> None:
        while not stopping.wait(0.005):
            office.touched(task.id)
            with office.database.write("test") as session:
                fences.fence(session, task)

    busy = [threading.Thread(target=work, args=(office.working(),)) for _ in range(WORKERS)]
    for thread in busy:
        thread.start()
    for number in range(10):
        office.ana.command("reports", f"/cowork Tidy shelf {number}")
    stopping.set()
    for thread in busy:
        thread.join()

    assert sum(task.state is TaskState.QUEUED for task in office.tasks()) == 10
