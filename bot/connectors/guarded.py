"""HTTP to servers that others run: out to the world only, to an address that was looked at, and no more than fits."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import httpx2

from bot.domain.connector import Connector, origin

MOST_BYTES: Final = 8 << 20
"""Of one answer, and of one event of a stream."""

Inside = Callable[[str], bool]
"""Whether an origin (`bot.domain.connector.origin`) may be on this machine or in a network of the operator's."""
Resolve = Callable[[str, int], Awaitable[list[str]]]
Wire = Callable[[ssl.SSLContext], httpx2.AsyncBaseTransport]

_KEPT_SECONDS: Final = 60.0
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")
_INNER_NAMES: Final = ("localhost", "internal", "local", "lan", "home.arpa")


class Refused(httpx2.TransportError):
    """Nothing was sent: this address is not one that may be reached."""


class TooLarge(httpx2.StreamError):
    """The answer was let go as it came."""


class Guard(httpx2.AsyncBaseTransport):
    """The transport of every client that talks to a server of others; also for its sign-in and what it names there.

    https only, and only to hosts all of whose addresses are out in the world, unless `inside` says that the origin may
    be within. The connection goes to an address that was looked at, so that a name cannot change in between. An answer
    of `streams` may go on for ever as events, of which each is bounded by who reads them; every other one is read whole
    by somebody, and is let go beyond `most` bytes, whatever it calls itself.
    """

    def __init__(
        self,
        inside: Inside = lambda _: False,
        *,
        resolve: Resolve | None = None,
        wire: Wire = lambda trust: httpx2.AsyncHTTPTransport(verify=trust, trust_env=False),
        most: int = MOST_BYTES,
        streams: str = "",
    ) -> None:
        self._streams = streams.rstrip("/")
        self._inside, self._resolve, self._wire, self._most = inside, resolve or _resolved, wire, most
        self._trust: ssl.SSLContext | None = None
        self._wires: dict[str, httpx2.AsyncBaseTransport] = {}
        self._known: dict[str, tuple[float, list[str]]] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        addresses = await self._addresses(request)
        host = request.url.host
        request.headers["accept-encoding"] = "identity"  # what is small packed may be huge
        response = await self._answered(request, addresses, host)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            await response.aclose()
            raise Refused(f"{host} sent its answer packed, though that was not asked for.", request=request)
        if not self._goes_on(request, response):
            assert isinstance(response.stream, httpx2.AsyncByteStream)
            response.stream = _Capped(response.stream, self._most, host)
        return response

    def _goes_on(self, request: httpx2.Request, response: httpx2.Response) -> bool:
        are_events = response.headers.get("content-type", "").lower().startswith("text/event-stream")
        is_meant = bool(self._streams) and str(request.url).rstrip("/") == self._streams
        return is_meant and are_events and response.status_code == 200

    async def aclose(self) -> None:
        wires, self._wires = list(self._wires.values()), {}
        for wire in wires:
            await wire.aclose()

    async def _answered(self, request: httpx2.Request, addresses: list[str], host: str) -> httpx2.Response:
        """By the first address that takes the connection; nothing was sent to those before it."""
        wire = self._wire_to(request.url)
        for rank, address in enumerate(addresses):
            sent = httpx2.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                return await wire.handle_async_request(sent)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                if rank == len(addresses) - 1:
                    raise
        raise Refused(f"{host} has no address.", request=request)

    def _wire_to(self, url: httpx2.URL) -> httpx2.AsyncBaseTransport:
        """One per origin: a connection that one host proved itself on is not used for another at its address."""
        name = _origin(url)
        if name not in self._wires:
            if self._trust is None:
                self._trust = httpx2.create_ssl_context(trust_env=False)
            self._wires[name] = self._wire(self._trust)
        return self._wires[name]

    async def _addresses(self, request: httpx2.Request) -> list[str]:
        name = _origin(request.url)
        is_inside = self._inside(name)
        if request.url.scheme != "https" and not is_inside:
            raise Refused(
                f"{name} was not called: only https is spoken to servers of others.", request=request
            )
        until, known = self._known.get(name, (0.0, []))
        if time.monotonic() < until:
            return known
        found = await self._looked_up(request)
        if not is_inside and not all(map(is_outside, found)):
            raise Refused(
                f"{name} was not called: its address ({', '.join(found)}) is of an inner network. "
                "An operator can approve a server by such an address itself.",
                request=request,
            )
        self._known[name] = (time.monotonic() + _KEPT_SECONDS, found)
        return found

    async def _looked_up(self, request: httpx2.Request) -> list[str]:
        url = request.url
        try:
            return await self._resolve(url.host, url.port or (443 if url.scheme == "https" else 80))
        except (OSError, UnicodeError) as error:
            raise httpx2.ConnectError(f"{url.host} was not found", request=request) from error


def reach(connector: Connector, inside: Inside) -> Inside:
    """What of the inside a connector's requests may reach: its own server, where that was approved by an inner name or
    the operator opened it. What is opened besides, such as another connector's server, is open to one that is within
    itself, and not to one out in the world that names it as where people sign in."""
    is_inner, own = is_inner_name(httpx2.URL(connector.url).host), connector.server
    own_issuer = origin(connector.issuer) if connector.issuer else own

    def may(at: str) -> bool:
        return (is_inner and at == own) or ((is_inner or at in (own, own_issuer)) and inside(at))

    return may


def is_outside(address: str) -> bool:
    """Whether an IP address is out in the world, also the one that another is wrapped around."""
    one = ipaddress.ip_address(address.split("%")[0])
    return all(each.is_global and not each.is_multicast for each in (one, *_wrapped(one))) and not (
        isinstance(one, ipaddress.IPv6Address) and one.is_site_local
    )


def is_inner_name(host: str) -> bool:
    """Whether a host can only be meant within: its own name says so, or it is an address that is not in the world."""
    try:
        return not is_outside(host.strip("[]"))
    except ValueError:
        name = host.rstrip(".").lower()
        return "." not in name or any(name.endswith(f".{end}") for end in _INNER_NAMES)


def _wrapped(one: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    if isinstance(one, ipaddress.IPv4Address):
        return []
    found = [one.ipv4_mapped, one.sixtofour, *(one.teredo or ())]
    if one in _NAT64 or one in _COMPATIBLE:
        found.append(ipaddress.IPv4Address(int(one) & 0xFFFFFFFF))
    return [each for each in found if each is not None]


def _origin(url: httpx2.URL) -> str:
    try:
        return origin(str(url.copy_with(userinfo=b"")))
    except ValueError as error:
        raise Refused(str(error)) from error


async def _resolved(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[4][0]) for place in found))


class _Capped(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, most: int, host: str) -> None:
        self._stream, self._most, self._host = stream, most, host

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for chunk in self._stream:
            taken += len(chunk)
            if taken > self._most:
                raise TooLarge(
                    f"{self._host} sent more than {self._most >> 20} MB in one answer; it was let go."
                )
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
