"""The operator's connectors, from their file: that of COWORK_CONNECTORS, or connectors.toml in the home."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.domain.grant import FolderGrant
from bot.errors import NotConfigured
from bot.policy import filing
from bot.policy.filing import ConnectorsFile
from bot.settings import Settings, folder_grant

NAME = "connectors.toml"
_BETWEEN_LOOKS: Final = 2.0

logger = logging.getLogger(__name__)


def connectors_file(settings: Settings) -> Path | None:
    """Where it is, None where there is none."""
    usual = settings.home / NAME
    return settings.connectors or (usual if usual.is_file() else None)


def filed(settings: Settings) -> ConnectorsFile:
    """Raises `NotConfigured` for a file that cannot be read or understood: half of it is not what was meant."""
    file = connectors_file(settings)
    if file is None:
        return ConnectorsFile()
    try:
        return filing.connectors(file.read_text("utf-8"), folder=_folder)
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(f"{file} cannot be read: {error}.") from error
    except ValueError as error:
        raise NotConfigured(f"In {file}, {error}") from error


class FileInForce:
    """Read again when it was changed, looked at every two seconds at most, by whoever asks then.

    What cannot be read or understood leaves in force what stood there before. `elapsed` are seconds that nobody can
    set. Raises `NotConfigured` at first, as `filed`.
    """

    def __init__(self, settings: Settings, *, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._elapsed = settings, elapsed
        self._lock = threading.Lock()
        self._mark = self._marked()
        self._file = filed(settings)
        self._looked = elapsed()

    def __call__(self) -> ConnectorsFile:
        with self._lock:
            if self._elapsed() - self._looked >= _BETWEEN_LOOKS:
                self._looked = self._elapsed()
                if (mark := self._marked()) != self._mark:
                    self._mark, self._file = mark, self._read()
            return self._file

    def _read(self) -> ConnectorsFile:
        try:
            found = filed(self._settings)
        except NotConfigured as error:
            logger.error("what stood there before stays in force: %s", error)
            return replace(self._file, trouble=str(error))
        logger.info("%s was read again: %s connectors", NAME, len(found.connectors))
        return found

    def _marked(self) -> tuple[object, ...]:
        """Another one for another content."""
        file = connectors_file(self._settings)
        if file is None:
            return ()
        try:
            seen = file.stat()
        except OSError as error:
            return (file, error.errno)
        return (file, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)


def _folder(text: str) -> FolderGrant:
    grant = folder_grant(text)
    if not Path(grant.path).is_dir():
        raise ValueError(f"folders: there is no folder {grant.path}.")
    return grant
