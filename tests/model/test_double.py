"""Against the strict double, which checks shapes, signatures, marks and the cache as the real API does."""

from __future__ import annotations

import itertools
import json

from bot.model.claude import Claude, Prefix
from bot.rehearsal.answer import Answer
from bot.rehearsal.server import ModelDouble

TURNS, CALLS = 30, 12


def mind(request):
    """Thinks, says a word, and reads twelve files at once, thirty times; then it is done."""
    number = sum(message["role"] == "assistant" for message in request["messages"])
    if number == TURNS:
        return Answer(content=[{"type": "text", "text": "Done."}])
    calls = [
        {
            "type": "tool_use",
            "id": f"toolu_{number}_{n}",
            "name": "read_file",
            "input": {"path": f"{n}", "limit": n},
        }
        for n in range(CALLS)
    ]
    thought = {"type": "thinking", "thinking": f"Thought {number}."}
    return Answer(content=[thought, {"type": "text", "text": f"Turn {number}."}, *calls])


def reply_to(turn, number):
    """The results in one message; now and then the requester's word after them, and a fact of ours."""
    results = [
        {"type": "tool_result", "tool_use_id": call.id, "content": [{"type": "text", "text": "line\n" * 200}]}
        for call in turn.calls
    ]
    words = [{"type": "text", "text": "<slack_message>Hurry.</slack_message>"}] if number % 5 == 0 else []
    fact = {"role": "system", "content": [{"type": "text", "text": "Half of the budget is used."}]}
    return [{"role": "user", "content": [*results, *words]}, *([fact] if number % 7 == 0 else [])]


def a_whole_conversation(double, prefix):
    """As the loop does it, with a new client (a restarted process) for every turn."""
    messages = [{"role": "user", "content": [{"type": "text", "text": "Read it all."}]}]
    turns = []
    for number in range(TURNS + 1):
        claude = Claude(api_key="key", base_url=double.url, model=prefix.model)
        previous = turns[-1].message_id if turns else None
        turns.append(claude.turn(prefix, messages, previous_message_id=previous))
        claude.close()
        said = {"role": "assistant", "content": json.loads(turns[-1].content)}
        messages = [*messages, said, *reply_to(turns[-1], number)]
    return turns


def test_thirty_turns_of_parallel_calls_are_accepted_whole_and_read_from_the_cache(prefix):
    long = Prefix(model=prefix.model, system="You are a colleague. " * 400, tools=prefix.tools)
    with ModelDouble(mind) as double:
        turns = a_whole_conversation(double, long)
    assert double.invalid == []
    assert [turn.stop_reason for turn in turns] == ["tool_use"] * TURNS + ["end_turn"]
    assert [answer["diagnostics"] for answer in double.answers] == [None] * (TURNS + 1)
    for earlier, later in itertools.pairwise(turns):
        before = earlier.usage.cache_read_tokens + earlier.usage.cache_write_tokens
        assert later.usage.cache_read_tokens >= 0.99 * before > 0
    assert all(turn.usage.dollars > 0 for turn in turns)


def test_facts_are_sent_as_user_text_to_a_model_that_has_no_system_messages():
    old = Prefix(model="claude-sonnet-5", system="You are a colleague.")
    goal = {"role": "user", "content": [{"type": "text", "text": "Go."}]}
    fact = {"role": "system", "content": [{"type": "text", "text": "It is late."}]}
    with ModelDouble(lambda request: Answer(content=[{"type": "text", "text": "Yes."}])) as double:
        claude = Claude(api_key="key", base_url=double.url, model=old.model)
        turn = claude.turn(old, [goal, fact])
        claude.close()
    assert turn.text == "Yes."
    assert [message["role"] for message in double.requests[-1]["messages"]] == ["user"]


def test_an_altered_history_goes_on_without_its_thinking(prefix):
    goal = {"role": "user", "content": [{"type": "text", "text": "Read it all."}]}
    altered = {"role": "user", "content": [{"type": "text", "text": "Read it all!"}]}
    with ModelDouble(mind) as double:
        claude = Claude(api_key="key", base_url=double.url, model=prefix.model)
        first = claude.turn(prefix, [goal])
        said = {"role": "assistant", "content": first.blocks}
        second = claude.turn(prefix, [altered, said, *reply_to(first, 1)])
        claude.close()
    assert second.stop_reason == "tool_use"
    assert ["different conversation" in reason for reason in double.invalid] == [True]
