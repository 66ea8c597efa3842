"""How soon `/cowork` is acknowledged while twenty tasks run, as the local Slack sees it."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from bot.app import Office
from bot.domain.task import TaskState
from bot.emulator.server import LocalSlack
from bot.store import overview
from tests.bench import double
from tests.bench.engine import GOAL, settings
from tests.bench.figure import Figure, of_runs, percentile

AIM = 150.0
BUSY = 20
TURN_SECONDS = 0.5
PACE = 0.05
PATIENCE = 60.0
COMMAND = "slash_commands /cowork"


def measure(*, quick: bool) -> list[Figure]:
    """Each worker has a task that takes a turn and a tool call every half second; each command starts one task more."""
    commands, runs = (50, 1) if quick else (200, 3)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "granted")
        folder.mkdir()
        notes = folder / "notes.md"
        notes.write_text("Ana orders the paper.\n")
        with double.serving("reading", path=str(notes), delay=TURN_SECONDS) as url:
            measured = [_run(Path(place, f"home-{run}"), folder, url, commands) for run in range(runs)]
    return _figures(measured, commands)


def _figures(measured: list[tuple[list[float], float]], commands: int) -> list[Figure]:
    waits = [wait for wait, _ in measured]
    context = {
        "commands in a run": commands,
        "tasks running": BUSY,
        "ms are": "whole, from the local Slack's log",
    }
    return [
        of_runs("ack.p50", "`/cowork` acknowledged, p50", [percentile(one, 0.5) for one in waits], unit="ms"),
        of_runs(
            "ack.p99",
            f"`/cowork` acknowledged, p99, {BUSY} tasks running",
            [percentile(one, 0.99) for one in waits],
            unit="ms",
            aim=AIM,
            detail=context,
        ),
        of_runs(
            "ack.turns", "Turns that these tasks took meanwhile", [rate for _, rate in measured], unit="/s"
        ),
    ]


def _run(home: Path, folder: Path, url: str, commands: int) -> tuple[list[float], float]:
    """Milliseconds of each acknowledgement, and turns per second, from an office in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_office, args=(theirs, home, folder, url, commands), daemon=True
    )
    process.start()
    theirs.close()
    measured: tuple[list[float], float] = ours.recv()
    process.join(PATIENCE)
    return measured


def _office(line: Connection, home: Path, folder: Path, url: str, commands: int) -> None:
    office = Office(
        settings(
            home,
            folder,
            COWORK_WORKERS=BUSY,
            COWORK_PORT=0,
            ANTHROPIC_BASE_URL=url,
            ANTHROPIC_API_KEY="bench",
            COWORK_MODEL_ENDPOINT="anthropic",
            COWORK_LOG_LEVEL="WARNING",
        )
    )
    office.start()
    slack = office.local_slack
    assert slack is not None
    _until(lambda: slack.workspace.delivery.connected, "the bot connects to the local Slack")
    _say(slack, BUSY)
    _until(lambda: _working(office) == BUSY, f"{BUSY} tasks run")
    before, began, first = _turns(office), time.perf_counter(), slack.workspace.log.last
    _say(slack, commands)
    rate = (_turns(office) - before) / (time.perf_counter() - began)
    waits = [float(one.ms) for one in slack.log(COMMAND, "delivery") if one.seq > first and one.ok]
    assert len(waits) == commands, f"{commands - len(waits)} of {commands} commands were not acknowledged"
    line.send((waits, rate))
    office.stop()


def _say(slack: LocalSlack, times: int) -> None:
    ana = slack.person("ana")
    for _ in range(times):
        ana.command("reports", f"/cowork {GOAL}")
        time.sleep(PACE)


def _working(office: Office) -> int:
    with office.colleague.database.read() as session:
        return overview.count_by_state(session).get(TaskState.WORKING, 0)


def _turns(office: Office) -> int:
    return sum(task.spent.turns for task in office.colleague.record.newest(BUSY * 100))


def _until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {PATIENCE:.0f} s in vain until {what}")
        time.sleep(0.02)
