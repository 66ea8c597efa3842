"""Small calls to Slack beside the acknowledgement: best effort, on a few threads, never waited for."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from bot.slack.web import FAILURES, error_code

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


class Errands:
    def __init__(self, threads: int = 8) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="slack-errand")

    def run(self, errand: Callable[[], object]) -> None:
        """A failure is logged; nobody hears of it otherwise. What comes when we have closed is dropped."""
        with contextlib.suppress(
            RuntimeError
        ):  # the delivery behind it was taken, and is not to fail for this
            self._pool.submit(_logged, errand)

    def do(self, errand: Callable[[], object]) -> None:
        """As `run`, but here: back when it is done, or has failed."""
        _logged(errand)

    def ask(self, question: Callable[[], Result]) -> Future[Result]:
        """For an answer that somebody waits for a moment."""
        return self._pool.submit(question)

    def close(self) -> None:
        """What has not begun is dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _logged(errand: Callable[[], object]) -> None:
    try:
        errand()
    except FAILURES as error:
        logger.warning("an errand to Slack failed: %s", error_code(error) or type(error).__name__)
    except Exception:
        logger.exception("an errand failed")
