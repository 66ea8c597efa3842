"""What is reached over HTTP is out in the world, at an address that was looked at, or is not reached at all."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx2
import pytest

from bot.connectors.guarded import (
    MOST_BYTES,
    Guard,
    Inside,
    Refused,
    TooLarge,
    is_inner_name,
    is_outside,
    reach,
)
from bot.domain.connector import Connector, Transport
from tests import alone

IN_THE_WORLD = "93.184.215.14"


class Listener(http.server.BaseHTTPRequestHandler):
    """Answers a GET with as many bytes as its path says, or with what a test wants."""

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.send_response(200)
        packed = self.path == "/packed"
        is_stream = self.path.startswith("/stream")
        self.send_header("content-type", "text/event-stream" if is_stream else "application/json")
        self.send_header("content-encoding", "gzip" if packed else "identity")
        self.end_headers()
        left = 0 if packed else int(self.path.removeprefix("/stream")[1:])
        while left > 0:
            self.wfile.write(b"x" * min(left, 1 << 16))
            left -= 1 << 16

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[http.server.ThreadingHTTPServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    server.paths = []
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def told(*answers: list[str]) -> Callable[[str, int], Awaitable[list[str]]]:
    """A name service that gives these, one after the other."""
    left = list(answers)

    async def resolve(host: str, port: int) -> list[str]:
        return left.pop(0)

    return resolve


def got(url: str, guard: Guard) -> httpx2.Response:
    async def get() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=guard) as client:
            return await client.get(url)

    return alone.ran(get())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
    ],
)
def test_an_address_within_is_not_called_whatever_it_is_wrapped_in(address: str) -> None:
    assert not is_outside(address)
    with pytest.raises(Refused, match="inner network"):
        got("https://innocent.example/", Guard(resolve=told([address])))


def test_one_inner_address_among_those_of_a_host_is_enough_to_refuse_it() -> None:
    with pytest.raises(Refused, match=r"127\.0\.0\.1"):
        got("https://innocent.example/", Guard(resolve=told([IN_THE_WORLD, "127.0.0.1"])))


def test_a_server_on_this_machine_hears_nothing_unless_its_very_origin_may_be_within() -> None:
    with listening() as mine, listening() as other:
        allowed = f"http://127.0.0.1:{mine.server_port}"
        guard = Guard(lambda origin: origin == allowed)

        assert got(f"{allowed}/3", guard).content == b"xxx"
        for url in (f"http://127.0.0.1:{other.server_port}/3", f"https://127.0.0.1:{other.server_port}/3"):
            with pytest.raises(Refused):
                got(url, guard)

    assert (mine.paths, other.paths) == (["/3"], [])


def test_a_name_that_changes_its_address_in_between_is_still_called_where_it_was_looked_at() -> None:
    called: list[tuple[str, str, str]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        called.append((request.url.host, request.headers["host"], request.extensions["sni_hostname"]))
        return httpx2.Response(200, text="there")

    guard = Guard(
        resolve=told([IN_THE_WORLD], ["127.0.0.1"]), wire=lambda trust: httpx2.MockTransport(answer)
    )
    for _ in range(2):
        assert got("https://changing.example/", guard).text == "there"

    assert called == [(IN_THE_WORLD, "changing.example", "changing.example")] * 2


def test_where_one_address_does_not_answer_the_next_is_tried() -> None:
    called: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        called.append(request.url.host)
        if len(called) == 1:
            raise httpx2.ConnectError("out")
        return httpx2.Response(200, text="there")

    guard = Guard(resolve=told(["8.8.8.8", "9.9.9.9"]), wire=lambda trust: httpx2.MockTransport(answer))

    assert got("https://two.example/", guard).text == "there"
    assert called == ["8.8.8.8", "9.9.9.9"]


def test_an_answer_that_is_too_large_is_let_go_as_it_comes() -> None:
    with listening() as mine:
        base = f"http://127.0.0.1:{mine.server_port}"
        assert len(got(f"{base}/{MOST_BYTES}", Guard(lambda _: True)).content) == MOST_BYTES
        with pytest.raises(TooLarge, match="more than 8 MB"):
            got(f"{base}/{20 << 20}", Guard(lambda _: True))


def test_an_answer_that_was_packed_unasked_is_not_unpacked() -> None:
    with listening() as mine, pytest.raises(Refused, match="packed"):
        got(f"http://127.0.0.1:{mine.server_port}/packed", Guard(lambda _: True))


@pytest.mark.parametrize(
    "host, is_inner",
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("[::1]", True),
        ("database", True),
        ("host.docker.internal", True),
        ("printer.local.", True),
        ("8.8.8.8", False),
        ("example.com", False),
        ("localhost.example.com", False),
    ],
)
def test_only_a_name_that_cannot_be_anything_else_is_an_inner_one(host: str, is_inner: bool) -> None:
    assert is_inner_name(host) is is_inner


def test_what_was_opened_for_another_connector_is_not_open_to_one_out_in_the_world() -> None:
    opened = {"https://mcp.example.com:443", "http://10.0.0.5:8080", "https://login.lan:443"}
    outer = Connector(slug="s", title="S", transport=Transport.HTTP, url="https://mcp.example.com/mcp")
    inner = replace(outer, url="http://10.0.0.7/mcp")

    def reached(one: Connector) -> set[str]:
        return {at for at in (*opened, "http://10.0.0.7:80", "http://10.0.0.6:80") if may(one)(at)}

    def may(one: Connector) -> Inside:
        return reach(one, opened.__contains__)

    assert reached(outer) == {"https://mcp.example.com:443"}
    assert reached(replace(outer, issuer="https://login.lan")) == {outer.server, "https://login.lan:443"}
    assert reached(inner) == {*opened, "http://10.0.0.7:80"}


@pytest.mark.parametrize("meant", ["/stream/2000000", "/stream/2000000/"])
def test_only_the_servers_own_stream_may_go_on_beyond_what_an_answer_may_be(meant):
    with listening() as server:
        url = f"http://127.0.0.1:{server.server_port}/stream/2000000"
        meant = f"http://127.0.0.1:{server.server_port}{meant}"
        assert len(got(url, Guard(lambda _: True, most=1 << 20, streams=meant)).content) > 1 << 20
        for other in ("", f"{url}0", meant.replace("/stream", "")):
            with pytest.raises(TooLarge):
                got(url, Guard(lambda _: True, most=1 << 20, streams=other))
