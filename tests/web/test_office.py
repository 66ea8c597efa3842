"""The whole office over HTTP: whether it lives, whether it can work, and its figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.app import Office
from bot.sdk.trust import trusted
from bot.settings import Settings
from tests.eventually import eventually


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    settings = Settings(
        _env_file=None, COWORK_HOME=tmp_path / "home", COWORK_PORT=0, SLACK_BOT_TOKEN="", ANTHROPIC_API_KEY=""
    )
    office = Office(settings)
    office.start()
    yield office
    office.stop()


def get(office: Office, path: str) -> httpx2.Response:
    with httpx2.Client(base_url=office.server.url, trust_env=False, verify=trusted()) as client:
        return client.get(path)


def figures(office: Office) -> dict[tuple[Any, ...], float]:
    families = text_string_to_metric_families(get(office, "/metrics").text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_a_new_office_is_ready(office):
    answer = get(office, "/readyz")
    assert answer.json() == {
        "status": "ready",
        "parts": {name: {"ready": True, "why": ""} for name in ("database", "model", "slack")},
    }
    assert answer.status_code == 200


def test_without_its_model_it_lives_but_is_not_ready(office):
    office.colleague.rehearsal.stop()
    answer = get(office, "/readyz")
    parts = answer.json()["parts"]
    assert (answer.status_code, parts["database"]["ready"], parts["slack"]["ready"]) == (503, True, True)
    assert parts["model"]["why"].startswith("Nothing answers at http://127.0.0.1")
    assert get(office, "/healthz").status_code == 200


def test_without_slack_it_lives_but_is_not_ready(office):
    office.local_slack.workspace.delivery.sockets.kill()
    office.edge.stop()
    said = {"ready": False, "why": "not connected by Socket Mode"}
    eventually(lambda: get(office, "/readyz").json()["parts"]["slack"] == said)


def test_a_delivery_of_slack_and_the_messages_it_leads_to_are_timed(office):
    slack = office.local_slack
    slack.person("ana").command(slack.channel("reports"), "/cowork What can you do?")
    found = eventually(lambda: _done(figures(office)))
    assert found["cowork_slack_acknowledgement_seconds_count", "command"] == 1
    assert found["cowork_call_seconds_count", "slack.chat.postMessage"] >= 1
    assert found["process_open_fds",] > 0


def _done(found: dict[tuple[Any, ...], float]) -> dict[tuple[Any, ...], float] | None:
    return found if found["cowork_tasks", "done"] and found["cowork_outbox_messages", "result"] == 0 else None
