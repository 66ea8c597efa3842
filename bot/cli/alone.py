"""One process at a time works on a task of the terminal: the kernel keeps the lock, and drops it at any death."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import NotConfigured


@contextmanager
def with_task(home: Path, task_id: int) -> Iterator[None]:
    """Raises `NotConfigured` when another terminal is at it."""
    own = home / "tasks" / str(task_id)
    own.mkdir(parents=True, exist_ok=True)
    folder = os.open(own, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise NotConfigured(
            f"Another `cowork run` is at work on task {task_id}. Let it finish, or end it first."
        ) from None
    else:
        yield
    finally:
        os.close(folder)
