"""A server that nobody here wrote, by each way to reach it: found, called, lost, found again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from bot.connectors.hub import Hub
from bot.domain.connector import Condition, Connector, Era, Transport
from bot.domain.person import Person
from bot.errors import Halted, Unavailable
from bot.sdk.halt import Halt
from tests.connectors.servers import EVERYTHING, served
from tests.counterparts.node_packages import NODE, modules

ANN = Person(team="T1", user="U1", name="Ann")
WAYS = {
    "stdio": (Transport.STDIO, ""),
    "http": (Transport.HTTP, "streamableHttp"),
    "sse": (Transport.SSE, "sse"),
    "auto, and it is http": (Transport.AUTO, "streamableHttp"),
    "auto, and it is sse": (Transport.AUTO, "sse"),
}


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    with served("streamableHttp") as http, served("sse") as sse:
        yield {"streamableHttp": http, "sse": sse, "": ""}


@pytest.fixture(params=WAYS)
def everything(request: pytest.FixtureRequest, addresses: dict[str, str]) -> Connector:
    transport, kind = WAYS[request.param]
    command = (str(NODE), str(modules() / EVERYTHING), "stdio") if transport is Transport.STDIO else ()
    return Connector(slug="all", title="All", transport=transport, command=command, url=addresses[kind])


@pytest.fixture
def own() -> Iterator[Hub]:
    hub = Hub(secret=str)
    yield hub
    hub.close()


def test_its_tools_are_found_called_and_stopped_in_their_middle_whichever_way_it_is_reached(
    own: Hub, everything: Connector
) -> None:
    found = own.look(everything, ANN)
    assert "echo" in [tool.name for tool in found.tools]
    assert found.era is Era.HANDSHAKE
    assert [name for name, _ in found.dropped] == [
        "simulate-research-query"
    ]  # only as a task of the protocol
    assert own.call(everything, ANN, "echo", {"message": "hi"}, halt=Halt()).text == "Echo: hi"

    halt = Halt()
    with pytest.raises(Halted):
        own.call(
            everything,
            ANN,
            "trigger-long-running-operation",
            {"duration": 60, "steps": 600},
            halt=halt,
            heard=lambda *_: halt.set(),
            is_read=True,
        )
    assert own.call(everything, ANN, "echo", {"message": "on"}, halt=Halt()).text == "Echo: on"
    assert own.health(everything, ANN).condition is Condition.READY
    assert own.health(everything, ANN).restarts == 0


def test_a_server_that_was_started_anew_is_found_again_and_no_call_is_made_twice(own: Hub) -> None:
    with served("streamableHttp") as url:
        far = Connector(slug="far", title="Far", transport=Transport.HTTP, url=url)
        assert own.call(far, ANN, "echo", {"message": "1"}, halt=Halt()).text == "Echo: 1"
    with pytest.raises(Unavailable):
        own.call(far, ANN, "echo", {"message": "2"}, halt=Halt(), is_read=True)
    with served("streamableHttp", int(url.split(":")[2].split("/")[0])):
        assert (
            called_again(lambda: own.call(far, ANN, "echo", {"message": "3"}, halt=Halt()).text) == "Echo: 3"
        )


def called_again(call: Callable[[], str]) -> str:
    """As a worker does: after as long as it was told."""
    for _ in range(20):
        try:
            return call()
        except Unavailable as error:
            assert error.nothing_done
            threading.Event().wait(error.retry_after or 0)
    raise AssertionError("it was never found again")
