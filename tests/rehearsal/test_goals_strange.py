"""Whatever a tool answers and whatever a person writes, the rehearsal model has an answer."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rehearsal.mind import rehearse
from tests.laws import tried
from tests.rehearsal.goals_office import TOOLS

_GOALS = st.sampled_from(
    [
        "Organize the reports folder",
        "Organise /work/reports, leave x alone, YYYY-MM_Type",
        "Digest the meeting notes and post them to #eng",
        "onboarding guide for the reports folder",
    ]
)
_FILE = st.sampled_from(
    ["a.txt", "Finance/b.pdf", "x.py", "README.md", "package.json", "notes.md", "INDEX.md", "Makefile"]
)


def _listing(names: list[str]) -> str:
    return "\n".join(
        ["/work/reports: 1 folders, 2 files", *(f"{name}\t1\t2026-03-01 10:00" for name in names)]
    )


_RESULTS = st.one_of(
    st.text(max_size=60),
    st.lists(_FILE, max_size=8).map(_listing),
    st.text(max_size=80).map(lambda text: f"[/work/reports/a.txt · TXT · lines 1–2 of 9]\n\n{text}"),
    st.text(max_size=40).map(lambda text: f"Not executed: redirected by Ana: {text}"),
    st.sampled_from(
        [
            "Approved by Ana. Ran 1 of 2 actions, then stopped at a failure:\n1. ok  Made x\n2. failed  no",
            "Approved by Ana.",
            "Not executed: stopped by Ana.",
            "Not allowed (rule 1): no.",
            "Ana answered: all",
        ]
    ),
)  # fmt: skip


@given(_GOALS, st.data())
@settings(max_examples=tried(150), deadline=None)
def test_whatever_comes_back_is_answered_with_words_or_with_offered_calls(
    goal: str, data: st.DataObject
) -> None:
    task = f"<task><folders>\n/work/reports (rw)\n</folders><goal>{goal}</goal></task>"
    messages: list[dict[str, Any]] = [{"role": "user", "content": task}]
    for turn in range(15):
        answer = rehearse(
            {"messages": messages, "tools": [{"name": name, "input_schema": {}} for name in TOOLS]}
        )
        assert all(block["text"].strip() for block in answer.content if block["type"] == "text")
        assert {block["name"] for block in answer.content if block["type"] == "tool_use"} <= set(TOOLS)
        if answer.ending == "end_turn":
            return
        blocks = [block | {"id": f"t{turn}_{at}"} if block["type"] == "tool_use" else block
                  for at, block in enumerate(answer.content)]  # fmt: skip
        results = [
            {"type": "tool_result", "tool_use_id": block["id"], "is_error": data.draw(st.booleans()),
             "content": data.draw(_RESULTS)}
            for block in blocks if block["type"] == "tool_use"
        ]  # fmt: skip
        messages += [{"role": "assistant", "content": blocks}, {"role": "user", "content": results}]
        if data.draw(st.integers(0, 5)) == 0:
            said = data.draw(st.text(max_size=40)).replace("<", "")
            results.append(
                {"type": "text", "text": f'<slack_message kind="follow_up">{said}</slack_message>'}
            )
