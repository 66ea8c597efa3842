"""Parsing in a process of its own, so that a hostile or broken file can crash, hang or fill only that.

A crafted spreadsheet aborts the whole process from inside the library, and a PDF can loop for ever; no thread
can be saved from either. The child gets the open file, no environment of ours, and limits on memory and time.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from io import UnsupportedOperation
from typing import BinaryIO

from bot.errors import ToolError
from bot.sdk.halt import Halt
from bot.tools.documents.document import Document, too_much

_SECONDS = 120

logger = logging.getLogger(__name__)


def read(file: BinaryIO, name: str, halt: Halt) -> Document:
    """The document in a file of one of the families, parsed in a child process, which is killed when it is halted."""
    code, said, complaint = _told_by_child(file, name, halt)
    halt.check()
    if code > 0:
        logger.error("the reader of %r failed: %s", name, complaint[-2000:].decode("utf-8", "replace"))
        raise ToolError(f"'{name}' could not be read: the reader failed. Go on without it and say so.")
    if code < 0:
        raise too_much(name, "time" if code == -signal.SIGXCPU else "memory")
    answer = json.loads(said)
    if "error" in answer:
        raise ToolError(answer["error"])
    return Document(**answer)


def _told_by_child(file: BinaryIO, name: str, halt: Halt) -> tuple[int, bytes, bytes]:
    """How the child ended, its answer, and what it complained of."""
    child = subprocess.Popen(
        [sys.executable, "-m", "bot.tools.documents.child", name],
        stdin=_own_file(file),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
    )
    with child, halt.calling(child.kill):
        try:
            said, complaint = child.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            raise too_much(name, "time") from None
        finally:
            child.kill()
    return child.returncode, said, complaint


def _own_file(file: BinaryIO) -> BinaryIO:
    """A real file at its beginning, as a child can have it."""
    file.seek(0)
    try:
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        return file
    except (UnsupportedOperation, AttributeError):
        return _spooled(file)


def _spooled(file: BinaryIO) -> BinaryIO:
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the child reads it; it goes when the caller lets go
    copy.write(file.read())
    copy.seek(0)
    return copy
