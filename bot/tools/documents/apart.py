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
from bot.tools.documents.document import Document, too_much

_SECONDS = 120

logger = logging.getLogger(__name__)


def read(file: BinaryIO, name: str) -> Document:
    """The document in a file of one of the families, parsed in a child process."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "bot.tools.documents.child", name],
            stdin=_own_file(file),
            capture_output=True,
            env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise too_much(name, "time") from None
    if child.returncode > 0:
        logger.error("the reader of %r failed: %s", name, child.stderr[-2000:].decode("utf-8", "replace"))
        raise ToolError(f"'{name}' could not be read: the reader failed. Go on without it and say so.")
    if child.returncode < 0:
        raise too_much(name, "time" if child.returncode == -signal.SIGXCPU else "memory")
    answer = json.loads(child.stdout)
    if "error" in answer:
        raise ToolError(answer["error"])
    return Document(**answer)


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
