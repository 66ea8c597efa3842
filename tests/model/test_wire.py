"""Another thread can cut a running call, and the one that waits for it is back at once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from bot.model.claude import Cut, Wire

HELLO = {"type": "text", "text": "Hello."}


def cut_and_timed(service, turn, wire):
    """Seconds from the cut of a call that the service has received to the caller's `Cut`."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(turn)
        assert service.arrived.acquire(timeout=60)
        began = time.monotonic()
        wire.cut()
        with pytest.raises(Cut):
            running.result(timeout=60)
        return time.monotonic() - began


def quickest_cut(service, claude, prefix, goal):
    """Of three: a busy machine may hold one of them up."""
    wires = Wire(), Wire(), Wire()
    return min(cut_and_timed(service, partial(claude.turn, prefix, goal, wire=wire), wire) for wire in wires)


@pytest.mark.parametrize("events", [None, 0, 1, 3])
def test_a_cut_before_the_headers_or_in_mid_stream_returns_well_within_a_second(
    service, says, claude_at, prefix, goal, events
):
    released = threading.Event()
    stalled = says.part(events or 0, HELLO, ends=lambda line: released.wait(60))
    service.says(*[stalled if events is not None else lambda line: released.wait(60)] * 3)
    took = quickest_cut(service, claude_at(service), prefix, goal)
    released.set()
    assert took < 0.9


def test_a_wire_cut_before_its_call_lets_no_answer_through(service, says, claude_at, prefix, goal):
    service.says(says.whole(HELLO))
    wire = Wire()
    wire.cut()
    with pytest.raises(Cut):
        claude_at(service).turn(prefix, goal, wire=wire)


def test_a_cut_while_the_first_question_about_the_model_is_open_returns_at_once(
    service, claude_at, prefix, goal
):
    released = threading.Event()

    def stalled(line):
        service.arrived.release()
        released.wait(60)

    service.models = stalled
    took = quickest_cut(service, claude_at(service), prefix, goal)
    released.set()
    assert took < 0.9


def test_a_cut_ends_its_own_call_and_no_other(service, says, claude_at, prefix, goal):
    released, wire = threading.Event(), Wire()

    def held(line):
        released.wait(60)
        says.whole(HELLO)(line)

    service.says(held, held)
    claude = claude_at(service)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(claude.turn, prefix, goal, wire=wire)
        other = pool.submit(claude.turn, prefix, goal, wire=Wire())
        assert service.arrived.acquire(timeout=60) and service.arrived.acquire(timeout=60)
        wire.cut()
        with pytest.raises(Cut):
            one.result(timeout=60)
        released.set()
        assert other.result(timeout=60).text == "Hello."


def test_the_next_call_goes_over_the_same_connection_and_can_be_cut_there(
    service, says, claude_at, prefix, goal
):
    released, wire = threading.Event(), Wire()
    lines = []

    def noted(line):
        lines.append(line.client_address)
        says.whole(HELLO)(line)

    def stalled(line):
        lines.append(line.client_address)
        released.wait(60)

    service.says(noted, noted, stalled, noted)
    claude = claude_at(service)
    for _ in range(2):
        claude.turn(prefix, goal, wire=Wire())
        assert service.arrived.acquire(timeout=60)
    cut_and_timed(service, lambda: claude.turn(prefix, goal, wire=wire), wire)
    assert lines == lines[:1] * 3
    released.set()
    assert claude.turn(prefix, goal, wire=Wire()).text == "Hello."


def test_a_cut_of_a_call_that_is_over_does_not_reach_the_one_that_has_its_connection(
    service, says, claude_at, prefix, goal
):
    released, over, wire = threading.Event(), Wire(), Wire()

    def held(line):
        released.wait(60)
        says.whole(HELLO)(line)

    service.says(says.whole(HELLO), held)
    claude = claude_at(service)
    claude.turn(prefix, goal, wire=over)
    assert service.arrived.acquire(timeout=60)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(claude.turn, prefix, goal, wire=wire)
        assert service.arrived.acquire(timeout=60)
        over.cut()
        released.set()
        assert running.result(timeout=60).text == "Hello."
