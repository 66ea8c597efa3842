"""Reaching a service with `requests`: answers have a limit, paths and addresses are what they seem, losses are told."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import quote, urlsplit

import requests
import urllib3.exceptions

from bot.errors import ToolError, Unavailable

MOST_BYTES = 5_000_000

UNREACHED = (requests.RequestException, urllib3.exceptions.HTTPError)
"""What `requests` raises where no whole answer came."""


def capped_session(service: str) -> requests.Session:
    """One whose answers are read up to the limit, before a library reads all of one. Raises `ToolError` past it."""

    def capped(answer: requests.Response, *_: Any, **__: Any) -> None:
        content = answer.raw.read(MOST_BYTES + 1, decode_content=True)
        if len(content) > MOST_BYTES:
            answer.close()
            raise ToolError(f"{service} answered with more than {MOST_BYTES:,} bytes. Ask for less.")
        answer.raw = BytesIO(content)

    session = requests.Session()
    session.hooks["response"].append(capped)
    return session


def unreached(service: str, error: Exception) -> Unavailable:
    """Nothing was done only where no connection was made; else the answer was lost."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    never_sent = isinstance(
        reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError
    )
    return Unavailable(f"{service} does not answer.", service=service, nothing_done=never_sent)


def path_part(value: object, service: str) -> str:
    """One part of a path, which can be no other path. Raises `ToolError` for what is none."""
    text = str(value)
    if not text or text in (".", "..") or "/" in text or "\\" in text:
        raise ToolError(f"“{text}” is not an id or key of {service}.")
    return quote(text, safe="")


def site_below(typed: str, home: str, service: str) -> str:
    """The site that somebody typed, if it is at or below the host of `home`: a token goes nowhere else."""
    allowed = urlsplit(home)
    typed = typed.strip()
    site = urlsplit(typed if "//" in typed else f"{allowed.scheme}://{typed}")
    host, root = site.hostname or "", allowed.hostname or ""
    is_there = host == root or host.endswith(f".{root}")
    if not is_there or site.scheme != allowed.scheme or site.port != allowed.port or site.username:
        raise ToolError(f"{typed} is not a {service} site below {root}: type it like https://acme.{root}.")
    return f"{site.scheme}://{site.netloc}"
