"""prism, on each official specification: what is right is answered, what is wrong is refused, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.counterparts.orders import Orders
from tests.counterparts.prism import Prism

PAGE = {"spaceId": "7", "title": "Minutes", "body": {"representation": "storage", "value": "<p>Hello</p>"}}
AT_NINE = {"dateTime": "2026-11-23T09:00:00Z"}


def paragraph(key: str) -> dict[str, Any]:
    return {"type": "paragraph", "paragraph": {"rich_text": [{key: {"content": "Hello"}}]}}


RIGHT = {
    "github": ("POST", "/repos/acme/api/issues", {"title": "Login fails"}),
    "google": ("POST", "/v1/documents/d1:batchUpdate", {"requests": [{"insertText": {"text": "Hello"}}]}),
    "calendar": ("POST", "/calendar/v3/calendars/primary/events", {"start": AT_NINE, "end": AT_NINE}),
    "jira": ("POST", "/rest/api/3/issue", {"fields": {"summary": "Login fails"}}),
    "confluence": ("POST", "/wiki/api/v2/pages", PAGE),
    "notion": ("PATCH", f"/v1/blocks/{'1' * 32}/children", {"children": [paragraph("text")]}),
    "slack": ("GET", "/api/search.messages?query=sprint", None),
    "slack-answers": ("POST", "/api/canvases.edit", {"canvas_id": "F1", "changes": []}),
}
WRONG = {
    "github": ("POST", "/repos/acme/api/issues", {"title": ["Login fails"]}),
    "google": ("POST", "/v1/documents/d1:batchUpdate", {"requests": [{"insertTekst": {}}]}),
    "calendar": ("POST", "/calendar/v3/calendars/primary/events", {"start": AT_NINE}),
    "jira": ("POST", "/rest/api/3/issue", {"fields": "Login fails"}),
    "confluence": ("POST", "/wiki/api/v2/pages", {"title": "Minutes"}),
    "notion": ("PATCH", f"/v1/blocks/{'1' * 32}/children", {"children": [paragraph("tekst")]}),
    "slack": ("GET", "/api/search.messages", None),
    "slack-answers": ("POST", "/api/canvases.edit", {"canvas": "F1", "changes": []}),
}

Service = Callable[[str], Prism]


def sent(running: Prism, method: str, path: str, body: Any = None, token: str = "any") -> httpx2.Response:
    headers = {"Notion-Version": "2025-09-03"} | ({"Authorization": f"Bearer {token}"} if token else {})
    return httpx2.request(method, running.url + path, json=body, headers=headers, timeout=60)


@pytest.mark.parametrize("service", RIGHT)
def test_what_is_right_is_answered_and_what_is_wrong_is_refused(prism: Service, service: str) -> None:
    running = prism(service)
    assert sent(running, *RIGHT[service]).is_success
    assert sent(running, *WRONG[service]).status_code in (400, 422)
    assert [bool(call.violations) for call in running.calls] == [False, True]


@pytest.mark.parametrize("service", RIGHT)
def test_nobody_is_answered_without_a_token_or_where_there_is_nothing(prism: Service, service: str) -> None:
    running = prism(service)
    assert sent(running, *RIGHT[service], token="").status_code == 401
    assert sent(running, "GET", "/nowhere").status_code == 404


def test_an_answer_that_was_given_is_told_once_and_only_to_a_right_request(prism: Service) -> None:
    github = prism("github")
    path = "/repos/{owner}/{repo}/issues"
    github.answer("GET", path, [])
    github.answer("GET", path, {"message": "slow down"}, code=429, headers={"Retry-After": "30"})
    github.answer("POST", path, {"message": "gone"}, code=410)
    assert sent(github, "GET", "/repos/acme/api/issues").json() == []
    limited = sent(github, "GET", "/repos/acme/api/issues")
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "30")
    assert sent(github, "GET", "/repos/acme/api/issues").json() != []
    assert sent(github, *WRONG["github"]).status_code == 422


def test_an_answer_that_the_specification_does_not_know_is_not_told(prism: Service) -> None:
    github = prism("github")
    github.answer("GET", "/repos/{owner}/{repo}/issues", {"not": "a list"})
    refused = sent(github, "GET", "/repos/acme/api/issues")
    assert refused.status_code == 500
    assert "must be array" in refused.text


def test_google_knows_every_name_that_is_asked_with(prism: Service) -> None:
    files = "/drive/v3/files?pageSize=10"
    google = prism("google")
    assert sent(google, "GET", files).is_success
    assert sent(google, "GET", f"{files}&supportAllDrives=true").status_code == 400
    assert google.calls[-1].violations == ['Unknown name "supportAllDrives"']


def test_the_example_of_an_answer_is_as_the_schema_says(prism: Service) -> None:
    calendar = prism("calendar")
    event = sent(calendar, "GET", "/calendar/v3/calendars/primary/events/e1").json()
    calendar.answer("GET", "/calendar/v3/calendars/{calendarId}/events/{eventId}", event)
    assert sent(calendar, "GET", "/calendar/v3/calendars/primary/events/e1").json() == event


def test_a_schema_that_says_nothing_to_prism_is_no_leave_to_send_anything(tmp_path: Path) -> None:
    operation = {
        "requestBody": {"content": {"application/json": {"schema": {"type": "string", "pattern": "["}}}},
        "responses": {"204": {"description": ""}},
    }
    document = {
        "openapi": "3.0.3",
        "info": {"title": "", "version": ""},
        "paths": {"/a": {"post": operation}},
    }
    (tmp_path / "bad.json").write_text(json.dumps(document))
    with Orders("prism.mjs") as orders:
        specification = {"file": str(tmp_path / "bad.json"), "prefix": ""}
        url = orders.give("start", service="bad", specifications=[specification])
        refused = httpx2.post(f"{url}/a", json="anything")
    assert refused.status_code == 500
    assert "no schema to hold it to" in refused.text
