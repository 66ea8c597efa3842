"""The process's log: one line per fact on standard error."""

from __future__ import annotations

import logging
import sys

_QUIET = (
    "httpx2",
    "httpcore2",
    "httpx",
    "slack_bolt",
    "slack_sdk",
    "uvicorn.access",
    "uvicorn.error",
    "alembic",
    "mcp",
)


def start(level: str = "INFO") -> None:
    """Send our log to standard error; libraries only from WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
