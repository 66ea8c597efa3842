"""The vigil of `cowork up` over PostgreSQL: its lock goes with a connection, and is taken again when that was lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from bot.errors import DatabaseOut, NotConfigured

_EVERY = 2.0

logger = logging.getLogger(__name__)


class Vigil:
    """`stay` keeps the lock or takes it again; `lost` hears, once, that another process has it now."""

    def __init__(self, stay: Callable[[], None], *, lost: Callable[[], None], every: float = _EVERY) -> None:
        self._stay = stay
        self._lost = lost
        self._every = every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="vigil", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        while not self._stopping.wait(self._every):
            try:
                self._stay()
            except DatabaseOut as out:
                logger.warning("the lock on the database could not be looked after: %s", out)
            except NotConfigured as taken:
                logger.error("the connection that held our lock on the database was lost. %s", taken)
                return self._lost()
            except Exception:
                logger.exception("the lock on the database could not be looked after")
        return None
