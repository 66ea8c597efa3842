"""What Google refuses or fails to do is told to the one who can act, and nothing is sent twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.errors import SignInNeeded, ToolError, Unavailable
from bot.sdk.trial import Trial
from tests.counterparts.emulate import Emulate
from tests.counterparts.prism import Prism
from tests.counterparts.wire import Wire
from tests.plugins.google.conftest import connection

NEW_DOC = {"title": "Plan", "content": "Hello"}


def error(code: int, message: str, reason: str = "") -> str:
    """As Drive words it."""
    listed = [{"domain": "global", "reason": reason, "message": message}] if reason else []
    return json.dumps({"error": {"code": code, "message": message, "errors": listed}})


@pytest.fixture
def wire(emulate: Emulate, wire_to: Callable[[str], Wire]) -> Wire:
    return wire_to(emulate.google.url)


@pytest.fixture
def wired(drive: Trial, wire: Wire) -> Trial:
    return replace(drive, connection=connection(wire.url))


def test_a_limit_parks_the_task_for_as_long_as_google_says(wired: Trial, wire: Wire) -> None:
    wire.refuse(429, error(429, "Too many requests"), Retry_After="17")
    wire.refuse(403, error(403, "Rate Limit Exceeded", "userRateLimitExceeded"))
    wire.refuse(403, error(403, "Daily limit", "dailyLimitExceeded"))
    for wait in (17, 30, 3600):
        with pytest.raises(Unavailable) as limited:
            wired.run("get_file", file="agenda")
        assert (limited.value.retry_after, limited.value.service, limited.value.nothing_done) == (
            wait,
            "Google",
            True,
        )
    assert len(wire.sent) == 3


@pytest.mark.parametrize("code", [500, 502, 503])
def test_a_failure_of_google_is_waited_for_and_what_was_done_is_open(
    wired: Trial, wire: Wire, code: int
) -> None:
    wire.refuse(200, '{"files": []}')
    wire.refuse(code, "<html>oops</html>")
    with pytest.raises(Unavailable, match=f"the error {code}") as failed:
        wired.run("create_document", effect_id="e1", **NEW_DOC)
    assert not failed.value.nothing_done
    assert [method for method, _ in wire.sent] == ["GET", "POST"]


def test_a_dropped_connection_sends_a_create_once(wired: Trial, wire: Wire, drive: Trial) -> None:
    wire.refuse(200, '{"files": []}')
    wire.lose_answer()
    with pytest.raises(Unavailable, match="its answer did not come") as lost:
        wired.run("create_document", effect_id="e1", **NEW_DOC)
    assert not lost.value.nothing_done
    assert [method for method, _ in wire.sent] == ["GET", "POST"]
    assert drive.run("search_files", query="").text.count("Plan · Google Doc") == 1


def test_where_nobody_listens_nothing_was_done(drive: Trial, wire: Wire) -> None:
    wire.close()
    nowhere = replace(drive, connection=connection(wire.url))
    with pytest.raises(Unavailable, match="no connection could be made") as unreached:
        nowhere.run("rename_file", effect_id="e1", file="agenda", name="b")
    assert unreached.value.nothing_done


@pytest.mark.parametrize(
    ("code", "reason", "said"),
    [
        (403, "insufficientFilePermissions", "Ask the owner of the file"),
        (403, "insufficientPermissions", "does not include this right"),
        (403, "accessNotConfigured", "ask an admin to enable it"),
        (403, "exportSizeLimitExceeded", r"Google refused the call \(400\): No"),
        (404, "notFound", "may not see it"),
        (409, "conflict", "Read it again first"),
        (412, "conditionNotMet", "Read it again first"),
        (400, "invalid", r"Google refused the call \(400\): No"),
    ],
)
def test_a_refusal_says_what_is_missing_and_whom_to_ask(
    wired: Trial, wire: Wire, code: int, reason: str, said: str
) -> None:
    wire.refuse(code, error(code, "No", reason))
    with pytest.raises(ToolError, match=said):
        wired.run("get_file", file="agenda")


def test_the_newer_words_of_google_for_a_right_are_understood(wired: Trial, wire: Wire) -> None:
    details = [
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
    ]
    wire.refuse(403, json.dumps({"error": {"code": 403, "message": "No", "details": details}}))
    with pytest.raises(ToolError, match="does not include this right"):
        wired.run("get_file", file="agenda")


def test_a_dead_token_asks_for_a_sign_in(wired: Trial, wire: Wire) -> None:
    wire.refuse(401, error(401, "Invalid Credentials", "authError"))
    with pytest.raises(SignInNeeded, match="Invalid Credentials"):
        wired.run("rename_file", effect_id="e1", file="agenda", name="b")
    assert len(wire.sent) == 1


def test_what_is_no_answer_of_googles_is_not_taken_for_one(wired: Trial, wire: Wire) -> None:
    wire.refuse(200, "<html>Sign in to the hotel's network</html>")
    with pytest.raises(Unavailable, match="could not be read"):
        wired.run("get_file", file="agenda")


def test_a_redirect_does_not_carry_a_change_elsewhere(wired: Trial, wire: Wire) -> None:
    wire.refuse(200, json.dumps({"id": "agenda", "name": "agenda.md"}))
    wire.refuse(307, "", Location=f"{wire.url}/elsewhere")
    with pytest.raises(ToolError, match="sends elsewhere"):
        wired.run("rename_file", effect_id="e1", file="agenda", name="b")
    assert len(wire.sent) == 2


def test_an_answer_that_is_too_large_is_not_kept(wired: Trial, wire: Wire) -> None:
    wire.refuse(200, json.dumps({"id": "agenda", "name": "a.bin", "mimeType": "text/plain"}))
    wire.refuse(200, "x" * 20_000_001)
    with pytest.raises(ToolError, match="more than 20,000,000 bytes"):
        wired.run("read_file", file="agenda")


def test_prism_refuses_what_a_plugin_sends_wrongly(official: Prism, google: Trial) -> None:
    client = google.context().client
    with pytest.raises(ToolError, match="Google refused the call"):
        client.post("docs", "/v1/documents/d1:batchUpdate", {"requests": [{"insertTekst": {}}]})
    assert official.calls[-1].violations
