"""Reaching a service: answers have a limit, paths and addresses are what they seem, losses are told."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from io import BytesIO
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2
import requests
import urllib3.exceptions

from bot.errors import ToolError, Unavailable

TIMEOUT = 30
"""Seconds for a service to connect, and to send on."""
MOST_BYTES = 5_000_000
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")

UNREACHED = (requests.RequestException, urllib3.exceptions.HTTPError, httpx2.TransportError)
"""What `requests` and `httpx2` raise where no whole answer came."""
_NEVER_SENT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    ConnectionRefusedError,
)


def capped(parts: Iterable[bytes], service: str, most: int = MOST_BYTES) -> bytes:
    """What comes in parts, joined. Raises `ToolError` past the limit, and reads no further."""
    content = bytearray()
    for part in parts:
        content += part
        if len(content) > most:
            raise ToolError(f"{service} answered with more than {most:,} bytes. Ask for less.")
    return bytes(content)


def capped_session(service: str) -> requests.Session:
    """One whose answers are read up to the limit, before a library reads all of one. Raises `ToolError` past it."""

    def cap(answer: requests.Response, *_: Any, **__: Any) -> None:
        content = answer.raw.read(MOST_BYTES + 1, decode_content=True)
        if len(content) > MOST_BYTES:
            answer.close()
        answer.raw = BytesIO(capped([content], service))

    session = requests.Session()
    session.hooks["response"].append(cap)
    return session


def unreached(service: str, error: Exception) -> Unavailable:
    """Nothing was done only where no connection was made; else the answer was lost."""
    cause = error.args[0] if error.args else None
    reasons = (error, cause, getattr(cause, "reason", None))
    if any(isinstance(reason, _NEVER_SENT) for reason in reasons):
        return Unavailable("no connection could be made", service=service, nothing_done=True)
    return Unavailable("its answer did not come", service=service)


def path_part(value: object, service: str) -> str:
    """One part of a path, which can be no other path. Raises `ToolError` for what is none."""
    text = str(value)
    if not text or text in (".", "..") or "/" in text or "\\" in text:
        raise ToolError(f"“{text}” is not an id or key of {service}.")
    return quote(text, safe="")


def path_below(root: str, parts: Iterable[object], service: str) -> str:
    """A path of parts that can be no other path, below one that is ours."""
    return "/".join((root, *(path_part(part, service) for part in parts)))


def must_lead_out(url: str, service: str, setting: str) -> None:
    """An address that somebody typed leads into no network of ours: what answers only us there is not for them.

    Raises `ToolError` where it does; `setting` is by which the operator allows a server of their own.
    """
    parts = urlsplit(url)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, ValueError):  # it cannot be reached either
        return
    if not all(ip_address(str(address[0]).partition("%")[0]).is_global for *_, address in found):
        raise ToolError(
            f"{service} {parts.hostname} is in this network, where only the operator may lead: they set {setting} to "
            "its address."
        )


def site_below(typed: str, home: str, service: str) -> str:
    """The site that somebody typed, if it is at or below the host of `home`: a token goes nowhere else.

    What is asked is put together anew: two libraries may read one odd address ("10.0.0.1\\.acme.net") in two ways.
    """
    allowed = urlsplit(home)
    typed = typed.strip()
    refused = f"{typed} is not a {service} site below {allowed.hostname}: type it like https://acme.{allowed.hostname}."
    try:
        site = urlsplit(typed if "//" in typed else f"{allowed.scheme}://{typed}")
        host, root, port = site.hostname or "", allowed.hostname or "", site.port
    except ValueError:
        raise ToolError(refused) from None
    is_there = host == root or host.endswith(f".{root}")
    is_plain = _HOST.fullmatch(host) is not None and "@" not in site.netloc
    if not (is_there and is_plain) or site.scheme != allowed.scheme or port != allowed.port:
        raise ToolError(refused)
    return f"{site.scheme}://{host}:{port}" if port else f"{site.scheme}://{host}"
