"""Every fault, as the SDK shows it."""

from __future__ import annotations

import threading
from typing import Any

import anthropic
import httpx2
import pytest

from bot.rehearsal import trouble
from bot.rehearsal.answer import Answer, calls, text
from bot.rehearsal.faults import Fault, Faults
from bot.rehearsal.gate import Gate
from bot.rehearsal.script import turns
from bot.rehearsal.server import ModelDouble

DEADLINE = 10.0
GO = {"role": "user", "content": [{"type": "text", "text": "Go"}]}
TOOLS = [{"name": "delete_rows", "input_schema": {"type": "object"}}]
DELETE = calls(
    ("delete_rows", {"table": "users", "where": "id=5", "dry_run": True}), say="I will delete a row."
)


def client(double: ModelDouble, read: float = DEADLINE) -> anthropic.Anthropic:
    timeout = httpx2.Timeout(DEADLINE, read=read)
    return anthropic.Anthropic(api_key="k", base_url=double.url, max_retries=0, timeout=timeout)


def turn(double: ModelDouble, *messages: Any, seen: list[str] | None = None, read: float = DEADLINE) -> Any:
    """One turn; returns the final message and notes the types of the events before it."""
    seen = [] if seen is None else seen
    asked = {"model": "claude-opus-5-5", "max_tokens": 1000, "tools": TOOLS, "messages": messages or (GO,)}
    with client(double, read).beta.messages.stream(**asked) as stream:
        for event in stream:
            seen.append(event.type)
        return stream.get_final_message()


def met(fault: Fault, answer: Answer = DELETE) -> ModelDouble:
    return ModelDouble(turns(answer, text("Done.")), faults=Faults({1: fault}))


@pytest.mark.parametrize(
    ("fault", "kind", "status", "type", "code", "retry_after"),
    [
        (trouble.rate_limited(), anthropic.RateLimitError, 429, "rate_limit_error", None, None),
        (trouble.rate_limited("7"), anthropic.RateLimitError, 429, "rate_limit_error", None, "7"),
        (
            trouble.spend_limit(),
            anthropic.RateLimitError,
            429,
            "rate_limit_error",
            "enforced_spend_limit_reached",
            None,
        ),
        (trouble.server_error(), anthropic.InternalServerError, 500, "api_error", None, None),
        (trouble.overloaded(), anthropic.OverloadedError, 529, "overloaded_error", None, None),
        (trouble.too_large(), anthropic.ContentTooLargeError, 413, "request_too_large", None, None),
        (
            trouble.refused(402, "billing_error", "No money.", error_code="organization_on_hold"),
            anthropic.PaymentRequiredError,
            402,
            "billing_error",
            "organization_on_hold",
            None,
        ),
    ],
)
def test_a_refused_call_raises_its_class_and_the_next_one_succeeds(
    fault: Fault, kind: type[anthropic.APIStatusError], status: int, type: str, code: str, retry_after: str
) -> None:
    with met(fault) as double:
        with pytest.raises(kind) as raised:
            turn(double)
        assert turn(double).stop_reason == "tool_use"
    error = raised.value
    shown = (error.status_code, error.type, error.error_code, error.response.headers.get("retry-after"))
    assert shown == (status, type, code, retry_after)
    assert (error.request_id or "").startswith("req_")
    assert (double.invalid, double.faults.met) == ([], [(1, fault.name)])


def test_a_reset_before_the_headers_is_a_connection_error() -> None:
    with met(trouble.reset()) as double, pytest.raises(anthropic.APIConnectionError):
        turn(double)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(trouble.reset(after=4), httpx2.ReadError), (trouble.dropped(after=4), httpx2.RemoteProtocolError)],
)
def test_a_stream_that_breaks_raises_a_raw_transport_error(fault: Fault, kind: type[Exception]) -> None:
    with met(fault) as double, pytest.raises(kind):
        turn(double)


def test_a_stream_that_ends_early_raises_nothing() -> None:
    seen: list[str] = []
    with met(trouble.cut_short(after=5)) as double:
        message = turn(double, seen=seen)
    assert (message.stop_reason, "message_stop" in seen) == (None, False)
    assert message.content[0].text in "I will delete a row."


def test_an_empty_body_has_no_message() -> None:
    with met(trouble.empty_body()) as double, pytest.raises(AssertionError):
        turn(double)


def test_an_error_event_has_status_200_and_a_type() -> None:
    seen: list[str] = []
    with met(trouble.error_event(after=4)) as double, pytest.raises(anthropic.APIStatusError) as raised:
        turn(double, seen=seen)
    assert (raised.value.status_code, raised.value.type) == (200, "overloaded_error")
    assert "text" in seen


