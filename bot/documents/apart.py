"""Work on documents in a process of its own: what it takes in memory, time and start-up is not ours.

The writers, drawers and readers of documents are large libraries, slow to import, and what they are given was written
by a model or by strangers. The child has limits, none of our environment, and only what it is handed.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection
from typing import TypeVar

from pydantic import BaseModel

from bot.errors import ToolError
from bot.sdk.halt import Halt

MEGABYTE = 1024 * 1024
LARGEST_ANSWER = 200 * MEGABYTE
_MOST_COMPLAINT = 2_000

Told = TypeVar("Told", bound=BaseModel)

logger = logging.getLogger(__name__)


def done(
    job: str,
    order: BaseModel,
    told: type[Told],
    halt: Halt,
    *,
    seconds: int = 120,
    files: Collection[int] = (),
) -> Told:
    """What the job (a module `bot.documents.<job>` with an `Order` and a `done`) makes of the order.

    `files` are descriptors that it may read. It is killed when halted. Raises `ToolError` where it refuses, fails,
    or takes more than `seconds` or its memory.
    """
    with tempfile.TemporaryDirectory(prefix="cowork-") as place:
        code, said, complaint = _told_by_child(job, order, place, halt, seconds, files)
    halt.check()
    if code > 0:
        logger.error("the work %r on a document failed: %s", job, complaint)
        raise ToolError("It could not be made: the part that does so failed. Nothing was changed; say so.")
    if code < 0 or len(said) > LARGEST_ANSWER:
        raise too_much("time" if code == -signal.SIGXCPU else "memory")
    answer = json.loads(said)
    if "error" in answer:
        raise ToolError(answer["error"])
    return told.model_validate(answer)


def too_much(what: str) -> ToolError:
    return ToolError(f"It takes too much {what}. Nothing was changed. Make it smaller, or in several parts.")


def _told_by_child(
    job: str, order: BaseModel, place: str, halt: Halt, seconds: int, files: Collection[int]
) -> tuple[int, bytes, str]:
    """How it ended, its answer, and what it complained of. Whatever it started ends with it."""
    child = subprocess.Popen(
        [sys.executable, "-m", "bot.documents.child", job],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=place,
        env=_environment(place),
        pass_fds=tuple(files),
        start_new_session=True,
    )

    def end() -> None:
        if child.returncode is None:
            os.killpg(child.pid, signal.SIGKILL)

    with child, halt.calling(end):
        try:
            said, complaint = child.communicate(order.model_dump_json().encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            raise too_much("time") from None
        finally:
            end()
    return child.returncode, said, complaint[-_MOST_COMPLAINT:].decode("utf-8", "replace")


def _environment(place: str) -> dict[str, str]:
    return {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONUTF8": "1",
        "PATH": os.defpath,
        "HOME": place,
        "TMPDIR": place,
        "MPLCONFIGDIR": place,
        "LANG": "C.UTF-8",
    }
