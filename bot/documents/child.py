"""The child process of `apart`: its order on standard input, its answer as JSON on standard output."""

from __future__ import annotations

import importlib
import logging
import os
import resource
import sys
from collections.abc import Mapping
from contextlib import suppress

from bot.errors import ToolError

LIMITS = {
    resource.RLIMIT_AS: 4 * 1024**3,
    resource.RLIMIT_CPU: 110,
    resource.RLIMIT_FSIZE: 512 * 1024**2,
    resource.RLIMIT_CORE: 0,
}
_TOO_MUCH = "It takes too much memory. Nothing was changed. Make it smaller, or in several parts."


def main(name: str) -> None:
    """Does one job within the limits, its own `MEMORY` among them; what it prints goes to standard error."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    logging.disable()
    _limit(LIMITS)
    with answer:
        answer.write(_answer(name, sys.stdin.buffer.read()))


def _answer(name: str, given: bytes) -> str:
    import json

    try:
        job = importlib.import_module(f"bot.documents.{name}")
        _limit({resource.RLIMIT_AS: getattr(job, "MEMORY", LIMITS[resource.RLIMIT_AS])})
        told: str = job.done(job.Order.model_validate_json(given)).model_dump_json()
        return told
    except ToolError as error:
        return json.dumps({"error": str(error)})
    except MemoryError:
        return json.dumps({"error": _TOO_MUCH})


def _limit(limits: Mapping[int, int]) -> None:
    for limit, value in limits.items():
        with suppress(ValueError, OSError):  # a system without that limit
            resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main(sys.argv[1])
