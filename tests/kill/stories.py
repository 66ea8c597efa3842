"""What a person asks for, what the model does about it, and how the world must be at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.domain.task import TaskState
from bot.rehearsal.answer import Answer, calls, text

FILES = {"a.txt": "alpha", "b.txt": "beta", "c.txt": "gamma", "old.txt": "stale", "plan.md": "Ship it.\n"}
SUBFOLDER = "Done"
DONE = "Tidied the reports."


@dataclass(frozen=True, kw_only=True, eq=False)
class Story:
    """`happens` is all that may happen in the folder, each once; `files` is what it then holds.

    `posts` are the messages in the thread by their kind; `receipts` the paths that the report must account for;
    `fails` the tools whose calls come to nothing. `presses` are the buttons that the person presses, and a part of
    the text of the message where they do; `words` is what they reply in the thread, by such a part. `outages` are
    the calls of Slack that fail once, and `overloads` is how often the model does.
    """

    name: str
    goal: str
    turns: Callable[[Path], tuple[Answer, ...]]
    state: TaskState
    happens: frozenset[str]
    files: Mapping[str, str]
    posts: Mapping[str, int]
    receipts: tuple[str, ...]
    fails: tuple[str, ...] = ()
    presses: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    outages: tuple[str, ...] = ()
    overloads: int = 0


def tidying(reports: Path) -> tuple[Answer, ...]:
    """Reads side by side, every kind of write, two checkpoints, a file for the thread, a report."""
    return (
        calls(
            ("update_plan", {"steps": [{"title": "Tidy", "status": "completed"}]}),
            ("read_file", {"path": f"{reports}/a.txt"}),
            ("read_file", {"path": f"{reports}/plan.md"}),
            ("list_folder", {"path": str(reports)}),
            say="I will look first.",
        ),
        calls(
            ("write_file", {"path": f"{reports}/report.md", "content": "# Tidied"}),
            ("make_folder", {"path": f"{reports}/New"}),
            ("copy_file", {"source": f"{reports}/c.txt", "destination": f"{reports}/{SUBFOLDER}/c.txt"}),
        ),
        calls(
            # The new text holds the old one: afterwards the file does not tell whether it was edited.
            (
                "edit_file",
                {"path": f"{reports}/plan.md", "old_text": "Ship it", "new_text": "Ship it, then rest"},
            ),
            ("delete_file", {"path": f"{reports}/old.txt"}),
        ),
        calls(
            (
                "checkpoint",
                {
                    "title": "Move 2 files",
                    "summary": "They are done.",
                    "actions": [moving(reports, "a"), moving(reports, "b")],
                },
            )
        ),
        calls(("deliver", {"path": f"{reports}/report.md", "title": "Report"})),
        text(DONE),
    )


def stopping(reports: Path) -> tuple[Answer, ...]:
    """A call that is refused, a question, words in the thread, and a stop while a checkpoint is open."""
    return (
        calls(
            ("write_file", {"path": f"{reports.parent}/wiki/rules.md", "content": "Be wild."}),
            ("ask_person", {"question": "Which folder?"}),
        ),
        calls(("write_file", {"path": f"{reports}/report.md", "content": "# Begun"})),
        calls(
            (
                "checkpoint",
                {"title": "Move 1 file", "summary": "It is done.", "actions": [moving(reports, "a")]},
            )
        ),
    )


def suffering(reports: Path) -> tuple[Answer, ...]:
    """The model is out at first, Slack fails too, and in the end the person stops it on its card."""
    return stopping(reports)[1:]


def moving(reports: Path, name: str) -> dict[str, Any]:
    where = {"source": f"{reports}/{name}.txt", "destination": f"{reports}/{SUBFOLDER}/{name}.txt"}
    return {"tool": "move_file", "input": where}


def thinking(answer: Answer) -> Answer:
    """With a thought in front: its signature is over all that came before, so an edited history is refused."""
    return replace(answer, content=[{"type": "thinking", "thinking": "I go on."}, *answer.content])


TIDY = Story(
    name="tidy",
    goal="@cowork tidy the reports",
    turns=tidying,
    state=TaskState.DONE,
    happens=frozenset(
        {"+report.md", "+New", "+Done/c.txt", "+plan.md", "-old.txt", "-a.txt", "+Done/a.txt", "-b.txt"}
        | {"+Done/b.txt"}
    ),
    files={
        "Done/a.txt": "alpha",
        "Done/b.txt": "beta",
        "Done/c.txt": "gamma",
        "c.txt": "gamma",
        "plan.md": "Ship it, then rest.\n",
        "report.md": "# Tidied",
    },
    posts={"card": 1, "approval": 2, "file": 1, "result": 1},
    receipts=("report.md", "New", "Done/c.txt", "plan.md", "old.txt", "Done/a.txt", "Done/b.txt"),
    presses={"Approve": ""},
)
STOP = Story(
    name="stop",
    goal="@cowork tidy the reports",
    turns=stopping,
    state=TaskState.STOPPED,
    happens=frozenset({"+report.md"}),
    files=FILES | {"report.md": "# Begun"},
    posts={"card": 1, "approval": 2, "result": 1},
    receipts=("report.md",),
    fails=("write_file", "checkpoint"),
    words={"Which folder?": "That of the reports.", "Move 1 file": "stop"},
)
SUFFER = Story(
    name="suffer",
    goal="@cowork tidy the reports",
    turns=suffering,
    state=TaskState.STOPPED,
    happens=frozenset({"+report.md"}),
    files=FILES | {"report.md": "# Begun"},
    posts={"card": 1, "approval": 1, "result": 1},
    receipts=("report.md",),
    fails=("checkpoint",),
    presses={"Retry": "Paused: ", "Stop": "Waiting: "},
    outages=("chat.postMessage", "chat.update"),
    overloads=3,
)
