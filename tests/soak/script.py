"""What a task of the soak is asked for, what the model does about it, and what that does to its folder."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.rehearsal.answer import Answer, calls, text
from tests.kill.stories import thinking

SUBFOLDER = "Done"
REPORT = "report.md"
QUESTION = "Which folder?"
KINDS = ("tidy", "tidy", "tidy", "ask", "write")

_GOAL = re.compile(r"(tidy|write|ask) the folder (t-\d{5})")


def goal(kind: str, name: str) -> str:
    return f"{kind} the folder {name}"


def named(said: str) -> tuple[str, str] | None:
    """The kind and the name in a goal."""
    found = _GOAL.search(said)
    return None if found is None else (found[1], found[2])


def furnish(folder: Path) -> None:
    """What a task finds. The contents are its own: nothing of another task can pass for it."""
    (folder / SUBFOLDER).mkdir(parents=True)
    for file in ("a.txt", "b.txt", "c.txt", "old.txt"):
        (folder / file).write_text(f"{file} of {folder.name}\n")
    (folder / "plan.md").write_text(f"Ship {folder.name}.\n")


def turns(kind: str, folder: Path) -> tuple[Answer, ...]:
    look = calls(
        ("update_plan", {"steps": [{"title": f"See to {folder.name}", "status": "completed"}]}),
        ("read_file", {"path": f"{folder}/a.txt"}),
        ("list_folder", {"path": str(folder)}),
        say="I will look first.",
    )
    report = ("write_file", {"path": f"{folder}/{REPORT}", "content": f"# {folder.name}\n"})
    hand_over = calls(("deliver", {"path": f"{folder}/{REPORT}", "title": f"Report of {folder.name}"}))
    done = text(f"That was {folder.name}.")
    match kind:
        case "write":
            notes = ("write_file", {"path": f"{folder}/notes.md", "content": "Noted.\n"})
            return look, calls(report, notes), hand_over, done
        case "ask":
            question = calls(("ask_person", {"question": QUESTION}))
            return look, question, calls(report), _moving(folder, "a"), done
        case _:
            return (
                look,
                _making(folder, report),
                _changing(folder),
                _moving(folder, "a", "b"),
                hand_over,
                done,
            )


class Mind:
    """Answers every conversation from its own words alone, and watches that a history only ever grows.

    `unlike` names the tasks whose history was not what it had been.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._told: dict[str, list[str]] = {}
        self.unlike: list[str] = []
        self.turns = 0

    def __call__(self, request: dict[str, Any]) -> Answer:
        messages = request["messages"]
        found = named(json.dumps(messages[0]["content"]))
        if found is None:
            raise LookupError("a conversation about no task of the soak")
        kind, name = found
        self._compare(name, [digest(message) for message in messages])
        self.turns += 1
        said = sum(message["role"] == "assistant" for message in messages)
        script = turns(kind, self._root / name)
        return thinking(script[said]) if said < len(script) else thinking(text("Noted."))

    def told(self, name: str) -> list[str]:
        """The digests of what the model was told last, without the last message: that was not on record yet."""
        return self._told.get(name, [])[:-1]

    def forget(self, name: str) -> None:
        self._told.pop(name, None)

    def _compare(self, name: str, told: list[str]) -> None:
        """As far as both go. A worker that stood still sends the shorter conversation that it had, late."""
        before = self.told(name)
        both = min(len(before), len(told) - 1)
        if told[:both] != before[:both]:
            self.unlike.append(name)
        if len(told) > len(before):
            self._told[name] = told


def digest(message: Mapping[str, Any]) -> str:
    """Of one message to the model, cache marks aside."""
    told = {"role": message["role"], "content": _unmarked(message["content"])}
    return sha256(json.dumps(told).encode()).hexdigest()


def effects(tool: str, given: Mapping[str, Any], folder: Path) -> list[str]:
    """What a call does to the folder, as the kernel sees it."""

    def at(name: str) -> str:
        return str(given[name]).removeprefix(f"{folder}/")

    match tool:
        case "write_file" | "edit_file" | "make_folder":
            return [f"+{at('path')}"]
        case "copy_file":
            return [f"+{at('destination')}"]
        case "delete_file":
            return [f"-{at('path')}"]
        case "move_file":
            return [f"-{at('source')}", f"+{at('destination')}"]
        case _:
            return []


def _making(folder: Path, report: tuple[str, dict[str, Any]]) -> Answer:
    copy = {"source": f"{folder}/c.txt", "destination": f"{folder}/{SUBFOLDER}/c.txt"}
    return calls(report, ("make_folder", {"path": f"{folder}/New"}), ("copy_file", copy))


def _changing(folder: Path) -> Answer:
    # The new text holds the old one: an interrupted edit cannot be told from the file, and becomes a question.
    old, new = f"Ship {folder.name}", f"Ship {folder.name}, then rest"
    edit = {"path": f"{folder}/plan.md", "old_text": old, "new_text": new}
    return calls(("edit_file", edit), ("delete_file", {"path": f"{folder}/old.txt"}))


def _moving(folder: Path, *names: str) -> Answer:
    actions = [
        {
            "tool": "move_file",
            "input": {"source": f"{folder}/{one}.txt", "destination": f"{folder}/{SUBFOLDER}/{one}.txt"},
        }
        for one in names
    ]
    return calls(("checkpoint", {"title": "Move files", "summary": "They are done.", "actions": actions}))


def _unmarked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unmarked(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _unmarked(inner) for key, inner in value.items() if key != "cache_control"}
    return value
