"""A wire loses what it is told to lose, and what it passes on the service has really done."""

from __future__ import annotations

from collections.abc import Callable

import httpx2
import pytest

from tests.counterparts.emulate import Emulate
from tests.counterparts.wire import Wire

ISSUES = "/repos/octocat/hello-world/issues"


def opened(wire: Wire, token: str) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.post(wire.url + ISSUES, json={"title": "Login fails"}, headers=headers, timeout=60)


def test_an_issue_whose_answer_was_lost_is_there_and_one_whose_request_was_lost_is_not(
    emulate: Emulate, wire_to: Callable[[str], Wire]
) -> None:
    github, wire = emulate.github, wire_to(emulate.github.url)
    wire.lose_request()
    wire.lose_answer()
    for there in (0, 1):
        with pytest.raises(httpx2.TransportError):
            opened(wire, github.token)
        assert len(httpx2.get(github.url + ISSUES).json()) == there
    assert opened(wire, github.token).status_code == 201
    assert wire.sent == [("POST", ISSUES)] * 3


def test_a_refusal_is_told_once_and_goes_no_further(emulate: Emulate, wire_to: Callable[[str], Wire]) -> None:
    wire = wire_to(emulate.github.url)
    wire.refuse(429, Retry_After="30")
    refused = opened(wire, emulate.github.token)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
    assert httpx2.get(wire.url + ISSUES).json() == []
