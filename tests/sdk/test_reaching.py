"""Reaching a service: what is lost is told from what was never sent, answers have a limit, paths are what they seem."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import closing

import httpx2
import pytest
import requests

from bot.errors import ToolError
from bot.sdk import NotFound, refusal, seconds_to_wait
from bot.sdk.reaching import UNREACHED, capped, path_below, unreached
from bot.sdk.refusing import Answer, refusing
from bot.sdk.trust import trusted

Ask = Callable[[str], object]


def by_httpx2(url: str) -> object:
    return httpx2.post(url, verify=trusted())


ASKING = pytest.mark.parametrize("ask", [requests.post, by_httpx2])


@pytest.fixture
def nobody() -> str:
    """An address at which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@ASKING
def test_where_nobody_listens_nothing_was_done(ask: Ask, nobody: str) -> None:
    with pytest.raises(UNREACHED) as error:
        ask(nobody)
    assert unreached("Shelf", error.value).nothing_done


@ASKING
def test_of_a_dropped_connection_nobody_knows_what_was_done(ask: Ask) -> None:
    with (
        refusing(Answer(name="a dropped connection", status=0)) as address,
        pytest.raises(UNREACHED) as error,
    ):
        ask(address)
    told = unreached("Shelf", error.value)
    assert (told.service, told.nothing_done) == ("Shelf", False)


def test_what_is_too_large_is_read_no_further() -> None:
    read = []

    def parts() -> Iterator[bytes]:
        for number in range(9):
            read.append(number)
            yield b"xxxx"

    assert capped(iter([b"ab", b"cd"]), "Shelf", 4) == b"abcd"
    with pytest.raises(ToolError, match="Shelf answered with more than 10 bytes"):
        capped(parts(), "Shelf", 10)
    assert read == [0, 1, 2]


@pytest.mark.parametrize("part", ["", ".", "..", "a/b", "a\\b"])
def test_a_part_of_a_path_can_be_no_other_path(part: str) -> None:
    assert path_below("rest/3", ("a b", 7, "%2e%2e"), "Shelf") == "rest/3/a%20b/7/%252e%252e"
    with pytest.raises(ToolError, match="is not an id or key of Shelf"):
        path_below("rest/3", ("a", part), "Shelf")


def test_what_is_not_there_can_be_told_from_other_refusals() -> None:
    assert isinstance(refusal("Shelf", 404, what="book 7"), NotFound)
    assert not isinstance(refusal("Shelf", 403), NotFound)


def test_a_moment_to_wait_for_is_told_by_the_services_own_clock() -> None:
    assert seconds_to_wait("7") == 7
    late = "Mon, 23 Nov 2026 09:01:00 GMT"
    assert seconds_to_wait(late, "Mon, 23 Nov 2026 09:00:00 GMT") == 60
    assert seconds_to_wait("soon") is None
