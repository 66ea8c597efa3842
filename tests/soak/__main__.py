"""Half an hour of work with everything going wrong: `uv run python -m tests.soak --minutes 30 --seed 7`.

A fleet as the Procfile starts it, on PostgreSQL: two `cowork web` and three `cowork worker`, each a process of its own.
Three people keep 50 tasks open. Processes are killed and paused, the database goes away, the model and Slack fail in
their various ways. Then that stops, what is open is brought to its end, and everything is looked at: what happened
in the folders as the kernel saw it, the journal, the thread, the history of the model, the audit chain.

    --minutes N     how long things go wrong; it takes some more for all tasks to end (1 is a quick look)
    --seed N        of the people's and the faults' dice; it does not fix the moments
    --open N        how many tasks are kept open
    --report PATH   where the report is written, besides being printed

This is no test: pytest does not collect it. Exit code 1 when something was lost, doubled or stuck.
"""

from __future__ import annotations

import argparse
import logging
import shlex
import signal
import sys
from pathlib import Path
from types import FrameType


def main(arguments: list[str]) -> int:
    from tests.soak import report
    from tests.soak.soak import Soak

    asked = _parsed(arguments)
    signal.signal(signal.SIGTERM, _interrupted)
    logging.getLogger("uvicorn.error").setLevel(
        logging.CRITICAL
    )  # it complains of every answer that we cut off
    with Soak(minutes=asked.minutes, seed=asked.seed, most=asked.open) as soak:
        outcome = soak.run()
    command = f"uv run python -m tests.soak {shlex.join(arguments)}".strip()
    written = report.written(outcome, command=command)
    print(written)
    if asked.report is not None:
        asked.report.parent.mkdir(parents=True, exist_ok=True)
        asked.report.write_text(written, "utf-8")
    return 0 if outcome.is_clean else 1


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Work while everything fails.")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--open", type=int, default=50)
    parser.add_argument("--report", type=Path)
    return parser.parse_args(arguments)


def _interrupted(number: int, frame: FrameType | None) -> None:
    """As Ctrl-C: every process of ours is ended on the way out."""
    raise KeyboardInterrupt


if __name__ == "__main__":  # not in the processes that are forked
    sys.exit(main(sys.argv[1:]))
