"""Posting to an address that somebody gave: it leads out of this network, whatever its name resolves to meanwhile."""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpcore2

from bot.connectors.guarded import is_outside
from bot.domain.clock import uptime
from bot.domain.connector import origin
from bot.errors import NotAllowed
from bot.sdk.trust import trusted

_LASTS = 15.0
_LONGEST = 2_000
_UNREACHED = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    OSError,
)


@dataclass(frozen=True, kw_only=True)
class Posted:
    """`status` 0: no answer came, and `why` says so. `retry_after` in seconds, 0 where it did not say."""

    status: int = 0
    why: str = ""
    retry_after: float = 0.0


def checked(url: str, allowed: Collection[str] = ()) -> str:
    """The address as it will be used. Raises `NotAllowed` unless it is https, or of an origin the operator allowed."""
    url = url.strip()
    try:
        where = origin(url)
    except ValueError:
        raise NotAllowed(
            f"“{url[:200]}” is no address to post to. Give one like https://example.com/hook."
        ) from None
    if not url.isascii() or len(url) > _LONGEST or urlsplit(url).fragment:
        raise NotAllowed("Give a plain address like https://example.com/hook. Nothing was kept.")
    if where not in allowed and not where.startswith("https://"):
        raise NotAllowed("Only https:// addresses are posted to. Nothing was kept.")
    return url


def post(
    url: str,
    content: bytes,
    headers: dict[str, str],
    *,
    allowed: Collection[str] = (),
    seconds: float = _LASTS,
) -> Posted:
    """Once, following nothing, in so many seconds at most; of the answer only its status is read."""
    guarded = _Guarded(ends=uptime() + seconds, is_free=origin(url) in allowed)
    with httpcore2.ConnectionPool(ssl_context=trusted(), network_backend=guarded, keepalive_expiry=0) as pool:
        try:
            limits = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
            given = list(headers.items())
            with pool.stream(
                "POST", url, headers=given, content=content, extensions={"timeout": limits}
            ) as answer:
                return Posted(status=answer.status, retry_after=_seconds(dict(answer.headers)))
        except NotAllowed as error:
            return Posted(why=str(error))
        except _UNREACHED as error:
            return Posted(why=f"no answer ({type(error).__name__})")


@dataclass(kw_only=True)
class _Guarded(httpcore2.NetworkBackend):
    """Connects to an address that it looked at itself, so that the name cannot lead elsewhere in between."""

    ends: float
    is_free: bool
    plain: httpcore2.SyncBackend = field(default_factory=httpcore2.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found))
        if not self.is_free and not all(is_outside(one) for one in addresses):
            raise NotAllowed(
                f"{host} is in this network, where only the operator may lead (COWORK_WEBHOOK_ORIGINS)"
            )
        return _Bounded(self.plain.connect_tcp(addresses[0], port, timeout=_left(self.ends)), self.ends)


class _Bounded(httpcore2.NetworkStream):
    """However slowly the other side sends: in all no longer than it was given."""

    def __init__(self, stream: httpcore2.NetworkStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=_left(self._ends))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=_left(self._ends))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        made = self._stream.start_tls(ssl_context, server_hostname, timeout=_left(self._ends))
        return _Bounded(made, self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(ends: float) -> float:
    left = ends - uptime()
    if left <= 0:
        raise httpcore2.ReadTimeout("no time is left")
    return left


def _seconds(headers: dict[bytes, bytes]) -> float:
    said = next((value for name, value in headers.items() if name.lower() == b"retry-after"), b"")
    return float(said) if said.isdigit() and len(said) < 6 else 0.0
