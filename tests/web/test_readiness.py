"""`/readyz`: every part with its state and its reason, however slow it is and however often it is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable

from starlette.testclient import TestClient

from bot.web import asgi
from bot.web.readiness import Part, Readiness


class Doctor:
    """Counts its looks; `says` is what it finds."""

    def __init__(self, says: str = "") -> None:
        self.says = says
        self.looks = 0

    def __call__(self) -> str:
        self.looks += 1
        return self.says


class Time:
    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


def readiness(doctor: Callable[[], str], time: Time | None = None, patience: float = 20) -> Readiness:
    parts = [Part(name="database", look=Doctor()), Part(name="model", look=doctor, keep=60)]
    return Readiness(parts, elapsed=time or Time(), patience=patience)


def test_it_is_ready_when_every_part_is():
    with TestClient(asgi.build(readiness=readiness(Doctor()))) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 200
    fine = {"ready": True, "why": ""}
    assert answer.json() == {"status": "ready", "parts": {"database": fine, "model": fine}}


def test_one_part_that_is_not_makes_it_503_with_the_reason():
    with TestClient(asgi.build(readiness=readiness(Doctor("no such key")))) as client:
        answer = client.get("/readyz")
        assert client.get("/healthz").json() == {"status": "ok"}
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    assert answer.json()["parts"]["model"] == {"ready": False, "why": "no such key"}


def test_the_model_is_not_asked_again_until_the_answer_is_old():
    doctor, time = Doctor(), Time()
    ready = readiness(doctor, time)
    for time.passed in (0, 30, 59, 60, 61):
        assert ready.report()["status"] == "ready"
    assert doctor.looks == 2


def test_after_trouble_it_is_looked_at_sooner():
    doctor, time = Doctor("overloaded"), Time()
    ready = readiness(doctor, time)
    assert ready.report()["status"] == "not ready"
    doctor.says = ""
    time.passed = 4
    assert ready.report()["status"] == "not ready"
    time.passed = 5
    assert ready.report()["status"] == "ready"


def test_a_part_that_never_answers_is_not_ready_and_is_asked_once():
    never, begun = threading.Event(), []

    def hangs() -> str:
        begun.append(1)
        never.wait()
        return ""

    ready = readiness(hangs, patience=0.05)
    for _ in range(3):
        found = ready.report()["parts"]["model"]
    never.set()
    assert found == {"ready": False, "why": "no answer within 0.05 seconds"}
    assert len(begun) == 1


def test_a_look_that_goes_wrong_is_not_ready_either():
    def stumbles() -> str:
        raise ValueError("secret")

    found = readiness(stumbles).report()["parts"]["model"]
    assert found == {"ready": False, "why": "the look itself went wrong; the log says how"}
