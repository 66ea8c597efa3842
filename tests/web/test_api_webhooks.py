"""Webhooks over HTTP: a program says where, and what it does is posted there, signed, while the office works."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Office
from bot.domain.token import TokenScope
from tests.engine.receiver import Receiver
from tests.eventually import eventually
from tests.web.programs import Program, at_work, program

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[Office]:
    place: Path = tmp_path_factory.mktemp("hooks")
    with at_work(place, COWORK_WEBHOOK_ORIGINS=receiver.origin) as office:
        yield office


@pytest.fixture(scope="module")
def ana(office: Office) -> Iterator[Program]:
    with program(office, "ana") as one:
        yield one


def test_a_task_is_begun_with_an_address_and_its_news_is_posted_there_signed(ana, receiver):
    asked = {"goal": "What can you do?", "webhook": {"url": receiver.url, "secret": SECRET}}
    made = ana.post("/tasks", asked, key="hooked")
    again = ana.post("/tasks", asked, key="hooked")
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json()["webhook"] == again.json()["webhook"]
    assert made.json()["webhook"]["events"][0] == "task.started"

    eventually(lambda: "done" in receiver.types)

    assert receiver.types == ["started", "done"]
    for headers, body in receiver.got:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
        mac = hmac.new(bytes(range(32)), signed, hashlib.sha256).digest()
        assert headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"
        assert json.loads(body)["data"]["task_id"] == made.json()["id"]


def test_webhooks_are_listed_and_taken_away_by_their_owner(office, ana, receiver):
    made = ana.post("/webhooks", {"url": receiver.url, "events": ["task.done"]}).json()
    assert made["secret"].startswith("whsec_")
    shown = {key: value for key, value in made.items() if key != "secret"}
    assert shown in ana.get("/webhooks").json()["webhooks"]
    with program(office, "ben") as ben:
        assert ben.get("/webhooks").json() == {"webhooks": []}
        assert ben.http.delete(f"/api/v1/webhooks/{made['id']}").status_code == 403
    assert ana.http.delete(f"/api/v1/webhooks/{made['id']}").status_code == 204
    assert shown not in ana.get("/webhooks").json()["webhooks"]


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"url": "http://example.com/"}, 403, "Only https"),
        ({"url": "https://u:p@example.com/"}, 403, "no address to post to"),
        ({"url": "https://example.com/", "events": ["task.said"]}, 422, "events"),
        ({"url": "https://example.com/", "secret": "whsec_short"}, 422, "secret"),
        ({"url": "https://example.com/", "task": 999}, 404, "There is no task 999"),
    ],
)
def test_what_cannot_be_a_webhook_is_refused_with_the_reason(ana, asked, status, said):
    answer = ana.post("/webhooks", asked)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True)


def test_a_task_with_an_address_that_is_not_posted_to_is_not_begun(ana):
    before = ana.get("/tasks").json()
    asked = {"goal": "What can you do?", "webhook": {"url": "http://example.com/", "secret": SECRET}}
    assert ana.post("/tasks", asked).status_code == 403
    assert ana.get("/tasks").json() == before


def test_who_may_not_read_tasks_hears_of_none(office):
    with program(office, "ana", name="writes", scopes=(TokenScope.WRITE,)) as writer:
        asked = {"goal": "What can you do?", "webhook": {"url": "https://example.com/", "secret": SECRET}}
        for path, body in (("/webhooks", {"url": "https://example.com/"}), ("/tasks", asked)):
            answer = writer.post(path, body)
            assert (answer.status_code, "tasks:read" in answer.json()["detail"]) == (403, True)
