"""What a person asks for, what the model does about it, and how the world must be at the end."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.domain.task import TaskState
from bot.rehearsal.answer import Answer, Mind, calls, text

FILES = {"a.txt": "alpha", "b.txt": "beta", "c.txt": "gamma", "old.txt": "stale", "plan.md": "Ship it.\n"}
SUBFOLDER = "Done"
DONE = "Tidied the reports."
ROOT = "(the message with the goal)"
PAGE = "word " * 1_500
FULL = Answer(content=[], stop_reason="model_context_window_exceeded")
NO_SUMMARY = Answer(content=[{"type": "compaction", "content": None}])


@dataclass(frozen=True, kw_only=True, eq=False)
class Story:
    """`happens` is all that may happen in the folder, each once; `files` is what it then holds.

    `turns` are what the model says, or `mind` is what it goes by, and `says` is how many turns that comes to in all.
    `states` are those of the tasks, the newest first. `posts` are the messages in the thread by their kind;
    `receipts` the paths that the report must account for; `fails` the tools whose calls come to nothing.

    The person first chooses the autonomy that they prefer, if any (`prefers`). Then they ask, where the colleague
    is `shut_out` perhaps, and is let in when nothing is heard of it (`lets_in`); what they say next (`early`, directly)
    is delivered before that. `presses` are the buttons that they press, and a part of the text of the message where
    they do; by such a part, too: `words` is what they reply in the thread, `edits` what they make of their goal, and
    `deletes` the message that is deleted (a part of its text, or ROOT).

    `outages` are the calls of Slack that fail once, `refuses` those that it never takes; `overloads` is how often
    the model fails, `ponders` for how many seconds it says nothing at first, so that the card grows stale (as does any
    other card meanwhile), and `settings` is what the operator chose.
    """

    name: str
    goal: str = "@cowork tidy the reports"
    turns: Callable[[Path], tuple[Answer, ...]] = lambda _: ()
    mind: Callable[[Path], Mind] | None = None
    says: int
    states: tuple[TaskState, ...]
    happens: frozenset[str]
    files: Mapping[str, str]
    posts: Mapping[str, int]
    receipts: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    prefers: str = ""
    shut_out: bool = False
    lets_in: bool = False
    early: str = ""
    presses: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    edits: Mapping[str, str] = field(default_factory=dict)
    deletes: Mapping[str, str] = field(default_factory=dict)
    outages: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    overloads: int = 0
    ponders: float = 0.0
    settings: Mapping[str, str] = field(default_factory=dict)


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


def writing(reports: Path) -> Mind:
    """A file a turn, until the model has no more room; one summary is had, and then none.

    It counts what was told alone, and not what defines the tools: that grows from release to release.
    """

    def mind(request: dict[str, Any]) -> Answer:
        told = json.dumps(request["messages"])
        step = 1 + max((int(number) for number in re.findall(r"step-(\d+)", told)), default=0)
        is_summed_up = request["messages"][0]["role"] == "assistant"
        if request.get("compaction"):
            return NO_SUMMARY if is_summed_up else text(f"I wrote step-{step - 1}.")
        if step == 2 and not is_summed_up:
            return FULL
        if step > 4:
            return thinking(text(DONE))
        page = calls(("write_file", {"path": f"{reports}/step-{step}.md", "content": PAGE}))
        return replace(thinking(page), usage=_read(len(told) // 4))

    return mind


def _read(tokens: int) -> dict[str, Any]:
    return {"input_tokens": tokens, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}


def checking(reports: Path) -> tuple[Answer, ...]:
    return (*stopping(reports)[2:], text(DONE))


def questioning(reports: Path) -> tuple[Answer, ...]:
    """A question, a file, a checkpoint, and the file for the thread."""
    return (
        calls(("ask_person", {"question": "Which folder?"})),
        *stopping(reports)[1:],
        calls(("deliver", {"path": f"{reports}/report.md", "title": "Report"})),
        text(DONE),
    )


def moving(reports: Path, name: str) -> dict[str, Any]:
    where = {"source": f"{reports}/{name}.txt", "destination": f"{reports}/{SUBFOLDER}/{name}.txt"}
    return {"tool": "move_file", "input": where}


def thinking(answer: Answer) -> Answer:
    """With a thought in front: its signature is over all that came before, so an edited history is refused."""
    return replace(answer, content=[{"type": "thinking", "thinking": "I go on."}, *answer.content])


TIDY = Story(
    name="tidy",
    turns=tidying,
    says=6,
    states=(TaskState.DONE,),
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
    turns=stopping,
    says=3,
    states=(TaskState.STOPPED,),
    happens=frozenset({"+report.md"}),
    files=FILES | {"report.md": "# Begun"},
    posts={"card": 1, "approval": 2, "result": 1},
    receipts=("report.md",),
    fails=("write_file", "checkpoint"),
    words={"Which folder?": "That of the reports.", "Move 1 file": "stop"},
)
SUFFER = Story(
    name="suffer",
    turns=suffering,
    says=2,
    states=(TaskState.STOPPED,),
    happens=frozenset({"+report.md"}),
    files=FILES | {"report.md": "# Begun"},
    posts={"card": 1, "approval": 1, "result": 1},
    receipts=("report.md",),
    fails=("checkpoint",),
    presses={"Retry": "Paused: ", "Stop": "Waiting: "},
    outages=("chat.postMessage", "chat.update"),
    overloads=3,
)
GROW = Story(
    name="grow",
    mind=writing,
    says=5,
    states=(TaskState.DONE,),
    happens=frozenset(f"+step-{step}.md" for step in range(1, 5)),
    files=FILES | {f"step-{step}.md": PAGE for step in range(1, 5)},
    posts={"card": 1, "result": 1},
    receipts=tuple(f"step-{step}.md" for step in range(1, 5)),
    settings={"COWORK_CONTEXT_TOKENS": "9000"},
)
_MOVED = {"files": {name: FILES[name] for name in FILES if name != "a.txt"} | {"Done/a.txt": "alpha"}}
AGAIN = Story(
    name="again",
    prefers="supervised",
    turns=checking,
    says=3,
    states=(TaskState.DONE, TaskState.STOPPED),
    happens=frozenset({"-a.txt", "+Done/a.txt"}),
    posts={"card": 2, "approval": 2, "result": 2},
    receipts=("Done/a.txt",),
    fails=("checkpoint",),
    presses={"Start again": "", "Approve": "by year"},
    edits={"Move 1 file": "@cowork tidy the reports by year"},
    **_MOVED,
)
GONE = Story(
    name="gone",
    turns=questioning,
    says=5,
    states=(TaskState.DONE,),
    happens=frozenset({"+report.md", "-a.txt", "+Done/a.txt"}),
    files=_MOVED["files"] | {"report.md": "# Begun"},
    posts={"card": 1, "approval": 1, "note": 1, "result": 1},
    receipts=("report.md", "Done/a.txt"),
    presses={"Approve": ""},
    words={"Which folder?": "That of the reports."},
    deletes={"Which folder?": "Which folder?", "Move 1 file": "Waiting: "},
    refuses=("files.completeUploadExternal",),
    ponders=7.0,
)
ROOTLESS = Story(
    name="rootless",
    turns=checking,
    says=2,
    states=(TaskState.DONE,),
    happens=frozenset({"-a.txt", "+Done/a.txt"}),
    posts={"card": 1, "approval": 1, "note": 1, "result": 1},
    receipts=("Done/a.txt",),
    presses={"Approve": ""},
    deletes={"Move 1 file": ROOT},
    **_MOVED,
)
SHUT = Story(
    name="shut",
    turns=checking,
    says=2,
    states=(TaskState.DONE,),
    happens=frozenset({"-a.txt", "+Done/a.txt"}),
    posts={"card": 1, "approval": 1, "result": 1},
    receipts=("Done/a.txt",),
    shut_out=True,
    lets_in=True,
    presses={"Join the channel": "I cannot post in", "Approve": ""},
    **_MOVED,
)
DIRECT = replace(
    SHUT,
    name="direct",
    lets_in=False,
    presses={"Go on in a direct message": "I cannot post in", "Approve": ""},
)
CUT = Story(
    name="cut",
    turns=lambda _: (text(DONE),),
    says=0,
    states=(TaskState.STOPPED,),
    happens=frozenset(),
    files=FILES,
    posts={"card": 1, "result": 1},
    presses={"Stop": "Working: "},
    ponders=60.0,
)
EARLY = Story(
    name="early",
    turns=lambda _: (text(DONE),),
    says=1,
    states=(TaskState.DONE,),
    happens=frozenset(),
    files=FILES,
    posts={"card": 1, "result": 1},
    early="Be quick about it.",
)
STORIES = (TIDY, STOP, SUFFER, GROW, AGAIN, GONE, ROOTLESS, SHUT, DIRECT, CUT, EARLY)
