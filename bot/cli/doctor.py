"""`cowork doctor`: look at everything Cowork needs, and say the remedy of whatever is amiss."""

from __future__ import annotations

import json
import logging
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from bot.app.where import HOST, MANIFEST
from bot.cli import shared
from bot.cli.checks import (
    approvals,
    cells,
    connectors,
    database,
    folders,
    keys,
    machine,
    model,
    plugins,
    previews,
    slack,
)
from bot.cli.checks.finding import Check, Finding, State, failed
from bot.settings import KEY_FILE, Settings

LONGEST_LOOK = 5.0
_UNSEEN = 1.0
_WIDEST_NAME = 13
_LINES = {State.OK: ("✓", "green"), State.WARNING: ("!", "yellow"), State.FAILED: ("✗", "red")}

logger = logging.getLogger(__name__)


def doctor(
    as_json: Annotated[
        bool, typer.Option("--json", help="A list of {name, state, found, remedy}, for scripts.")
    ] = False,
    home: Annotated[Path | None, typer.Option(help="Where state is kept.")] = None,
) -> None:
    """Look at everything Cowork needs, and say the remedy of whatever is amiss.

    Nothing is changed. Exit code 0: all is well, or there are only warnings; 1: something failed.

    Example: `cowork doctor`
    """
    settings = shared.settings(COWORK_HOME=home)
    found: list[Finding] = []
    for finding in findings(checks(settings)):
        found.append(finding)
        if not as_json:
            _show(finding)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in found], indent=2))
    else:
        _sum_up(found)
    raise typer.Exit(any(finding.state is State.FAILED for finding in found))


def checks(settings: Settings) -> list[Check]:
    """Everything there is to look at, in the order of the report."""
    home = settings.home.expanduser().absolute()
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    network = "Check the network, and HTTPS_PROXY if you are behind a proxy."
    return [
        Check(name="Python", look=machine.python),
        Check(name="Home", look=lambda: machine.home(home)),
        Check(name="Disk", look=lambda: machine.space(home)),
        Check(
            name=database.NAME,
            look=lambda: database.database(settings.database, home),
            unanswered="Is the database server running, and is its address in COWORK_DATABASE_URL right?",
        ),
        Check(
            name=keys.NAME,
            look=lambda: keys.keys(
                settings.database,
                settings.secret_keys,
                settings.home / KEY_FILE,
                audit_days=settings.audit_days,
            ),
        ),
        Check(
            name="Folders",
            look=lambda: folders.folders(settings.folders, home),
            unanswered="A granted folder does not answer: is it on a network disk that is away?",
        ),
        Check(name="Port", look=lambda: machine.port(HOST, settings.port, home)),
        Check(name=slack.BOT, look=lambda: slack.bot(settings, manifest), unanswered=network),
        Check(name=slack.APP, look=lambda: slack.events(settings), unanswered=network),
        Check(name=approvals.NAME, look=lambda: approvals.approvals(settings), unanswered=network),
        Check(name=plugins.NAME, look=lambda: plugins.plugins(settings)),
        Check(name=connectors.NAME, look=lambda: connectors.connectors(settings)),
        Check(name=cells.COMMANDS, look=cells.commands),
        Check(name=previews.NAME, look=previews.previews),
        Check(name=model.NAME, look=lambda: model.model(settings), unanswered=network),
        Check(name="Log", look=lambda: machine.watching(settings.log_format, settings.otlp_endpoint)),
    ]


def findings(checks: Sequence[Check], longest: float = LONGEST_LOOK) -> Iterator[Finding]:
    """All looks begin at once, and get `longest` seconds. The findings come in the order of the checks."""
    looks = [(check, _begun(check)) for check in checks]
    deadline = time.monotonic() + longest
    for check, look in looks:
        try:
            yield from _awaited(check, look, deadline)
        except TimeoutError:
            yield failed(check.name, f"No answer within {longest:g} seconds.", check.unanswered)


def _begun(check: Check) -> Future[list[Finding]]:
    """On a daemon thread, so that a look which never ends does not keep the command from ending."""
    answer: Future[list[Finding]] = Future()

    def look() -> None:
        try:
            answer.set_result(list(check.look()))
        except Exception:
            logger.exception("the check %s went wrong", check.name)
            remedy = "This is a fault in Cowork itself: please report it with the lines above."
            answer.set_result([failed(check.name, "The check itself went wrong.", remedy)])

    threading.Thread(target=look, name=f"check-{check.name}", daemon=True).start()
    return answer


def _awaited(check: Check, look: Future[list[Finding]], deadline: float) -> list[Finding]:
    """Progress is shown on a terminal once it takes longer than a second."""
    try:
        return look.result(min(_UNSEEN, _left(deadline)))
    except TimeoutError:
        if not shared.is_terminal():
            return look.result(_left(deadline))
        with shared.err.status(f"Looking at {check.name}…"):
            return look.result(_left(deadline))


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.0)


def _show(finding: Finding) -> None:
    mark, style = _LINES[finding.state]
    label = f"{mark} {finding.name:<{_WIDEST_NAME}} "
    shared.out.print(label, style=style, markup=False, end="")
    indent = " " * len(label)
    _wrapped(finding.found, indent)
    if finding.remedy:
        shared.out.print(indent, end="")
        _wrapped(f"→ {finding.remedy}", indent + "  ", style="bold")


def _wrapped(text: str, indent: str, style: str | None = None) -> None:
    """Behind a label, and under itself on the next lines; for a file or a pipe a line stays a line."""
    text = shared.legible(text)
    if shared.out.is_terminal:
        width = max(shared.out.width - len(indent), 20)
        text = f"\n{indent}".join(textwrap.wrap(text, width, break_on_hyphens=False))
    shared.out.print(text, style=style, markup=False, soft_wrap=True)


def _sum_up(found: Sequence[Finding]) -> None:
    counted = Counter(finding.state for finding in found)
    wrong, warned = counted[State.FAILED], counted[State.WARNING]
    warnings = f"{warned} warning{'' if warned == 1 else 's'}"
    if wrong:
        shared.out.print(f"\n{wrong} failed, {warnings}.", style="bold red")
    else:
        shared.out.print(
            "\nAll is well." if not warned else f"\nReady to start, with {warnings}.", style="bold green"
        )
