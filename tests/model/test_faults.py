"""Whatever goes wrong with a call comes back as the error of the one who can act."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.errors import NotConfigured, Unavailable
from bot.model.claude import Claude, ContextFull, ModelRefused
from bot.model.errors import LONGEST_WAIT, BrokenAnswer

HELLO = {"type": "text", "text": "Hello."}


def error_event(kind, **error):
    return {"type": "error", "error": {"type": kind, "message": "busy", **error}}


@pytest.mark.parametrize("events", range(6))
def test_a_line_that_drops_anywhere_is_unavailable(service, says, claude_at, prefix, goal, events):
    service.says(says.part(events, HELLO, ends=says.reset))
    with pytest.raises(Unavailable):
        claude_at(service).turn(prefix, goal)


@pytest.mark.parametrize("events", range(6))
def test_a_stream_that_just_ends_is_unavailable(service, says, claude_at, prefix, goal, events):
    service.says(says.part(events, HELLO))
    with pytest.raises(Unavailable, match="broke off"):
        claude_at(service).turn(prefix, goal)


def test_an_end_without_a_beginning_is_unavailable(service, says, claude_at, prefix, goal):
    service.says(says.events({"type": "message_stop"}))
    with pytest.raises(Unavailable):
        claude_at(service).turn(prefix, goal)


def test_a_stream_that_makes_no_sense_is_a_broken_answer(service, says, claude_at, prefix, goal):
    stray = {"type": "content_block_delta", "index": 7, "delta": {"type": "text_delta", "text": "x"}}
    service.says(says.part(1, ends=lambda line: (line.event(stray), line.end())))
    with pytest.raises(BrokenAnswer):
        claude_at(service).turn(prefix, goal)


def test_a_stall_is_unavailable_after_the_silence_allowed(service, says, claude_at, prefix, goal):
    released = threading.Event()
    service.says(says.part(2, HELLO, ends=lambda line: released.wait(60)))
    with pytest.raises(Unavailable, match="ReadTimeout"):
        claude_at(service, silence=0.2).turn(prefix, goal)
    released.set()


def test_nobody_at_the_address_is_unavailable(prefix, goal):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for endpoint in ("auto", "anthropic", "plain"):
        claude = Claude(api_key="k", base_url=f"http://127.0.0.1:{port}", model="m", endpoint=endpoint)
        with pytest.raises(Unavailable):
            claude.turn(prefix, goal)
        claude.close()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (408, "timeout_error"),
        (409, "conflict_error"),
        (429, "rate_limit_error"),
        (500, "api_error"),
        (503, "api_error"),
        (504, "timeout_error"),
        (529, "overloaded_error"),
    ],
)
def test_what_passes_is_unavailable_and_never_retried_here(
    service, says, claude_at, prefix, goal, status, kind
):
    service.says(says.refusal(status, kind, headers={"retry-after": "7"}))
    with pytest.raises(Unavailable) as raised:
        claude_at(service).turn(prefix, goal)
    assert (raised.value.retry_after, len(service.requests)) == (7.0, 1)


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("0", 0, 0),
        ("99999", LONGEST_WAIT, LONGEST_WAIT),
        ("-5", 0, 0),
        ("in five minutes", 200, 301),
    ],
)
def test_a_wait_is_read_as_seconds_or_a_date_and_has_an_end(
    service, says, claude_at, prefix, goal, said, low, high
):
    if said == "in five minutes":
        said = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
    service.says(says.refusal(429, "rate_limit_error", headers={"retry-after": said}))
    with pytest.raises(Unavailable) as raised:
        claude_at(service).turn(prefix, goal)
    assert low <= raised.value.retry_after <= high


@pytest.mark.parametrize("said", ["soon", "nan", ""])
def test_a_wait_that_makes_no_sense_is_none(service, says, claude_at, prefix, goal, said):
    service.says(says.refusal(529, "overloaded_error", headers={"retry-after": said}))
    with pytest.raises(Unavailable) as raised:
        claude_at(service).turn(prefix, goal)
    assert raised.value.retry_after is None


@pytest.mark.parametrize("kind", ["overloaded_error", "api_error", "rate_limit_error", "timeout_error"])
def test_a_passing_error_inside_a_stream_is_unavailable(service, says, claude_at, prefix, goal, kind):
    service.says(says.part(3, HELLO, ends=lambda line: (line.event(error_event(kind)), line.end())))
    with pytest.raises(Unavailable):
        claude_at(service).turn(prefix, goal)


@pytest.mark.parametrize(
    ("kind", "details", "expected"),
    [
        ("authentication_error", {}, NotConfigured),
        ("rate_limit_error", {"details": {"error_code": "enforced_spend_limit_reached"}}, NotConfigured),
        ("invalid_request_error", {}, ModelRefused),
    ],
)
def test_a_lasting_error_inside_a_stream_is_not(
    service, says, claude_at, prefix, goal, kind, details, expected
):
    event = error_event(kind, **details)
    service.says(says.part(3, HELLO, ends=lambda line: (line.event(event), line.end())))
    with pytest.raises(expected):
        claude_at(service).turn(prefix, goal)


@pytest.mark.parametrize(
    ("status", "kind", "code", "remedy"),
    [
        (401, "authentication_error", None, "ANTHROPIC_API_KEY"),
        (403, "permission_error", None, "COWORK_MODEL"),
        (404, "not_found_error", None, "COWORK_MODEL"),
        (402, "billing_error", None, "credit"),
        (429, "rate_limit_error", "enforced_spend_limit_reached", "limit"),
        (429, "rate_limit_error", "contract_spend_limit_reached", "limit"),
    ],
)
def test_what_the_operator_can_mend_says_how(
    service, says, claude_at, prefix, goal, status, kind, code, remedy
):
    service.says(says.refusal(status, kind, code=code))
    with pytest.raises(NotConfigured, match=remedy):
        claude_at(service).turn(prefix, goal)


def test_a_ramp_limit_passes(service, says, claude_at, prefix, goal):
    service.says(says.refusal(429, "rate_limit_error", code="ramp_limit_exceeded"))
    with pytest.raises(Unavailable):
        claude_at(service).turn(prefix, goal)


def test_a_service_that_says_do_not_retry_is_believed(service, says, claude_at, prefix, goal):
    service.says(says.refusal(500, "api_error", headers={"x-should-retry": "false"}))
    with pytest.raises(ModelRefused):
        claude_at(service).turn(prefix, goal)


def test_any_other_400_is_our_fault_and_carries_the_request_id(service, says, claude_at, prefix, goal):
    service.says(says.refusal(400, "invalid_request_error", "messages: something is wrong"))
    with pytest.raises(ModelRefused, match="something is wrong") as raised:
        claude_at(service).turn(prefix, goal)
    assert (raised.value.request_id, len(service.requests)) == ("req_1", 1)


def test_what_is_too_large_is_a_full_context(service, says, claude_at, prefix, goal):
    service.says(
        says.refusal(413, "request_too_large"),
        says.refusal(400, "invalid_request_error", code="image_dimensions_too_large"),
    )
    claude = claude_at(service)
    for _ in range(2):
        with pytest.raises(ContextFull):
            claude.turn(prefix, goal)


def test_an_altered_history_is_sent_once_more_without_its_thinking_and_remembered(
    service, says, claude_at, prefix, goal
):
    bound = "Invalid signature in thinking block. The block is bound to a different conversation"
    service.says(
        says.refusal(400, "invalid_request_error", bound),
        says.whole(HELLO),
        says.whole(HELLO),
        says.whole(HELLO),
    )
    claude = claude_at(service)
    other = [{"role": "user", "content": [{"type": "text", "text": "Another conversation."}]}]
    for messages in (goal, goal, other):
        claude.turn(prefix, messages)
    bindings = [request["thinking"].get("block_binding") for request in service.requests]
    drop = {"prefix_mismatch_behavior": "drop_block"}
    assert bindings == [None, drop, drop, None]
    betas = [headers["anthropic-beta"] for headers in service.headers]
    assert ["thinking-binding-controls-2026-08-01" in beta for beta in betas] == [False, True, True, False]
