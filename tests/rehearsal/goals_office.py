"""An office for the rehearsal model: real folders on disk, the tools in small, and a person who decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from bot.rehearsal.answer import Answer
from bot.rehearsal.mind import rehearse

TOOLS = ("update_plan", "checkpoint", "list_folder", "read_file", "make_folder", "write_file", "move_file",
         "deliver", "ask_person")  # fmt: skip
REQUESTER = "Ana Silva"


@dataclass
class Office:
    """Runs a goal to its end as the engine does. `decisions` and `answers` are what the person will say."""

    own: Path
    grants: list[tuple[Path, str]]
    decisions: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    tools: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in TOOLS})
    before_turn: dict[int, str] = field(default_factory=dict)
    on_approval: Callable[[], None] = lambda: None
    refused: dict[str, str] = field(default_factory=dict)
    services: dict[str, Callable[[dict[str, Any]], str]] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    delivered: list[tuple[str, str]] = field(default_factory=list)
    checkpoints: list[dict[str, Any]] = field(default_factory=list)
    plans: list[list[dict[str, str]]] = field(default_factory=list)
    turns: list[Answer] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def goal(self, words: str, now: str = "2026-03-16 09:00 UTC") -> str:
        """Works on a first goal and returns the final words."""
        folders = "\n".join(f"{path} ({mode})" for path, mode in self.grants)
        task = (
            f'<task id="1">\n<now>{now}</now>\n<requester>{REQUESTER}</requester>\n<place>#reports</place>\n'
            f"<folders>\n{folders}\n</folders>\n<own_folder>{self.own}</own_folder>\n"
            f"<goal>{escape(words, quote=False)}</goal>\n</task>"
        )
        self.messages.append({"role": "user", "content": [{"type": "text", "text": task}]})
        return self.work()

    def say(self, words: str) -> str:
        """Says more in the thread after an ending, and returns the next final words."""
        self.messages.append({"role": "user", "content": [_follow_up(words)]})
        return self.work()

    def work(self) -> str:
        """Asks the model and runs its calls until it ends its turn."""
        for _ in range(400):
            answer = rehearse({"messages": self.messages, "tools": self._tools()})
            blocks = [_numbered(block, len(self.turns), at) for at, block in enumerate(answer.content)]
            self.turns.append(answer)
            self.messages.append({"role": "assistant", "content": blocks})
            if answer.ending == "end_turn":
                return "\n".join(block["text"] for block in blocks if block["type"] == "text")
            results = [self._result(block) for block in blocks if block["type"] == "tool_use"]
            said = [_follow_up(words) for words in [self.before_turn.get(len(self.turns), "")] if words]
            self.messages.append({"role": "user", "content": [*results, *said]})
        raise AssertionError("the model did not end")

    def _tools(self) -> list[dict[str, Any]]:
        return [
            {"name": name, "input_schema": {"type": "object", "properties": {arg: {} for arg in arguments}}}
            for name, arguments in self.tools.items()
        ]

    def _result(self, block: dict[str, Any]) -> dict[str, Any]:
        name, given = block["name"], block["input"]
        assert name in self.tools, f"{name} was not offered"
        try:
            text, failed = self._run(name, given), False
        except OSError as problem:
            text, failed = str(problem), True
        failed = failed or text.startswith("Not allowed") or "then stopped at a failure" in text
        content = [{"type": "text", "text": text}]
        return {"type": "tool_result", "tool_use_id": block["id"], "content": content, "is_error": failed}

    def _run(self, name: str, given: dict[str, Any]) -> str:
        if name in self.refused:
            return self.refused[name]
        own = {"update_plan": self._plan, "checkpoint": self._checkpoint, "ask_person": self._ask,
               "deliver": self._deliver, "slack_post_message": self._send}  # fmt: skip
        on_disk: dict[str, Callable[[dict[str, Any]], str]] = {
            "list_folder": self._list, "read_file": self._read, "make_folder": self._make,
            "move_file": self._move, "write_file": self._write}  # fmt: skip
        return (own | on_disk | self.services)[name](given)

    def _plan(self, given: dict[str, Any]) -> str:
        assert given["steps"]
        self.plans.append(given["steps"])
        return "Plan noted."

    def _ask(self, given: dict[str, Any]) -> str:
        self.checkpoints.append(given)
        return f"{REQUESTER} answered: {self.answers.pop(0)}"

    def _send(self, given: dict[str, Any]) -> str:
        self.sent.append(given)
        return "Posted in #engineering: https://slack.test/p1"

    def _deliver(self, given: dict[str, Any]) -> str:
        path = self._path(given["path"])
        self.delivered.append((given["title"], path.read_text()))
        return f'Delivered "{given["title"]}" ({path.name}, {path.stat().st_size:,} bytes) in the thread.'

    def _checkpoint(self, given: dict[str, Any]) -> str:
        self.checkpoints.append(given)
        decision = self.decisions.pop(0) if self.decisions else "approve"
        if decision == "stop":
            return f"Not executed: stopped by {REQUESTER}."
        if decision != "approve":
            return f"Not executed: redirected by {REQUESTER}: {decision}"
        self.on_approval()
        return self._batch(given["actions"])

    def _batch(self, actions: list[dict[str, Any]]) -> str:
        lines: list[str] = []
        for number, action in enumerate(actions, start=1):
            try:
                lines.append(f"{number}. ok  {self._run(action['tool'], action['input'])}")
            except OSError as problem:
                ran = f"Approved by {REQUESTER}. Ran {number - 1} of {len(actions)} actions"
                rest = f"{number + 1}–{len(actions)} not run."
                head = f"{ran}, then stopped at a failure:"
                return "\n".join([head, *lines, f"{number}. failed  {problem}", rest])
        return "\n".join([f"Approved by {REQUESTER}. Ran {len(actions)} of {len(actions)} actions:", *lines])

    def _list(self, given: dict[str, Any]) -> str:
        root = self._path(given["path"])
        if not root.is_dir():
            raise OSError(f"{root} is not a folder.")
        found = sorted(root.rglob("*") if given.get("recursive") else root.iterdir())
        names = [path.relative_to(root) for path in found]
        shown = [name for name in names if not any(part.startswith(".") for part in name.parts)]
        folders = sum((root / name).is_dir() for name in shown)
        head = f"{root}: {folders} folders, {len(shown) - folders} files" if shown else f"{root}: empty"
        lines = [
            f"{name}/\t\t" if (root / name).is_dir() else f"{name}\t10\t2026-03-01 10:00" for name in shown
        ]
        more = [f"… {len(lines) - 2000:,} more; list a subfolder"] if len(lines) > 2000 else []
        hidden = [f"({len(names) - len(shown)} hidden entries not shown)"] if len(names) > len(shown) else []
        return "\n".join([head, *lines[:2000], *more, *hidden])

    def _read(self, given: dict[str, Any]) -> str:
        path = self._path(given["path"])
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            raise OSError(f"{path.name} is not text that I can read: it is encrypted or broken.") from None
        first = given.get("offset", 1)
        last = min(len(lines), first + given.get("limit", 2000) - 1)
        head = f"[{path} · {path.suffix[1:].upper()} · lines {first}–{last} of {len(lines)}]"
        more = [f"[more: read_file with offset {last + 1}]"] if last < len(lines) else []
        return "\n".join([head, "", *lines[first - 1 : last], *more])

    def _make(self, given: dict[str, Any]) -> str:
        path = self._path(given["path"])
        path.mkdir()
        return f"Made {path}"

    def _move(self, given: dict[str, Any]) -> str:
        source, target = self._path(given["source"]), self._path(given["destination"])
        if target.exists():
            raise OSError(f"{target} exists already.")
        source.rename(target)
        return f"Moved {source} → {target}"

    def _write(self, given: dict[str, Any]) -> str:
        path = self._path(given["path"])
        path.write_text(given["content"], encoding="utf-8")
        return f"Created {path} ({path.stat().st_size:,} bytes)"

    def _path(self, path: str) -> Path:
        whole = self.own / path
        allowed = [self.own, *(grant for grant, _ in self.grants)]
        assert any(whole.is_relative_to(folder) for folder in allowed), f"{path} is outside"
        return whole


def office(tmp_path: Path, **folders: dict[str, str]) -> Office:
    """An office with granted folders of these names and text files."""
    own = tmp_path / "own"
    own.mkdir()
    for name, files in folders.items():
        filled(tmp_path / name, files)
    return Office(own=own, grants=[(tmp_path / name, "rw") for name in folders])


def filled(folder: Path, files: dict[str, str]) -> Path:
    """A folder with these files."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def tree(folder: Path) -> list[str]:
    """Every file in a folder, by its path within it."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def calls_of(turns: Iterable[Answer], tool: str) -> list[dict[str, Any]]:
    """The inputs of all calls of one tool."""
    blocks = (block for turn in turns for block in turn.content)
    return [block["input"] for block in blocks if block["type"] == "tool_use" and block["name"] == tool]


def _numbered(block: dict[str, Any], turn: int, at: int) -> dict[str, Any]:
    return block | {"id": f"toolu_{turn}_{at}"} if block["type"] == "tool_use" else block


def _follow_up(words: str) -> dict[str, Any]:
    text = (
        f'<slack_message author="{REQUESTER}" kind="follow_up">{escape(words, quote=False)}</slack_message>'
    )
    return {"type": "text", "text": text}
