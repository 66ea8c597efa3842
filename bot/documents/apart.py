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
from collections.abc import Collection
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, TypeVar

from pydantic import BaseModel

from bot.errors import ToolError
from bot.sdk.halt import Halt

MEGABYTE = 1024 * 1024
LARGEST_ANSWER = 200 * MEGABYTE
_MOST_COMPLAINT = 2_000
_REFUSAL = b'{"error": '

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
    with (
        TemporaryDirectory(prefix="cowork-") as place,
        TemporaryFile(dir=place) as said,
        TemporaryFile(dir=place) as complaint,
    ):
        code = _ended(_started(job, place, files, said, complaint), order, halt, seconds)
        halt.check()
        return told.model_validate_json(_answer(job, code, said, complaint))


def too_much(what: str) -> ToolError:
    return ToolError(f"It takes too much {what}. Nothing was changed. Make it smaller, or in several parts.")


def _started(
    job: str, place: str, files: Collection[int], said: IO[bytes], complaint: IO[bytes]
) -> subprocess.Popen[bytes]:
    """What it says goes to files, which its limits keep from growing: however much it is, it is not in our memory."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot.documents.child", job],
        stdin=subprocess.PIPE,
        stdout=said,
        stderr=complaint,
        cwd=place,
        env=_environment(place),
        pass_fds=tuple(files),
        start_new_session=True,
    )


def _ended(child: subprocess.Popen[bytes], order: BaseModel, halt: Halt, seconds: int) -> int:
    """How it ended. Whatever it started ends with it."""

    def end() -> None:
        if child.returncode is None:
            os.killpg(child.pid, signal.SIGKILL)

    with child, halt.calling(end):
        try:
            child.communicate(order.model_dump_json().encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            raise too_much("time") from None
        finally:
            end()
    return child.returncode


def _answer(job: str, code: int, said: IO[bytes], complaint: IO[bytes]) -> bytes:
    """Raises `ToolError` where it is a refusal, too long, or none."""
    if os.fstat(said.fileno()).st_size > LARGEST_ANSWER:
        raise too_much("memory")
    if code > 0:
        complaint.seek(max(0, complaint.seek(0, os.SEEK_END) - _MOST_COMPLAINT))
        logger.error("the work %r on a document failed: %s", job, complaint.read().decode("utf-8", "replace"))
        raise ToolError("It could not be made: the part that does so failed. Nothing was changed; say so.")
    if code < 0:
        raise too_much("time" if code == -signal.SIGXCPU else "memory")
    said.seek(0)
    answer = said.read()
    if answer.startswith(_REFUSAL):
        raise ToolError(json.loads(answer)["error"])
    return answer


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