def test_a_cut_tool_call_looks_plausible() -> None:
    with met(trouble.cut_tool()) as double:
        message = turn(double)
    assert message.stop_reason == "max_tokens"
    assert message.content[1].input == {"table": "users", "where": "id=5"}


def test_broken_tool_json_is_a_value_error() -> None:
    with (
        met(trouble.broken_tool()) as double,
        pytest.raises(ValueError, match="Unable to parse tool parameter"),
    ):
        turn(double)


@pytest.mark.parametrize(
    ("fault", "ending", "said"),
    [
        (trouble.refusal(), "refusal", []),
        (trouble.refusal(midway=True, category="cyber"), "refusal", ["I will dele"]),
        (trouble.empty_end_turn(), "end_turn", []),
        (trouble.max_tokens(), "max_tokens", ["I will dele"]),
    ],
)
def test_an_answer_can_end_badly(fault: Fault, ending: str, said: list[str]) -> None:
    with met(fault) as double:
        message = turn(double)
    assert (message.stop_reason, [block.text for block in message.content]) == (ending, said)
    assert (message.stop_details is not None) == (ending == "refusal")


def test_a_paused_turn_is_sent_back_as_it_is() -> None:
    with met(trouble.pause_turn()) as double:
        paused = turn(double)
        echo = {"role": "assistant", "content": paused.to_dict(mode="json")["content"]}
        after = turn(double, GO, echo)
    assert (paused.stop_reason, after.stop_reason, double.invalid) == ("pause_turn", "end_turn", [])


def test_a_dribbled_stream_arrives_whole() -> None:
    with met(trouble.dribble(1), text("Grüße, 世界")) as double:
        assert turn(double).content[0].text == "Grüße, 世界"


@pytest.mark.parametrize("make", [trouble.slow_start, lambda gate: trouble.stall(3, gate)])
def test_a_held_answer_comes_when_the_gate_opens(make: Any) -> None:
    gate = Gate()
    ends: list[Any] = []
    with met(make(gate)) as double:
        waiting = threading.Thread(target=lambda: ends.append(turn(double)))
        waiting.start()
        assert gate.reached.wait(DEADLINE)
        assert ends == []
        gate.open()
        waiting.join(DEADLINE)
    assert [end.stop_reason for end in ends] == ["tool_use"]


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (trouble.slow_start, anthropic.APITimeoutError),
        (lambda gate: trouble.stall(3, gate), httpx2.ReadTimeout),
    ],
)
def test_a_held_answer_times_out_and_the_double_sees_the_caller_leave(
    make: Any, kind: type[Exception]
) -> None:
    gate = Gate()
    with met(make(gate)) as double:
        with pytest.raises(kind):
            turn(double, read=0.2)
        assert gate.left.wait(DEADLINE)


def test_stopping_the_double_lets_no_caller_hang() -> None:
    gate = Gate()
    ends: list[BaseException] = []
    double = met(trouble.slow_start(gate))
    double.start()

    def call() -> None:
        try:
            turn(double)
        except anthropic.APIConnectionError as error:
            ends.append(error)

    waiting = threading.Thread(target=call)
    waiting.start()
    assert gate.reached.wait(DEADLINE)
    double.stop()
    waiting.join(DEADLINE)
    assert len(ends) == 1


def test_faults_come_by_number_by_order_and_for_as_long_as_they_last() -> None:
    fine, bad = Fault(name="fine"), Fault(name="bad")
    faults = Faults({2: bad})
    faults.next(fine)
    asked = [faults.of_call(number) for number in (1, 2, 3)]
    faults.always = bad
    asked.append(faults.of_call(4))
    faults.always = None
    asked.append(faults.of_call(5))
    assert [fault and fault.name for fault in asked] == ["fine", "bad", None, "bad", None]
    assert faults.met == [(1, "fine"), (2, "bad"), (4, "bad")]


def test_seeded_faults_are_the_same_for_the_same_seed() -> None:
    kinds = [trouble.overloaded(), trouble.server_error(), trouble.dropped(2)]

    def drawn(seed: int) -> list[tuple[int, str]]:
        faults = Faults(seed=seed, share=0.3, among=kinds)
        for number in range(1, 101):
            faults.of_call(number)
        return faults.met

    assert drawn(1) == drawn(1) != drawn(2)
    assert 15 <= len(drawn(1)) <= 45


def test_a_delay_spreads_the_answer_and_changes_nothing_else() -> None:
    with ModelDouble(turns(DELETE), delay=0.02) as double:
        message = turn(double)
    assert message.content[1].input == DELETE.content[1]["input"]
