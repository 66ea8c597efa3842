"""The App Home: set-up, how to start, plugins and connections, one's own tasks, folders, and autonomy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from slack_sdk.models.blocks import Block, DividerBlock, SectionBlock, StaticSelectElement
from slack_sdk.models.views import View

from bot.domain.grant import FolderGrant
from bot.domain.task import Autonomy, Task
from bot.slack import escape, fit
from bot.slack.views import card, pieces, words
from bot.slack.views.accounts import connection_rows
from bot.slack.views.connectors import Rack
from bot.slack.views.connectors import home_rows as connector_rows
from bot.slack.views.plugins import home_rows
from bot.slack.views.setup import Setup, setup

HOME = "home"
HOME_NEW_TASK = "home_new_task"
HOME_AUTONOMY = "home_autonomy"

TASKS_SHOWN = 15


@dataclass(frozen=True, kw_only=True)
class Home:
    """What one person's Home shows: `tasks` newest first, `model` by its name, `prompts` by task.

    `no_commands` is why tasks cannot run commands here and what to do about it, "" where they can.
    """

    tasks: Sequence[Task]
    folders: Sequence[FolderGrant]
    model: str
    is_rehearsal: bool
    autonomy: Autonomy
    prompts: Mapping[int, int] = field(default_factory=dict)
    setup: Setup = field(default_factory=Setup)
    connectors: Rack = field(default_factory=Rack)
    no_commands: str = ""


def home(shown: Home) -> View:
    shelf = shown.setup.shelf
    blocks: list[Block] = [
        pieces.header("Cowork"),
        pieces.section(
            "A colleague that takes a goal, plans, works on your files, asks before it matters, "
            "and hands back finished work."
        ),
        *setup(shown.setup),
        pieces.section(
            "*How to start*\n"
            "• Type `/cowork` and your goal in any channel, or `/cowork` alone for a form.\n"
            "• Mention me in a channel or a thread, or write to me under Messages.\n"
            "• Reply in a task's thread to steer it while it works, or to go on when it is done."
        ),
        *pieces.buttons([pieces.button("New task", HOME_NEW_TASK, "new", style="primary")]),
        DividerBlock(),
        *home_rows(shelf),
        *connection_rows(shelf.plugins, shelf.accounts, shelf.others, is_admin=shelf.is_admin),
        *([DividerBlock()] if shelf.plugins else []),
        *connector_rows(shown.connectors),
        _autonomy(shown.autonomy),
        DividerBlock(),
        *_tasks(shown.tasks, shown.prompts),
        DividerBlock(),
        *_folders(shown.folders),
        *_commands(shown.no_commands),
        _model(shown),
    ]
    return _view(blocks)


def minimal_home() -> View:
    """What is published when Slack refuses the full one: one bad field there empties the whole tab."""
    return _view(
        [
            pieces.section("*Cowork*\nType `/cowork` and your goal, or `/cowork help`."),
            *pieces.buttons([pieces.button("New task", HOME_NEW_TASK, "new", style="primary")]),
        ]
    )


def _view(blocks: list[Block]) -> View:
    return fit.fit_view(View(type="home", callback_id=HOME, blocks=blocks))


def _tasks(tasks: Sequence[Task], prompts: Mapping[int, int]) -> list[Block]:
    if not tasks:
        return [pieces.section("*Your tasks*\nNone yet.")]
    more = len(tasks) - TASKS_SHOWN
    note = [pieces.aside(f"and {more:,} older")] if more > 0 else []
    return [
        pieces.section("*Your tasks*"),
        *(_task(task, prompts.get(task.id, 0)) for task in tasks[:TASKS_SHOWN]),
        *note,
    ]


def _task(task: Task, prompts: int) -> Block:
    goal = fit.clip(escape.mrkdwn_line(task.goal), 200, is_mrkdwn=True)
    where = f" · <#{task.place.channel}>" if task.place.channel[:1] in ("C", "G") else ""
    about = f"Task {task.id} · {words.state(task)} · {words.moment(task.created_at)}{where}"
    about += f" · {words.asked(prompts)}" if prompts else ""
    said = f"{words.icon(task)} {goal}\n{about}"
    return pieces.section(said, accessory=pieces.button(pieces.DETAILS, card.TASK_DETAILS, str(task.id)))


def _folders(folders: Sequence[FolderGrant]) -> list[Block]:
    if not folders:
        return [pieces.section("*Folders*\nNone. Set `COWORK_FOLDERS` to give me one.")]
    return [pieces.folder_list(folders)]


def _commands(trouble: str) -> list[Block]:
    """Nothing where all is well."""
    if not trouble:
        return []
    return [pieces.section(f"*Commands*\n{fit.clip(escape.mrkdwn_line(trouble), 600, is_mrkdwn=True)}")]


def _model(shown: Home) -> Block:
    if shown.is_rehearsal:
        return pieces.section(
            "*Model*\nRehearsal: it works by fixed rules and is not an AI. "
            "Set `ANTHROPIC_API_KEY` and start again to use a model."
        )
    return pieces.section(f"*Model*\n{fit.clip(escape.mrkdwn_line(shown.model), 100, is_mrkdwn=True)}")


def _autonomy(chosen: Autonomy) -> Block:
    choices = [
        pieces.option(level.value, words.LEVELS[level], words.LEVEL_MEANINGS[level]) for level in Autonomy
    ]
    initial = next(choice for choice in choices if choice.value == chosen.value)
    select = StaticSelectElement(action_id=HOME_AUTONOMY, options=choices, initial_option=initial)
    return SectionBlock(
        block_id=HOME_AUTONOMY,
        text="*Autonomy*\nHow freely I work on your tasks unless you say otherwise.",
        accessory=select,
    )
