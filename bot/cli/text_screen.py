"""A task as lines for people: readable in a log and by a screen reader; on a terminal the plan lives below them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Group
from rich.live import Live
from rich.markdown import Markdown
from rich.spinner import Spinner
from rich.text import Text

from bot.cli import behind, report, shared
from bot.cli.plan import ShownPlan
from bot.cli.screen import Busy, line_read
from bot.domain.approval import Approval, ApprovalState, Draft
from bot.domain.event import Event, News
from bot.domain.grant import FolderGrant
from bot.domain.snapshot import Snapshot
from bot.engine.decisions import OFFERED
from bot.policy import briefly
from bot.slack.views import words

_SAID_LIMIT = 500
_WITH_PEOPLE = ("update_plan", "checkpoint", "ask_person")


class TextScreen:
    def __init__(self) -> None:
        self._plan = ShownPlan()
        self._said = ""
        self._asked = ""
        self._folders: tuple[FolderGrant, ...] = ()

    def opening(self, snapshot: Snapshot, *, is_resumed: bool) -> None:
        task = snapshot.task
        self._folders = task.folders
        begun = "Going on with task" if is_resumed else "Task"
        _line(f"{begun} {task.id}: {_short(task.goal)}", style="bold")
        if task.folders:
            _line(f"Folders: {', '.join(map(_folder, task.folders))}", style="dim")
        if bound := briefly.you_said(task.brief):
            _line(f"You said: {' · '.join(bound)}", style="dim")
        if task.plan.steps:
            self._plan.become([(step.title, step.state) for step in task.plan.steps])

    def news(self, event: Event) -> None:
        """The last word of a task is not said here: it is the result."""
        if event.news is not News.DONE:
            self._speak()
        match event.news:
            case News.SAID:
                self._said = event.data["text"]
            case News.PLAN:
                self._planned(event.data["steps"])
            case News.CALLED | News.DENIED:
                self._called(event)
            case News.DECIDED:
                said = f": {event.data['words']}" if event.data["words"] else ""
                decision = event.data["decision"]
                told = "nobody had answered in time; asking again" if decision == "lapsed" else decision
                _line(f"→ {told}{said}", style="bold")
            case News.BRIEFED if event.data["changes"]:
                _line(f"Now: {' · '.join(event.data['changes'])}", style="dim")
            case News.NEARLY_SPENT | News.PAUSED:
                _line(event.data["note"], style="yellow")
            case _:
                pass

    def ask(self, approval: Approval) -> str | None:
        """The whole request once; after an answer that could not be told, only the prompt again."""
        if self._asked != approval.id:
            self._asked = approval.id
            self._put(approval.draft)
        return _answer("your answer · stop" if _wants_words(approval) else "approve · redirect WORDS · stop")

    def say(self, text: str) -> None:
        _line(text)

    @contextmanager
    def busy(self) -> Iterator[Busy]:
        if not shared.out.is_terminal:
            yield lambda _: None
            return
        spinner = Spinner("dots", text="Thinking")
        with Live(spinner, console=shared.out, transient=True) as live:

            def stands(snapshot: Snapshot) -> None:
                spinner.update(text=Text(_now(snapshot), style="dim"))
                steps = [Text(step.line) for step in self._plan.steps]
                live.update(Group(*steps, spinner))

            yield stands

    def kept(self, task_id: int, why: str, command: str) -> None:
        self._speak()
        self._rest()
        _line(f"{why} Go on with: {command}", style="yellow")

    def result(self, snapshot: Snapshot) -> None:
        self._said = ""
        self._rest()
        shared.out.rule(style="dim")
        task = snapshot.task
        if task.note:
            _line(task.note + (f" (reference {task.reference})" if task.reference else ""), style="yellow")
        else:
            _markdown(task.answer)
        for style, line in report.lines(snapshot, self._near):
            _line(line, style=style)

    def _put(self, draft: Draft) -> None:
        self._rest()
        shared.out.rule(style="dim")
        _line(draft.title, style="bold")
        _markdown(draft.summary)
        if draft.actions:
            _line(f"\nOn approval exactly this happens ({words.count(len(draft.actions), 'action')}):")
        for number, action in enumerate(draft.actions, 1):
            about = f" · {action.about}" if action.about else ""
            _line(f"{number:>4}. {self._near(action.preview)}{about}", lines=False)
        for action in draft.actions:
            _lines([f"      {row}" for row in action.changed.splitlines()])
        for number, option in enumerate(draft.options, 1):
            _line(f"{number:>4}. {option}", lines=False)
        for inverse in dict.fromkeys(action.inverse for action in draft.actions if action.inverse):
            _line(f"Undo would: {inverse[:1].lower()}{inverse[1:]}", style="dim")
        for reason in dict.fromkeys(action.reason for action in draft.actions if action.reason):
            _line(f"Why you are asked: {reason}", style="dim")
        for said in behind.behind(draft):
            _line(said, style="dim", lines=False)

    def _speak(self) -> None:
        if self._said:
            whole = len(self._said) < _SAID_LIMIT
            _markdown(self._said if whole else f"{self._said}…")
        self._said = ""

    def _planned(self, steps: list[list[str]]) -> None:
        self._plan.become(steps)
        if not shared.out.is_terminal:
            _lines(self._plan.changes())

    def _called(self, event: Event) -> None:
        what = self._near(event.data["what"])
        if event.news is News.DENIED:
            _line(f"  ✗ {what}: {event.data['reason']}", style="yellow", lines=False)
        elif not event.data["ok"]:
            _line(f"  ✗ {what}", style="yellow", lines=False)
        elif event.data["tool"] not in _WITH_PEOPLE:
            _line(f"  ✓ {what}", style="dim", lines=False)

    def _rest(self) -> None:
        """The plan as it stands stays on the screen when the work does."""
        if shared.out.is_terminal:
            _lines(self._plan.whole())

    def _near(self, text: str) -> str:
        """Paths by the folder's own name where that cannot be misread."""
        names = [words.folder(grant) for grant in self._folders]
        return words.near(text, self._folders) if len(set(names)) == len(names) else text


def _answer(choices: str) -> str | None:
    """What is typed; what is piped in is repeated, so that the log tells the whole story."""
    shared.out.print(f"({choices}) > ", end="", markup=False, soft_wrap=True)
    line = line_read()
    if line is None or not sys.stdin.isatty():
        _line(line or "")
    return line


def _wants_words(approval: Approval) -> bool:
    return ApprovalState.ANSWERED in OFFERED[approval.draft.kind]


def _now(snapshot: Snapshot) -> str:
    task = snapshot.task
    doing = shared.legible(words.near(snapshot.activity, task.folders), lines=False) or "Waiting to go on"
    spent = (words.duration(task, snapshot.now), words.money(task.spent.dollars))
    return " · ".join([doing, *filter(None, spent)])


def _folder(grant: FolderGrant) -> str:
    return grant.path if grant.writable else f"{grant.path} (read only)"


def _short(goal: str) -> str:
    line = " ".join(goal.split())
    return line if len(line) <= 100 else f"{line[:99]}…"


def _markdown(text: str) -> None:
    """Rendered on a terminal, as it was written elsewhere."""
    text = shared.legible(text.strip())
    if text and shared.out.is_terminal:
        shared.out.print(Markdown(text))
    elif text:
        _line(text)


def _lines(lines: list[str]) -> None:
    for line in lines:
        _line(line)


def _line(text: str, style: str | None = None, *, lines: bool = True) -> None:
    shared.out.print(shared.legible(text, lines=lines), style=style, markup=False, soft_wrap=True)
