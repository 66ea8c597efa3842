"""What was sent once is sent again byte for byte; only the cache marks move."""

from __future__ import annotations

import copy
import itertools
import json

import pytest

from bot.model import request
from bot.model.capabilities import FULL, PLAIN
from bot.model.claude import Prefix

TURNS = 30


def text(said):
    return {"type": "text", "text": said}


def calls_of(turn):
    """Twelve parallel calls, with a thought before them and inputs whose key order matters."""
    calls = [
        {
            "type": "tool_use",
            "id": f"toolu_{turn}_{n}",
            "name": "read_file",
            "input": {"path": f"{n}.md", "limit": n, "a": None},
        }
        for n in range(12)
    ]
    return [
        {"type": "thinking", "thinking": "", "signature": f"sig{turn}"},
        text(f"Turn {turn}: é “ü” 👍"),
        *calls,
    ]


def results_of(turn):
    results = [
        {"type": "tool_result", "tool_use_id": call.id, "content": [text(f"line of {call.input['path']}")]}
        for call in turn.calls
    ]
    return {"role": "user", "content": results}


def conversation(claude, prefix, goal):
    """Thirty turns as the loop takes them: stored text parsed, results after it, now and then a word or a fact."""
    messages, previous = list(goal), None
    for number in range(TURNS):
        turn = claude.turn(prefix, messages, previous_message_id=previous)
        previous = turn.message_id
        messages = [*messages, {"role": "assistant", "content": json.loads(turn.content)}, results_of(turn)]
        if number % 5 == 0:
            messages[-1]["content"].append(text("<slack_message>and hurry</slack_message>"))
        if number % 7 == 0:
            messages.append({"role": "system", "content": [text("Half of the budget is used.")]})


def marks_in(value):
    if isinstance(value, dict):
        return ("cache_control" in value) + sum(marks_in(part) for part in value.values())
    return sum(marks_in(part) for part in value) if isinstance(value, list) else 0


def without_marks(value):
    if isinstance(value, dict):
        return {name: without_marks(part) for name, part in value.items() if name != "cache_control"}
    return [without_marks(part) for part in value] if isinstance(value, list) else value


def test_every_request_begins_with_the_one_before_it_apart_from_at_most_four_marks(
    service, says, claude_at, prefix, goal
):
    service.says(*(says.whole(*calls_of(number), stop="tool_use") for number in range(TURNS)))
    conversation(claude_at(service), prefix, goal)
    sent = [json.loads(raw) for raw in service.raw]
    assert all(marks_in(body) <= 4 for body in sent)
    frozen = [
        json.dumps(without_marks({name: body[name] for name in ("model", "system", "tools", "thinking")}))
        for body in sent
    ]
    assert len(set(frozen)) == 1
    histories = [json.dumps(without_marks(body["messages"]))[:-1] for body in sent]
    assert [later.startswith(earlier) for earlier, later in itertools.pairwise(histories)] == [True] * (
        TURNS - 1
    )


def test_every_request_marks_the_end_of_the_one_before_it(service, says, claude_at, prefix, goal):
    service.says(*(says.whole(*calls_of(number), stop="tool_use") for number in range(TURNS)))
    conversation(claude_at(service), prefix, goal)
    for earlier, later in itertools.pairwise(service.requests):
        last = later["messages"][len(earlier["messages"]) - 1]["content"][-1]
        assert last["cache_control"] == {"type": "ephemeral"}
        assert marks_in(later["messages"]) == 1
    assert marks_in(service.requests[0]["messages"]) == 0


def test_marks_are_set_on_a_copy(goal):
    messages = [
        *goal,
        {"role": "assistant", "content": [text("a")]},
        {"role": "user", "content": [text("b")]},
    ]
    before = copy.deepcopy(messages)
    request.body(Prefix(model="m", system="s"), messages, FULL, max_tokens=1)
    assert messages == before


@pytest.mark.parametrize(
    "unfit",
    [
        text(" "),
        {"type": "thinking", "thinking": "x", "signature": "s"},
        {"type": "redacted_thinking", "data": "x"},
    ],
    ids=lambda block: block["type"],
)
def test_a_block_that_may_not_carry_a_mark_leaves_it_to_the_one_before(unfit):
    messages = [
        {"role": "user", "content": [text("a"), unfit]},
        {"role": "assistant", "content": [text("b")]},
        {"role": "user", "content": [text("c")]},
    ]
    first = request.marked(messages)[0]["content"]
    assert first == [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}, unfit]


def test_a_compacted_conversation_that_begins_with_the_assistant_has_no_previous_end():
    messages = [
        {"role": "assistant", "content": [{"type": "compaction"}]},
        {"role": "user", "content": [text("c")]},
    ]
    assert request.marked(messages) == messages


def test_an_empty_turn_is_not_sent_again():
    messages = [{"role": "user", "content": [text("a")]}, {"role": "assistant", "content": []}]
    assert request.history(messages, FULL) == messages[:1]


def test_a_plain_server_gets_facts_as_the_users_text_and_roles_that_take_turns(goal):
    said = {
        "role": "assistant",
        "content": [{"type": "thinking", "thinking": "x", "signature": ""}, text("a")],
    }
    facts = {"role": "system", "content": [text("It is late.")]}
    words = {"role": "user", "content": [text("Go on.")]}
    body = request.body(Prefix(model="m", system="s"), [*goal, said, words, facts], PLAIN, max_tokens=5)
    assert body == {
        "model": "m",
        "max_tokens": 5,
        "system": [text("s")],
        "messages": [*goal, said, {"role": "user", "content": [text("Go on."), text("It is late.")]}],
    }


def test_a_prefix_is_the_same_whatever_the_order_of_its_tools_and_keys():
    read = {"name": "read_file", "description": "Read.", "input_schema": {"type": "object"}}
    copied = {"name": "copy_file", "description": "Copy.", "input_schema": {"type": "object"}}
    swapped = dict(reversed(read.items()))
    one = Prefix.frozen(model="m", system="s", tools=[read, copied])
    two = Prefix.frozen(model="m", system="s", tools=[copied, swapped])
    assert one.text == two.text
    assert [tool["name"] for tool in one.tools] == ["copy_file", "read_file"]
    assert Prefix.parsed(one.text).text == one.text
