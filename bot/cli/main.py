"""The command line: one module per verb, imported when that verb is called.

The verbs know everything there is; to import them all takes seconds, and `cowork --help` should not.
"""

from __future__ import annotations

import io
import sys
from importlib import import_module
from typing import Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from bot.loading import undisturbed

VERBS = {
    "up": "Start the colleague: Slack, workers and the web address, in one process.",
    "web": "Start the front of a fleet: Slack and the web address. Needs PostgreSQL.",
    "worker": "Start a worker of a fleet: it works on tasks. Needs PostgreSQL.",
    "run": "Do a task here in the terminal: the plan as it goes, checkpoints to decide, the result with its files.",
    "compare": "Do the same goal supervised, checkpoint and autonomous, on copies, and show what each took.",
    "undo": "Take back what a task of the terminal changed; what somebody changed since is left, and said.",
    "doctor": "Look at everything Cowork needs, and say the remedy of whatever is amiss.",
    "tasks": "List the newest tasks with their state, requester and cost.",
    "backup": "Write everything that cannot be rebuilt to one file, while Cowork runs.",
    "restore": "Bring a backup back into an empty home.",
    "migrate": "Bring the database to the schema of this release.",
    "audit": "Prove and hand out the log of every action and decision.",
    "plugins": "Look at the plugins, hold one to the rules of quality, or begin a new one.",
    "tokens": "Make, list and revoke the tokens by which programs give tasks.",
    "mcp": "Hand other programs' models the tasks of a Cowork that runs: an MCP server on stdio.",
    "connectors": "Set up MCP servers whose tools and data the colleague can use.",
    "secrets": "Keep secrets encrypted in the database, under COWORK_SECRET_KEY.",
}


class Verbs(TyperGroup):
    """Knows every verb by its name and its line of help; the verb itself is loaded when it is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] in VERBS:
            self.commands[args[0]] = _loaded(args[0])
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="cowork",
    cls=Verbs,
    help="Cowork: a digital colleague that lives in Slack.\n\nExample: `cowork up`",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


@app.callback()
def begin() -> None:
    """Never fail over a letter that the terminal cannot show, or bytes that are not text."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _loaded(verb: str) -> Any:
    """The function that has the verb's name, or the Typer of a verb that has verbs of its own."""
    with Console(stderr=True).status("Starting"), undisturbed():
        own = getattr(import_module(f"bot.cli.{verb}"), verb)
    around = typer.Typer(rich_markup_mode="markdown")
    if isinstance(own, typer.Typer):
        around.add_typer(own, name=verb)
    else:
        around.command(verb)(own)
    return typer.main.get_group(around).commands[verb]


def _unloaded() -> None:
    """Stands for a verb in the list."""


for name, line in VERBS.items():
    app.command(name, help=line)(_unloaded)
