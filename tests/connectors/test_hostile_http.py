"""Whatever a remote server does: a clear error, bounded memory, and nothing is called that was not meant."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bot.connectors.hub import Hub
from bot.domain.connector import Condition, Connector, Transport
from bot.domain.person import Person
from bot.errors import Halted, LeftRunning, NotConfigured, ToolError, Unavailable
from bot.sdk.halt import Halt
from tests.connectors.hostile_http import Hostile, hostile

ANN = Person(team="T1", user="U1", name="Ann")


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile() as made:
        yield made


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub(secret=lambda name: f"the-secret-of-{name}")
    yield hub
    hub.close()


def at(server: Hostile, name: str, **more: object) -> Connector:
    url = f"{server.url}/{name}"
    return Connector(**{"slug": name, "title": "Far", "transport": Transport.HTTP, "url": url, **more})


def called(
    hub: Hub, connector: Connector, *, is_read: bool = False, halt: Halt | None = None, **given: object
) -> str:
    return hub.call(connector, ANN, "work", given, halt=halt or Halt(), is_read=is_read).text


def test_an_answer_of_20_mb_is_let_go_and_the_next_call_goes_through(hub: Hub, server: Hostile) -> None:
    far = at(server, "json")
    with pytest.raises(ToolError, match="more than 8 MB"):
        called(hub, far)
    assert hub.look(far, ANN).tools[0].name == "work"
    assert hub.health(far, ANN).restarts == 0


def test_an_event_of_2_mb_comes_through_and_one_of_20_does_not(hub: Hub, server: Hostile) -> None:
    far = at(server, "events")
    assert len(called(hub, far, size=2 << 20)) == 2 << 20
    with pytest.raises(ToolError, match="more than 8 MB"):
        called(hub, far, size=20 << 20)


def test_an_event_without_end_is_let_go(hub: Hub, server: Hostile) -> None:
    with pytest.raises(ToolError, match="more than 8 MB"):
        called(hub, at(server, "endless"))


def test_a_redirect_to_another_place_on_this_machine_is_not_followed(hub: Hub, server: Hostile) -> None:
    with hostile() as inner:
        server.elsewhere = f"{inner.url}/json"
        with pytest.raises((ToolError, Unavailable), match="not followed"):
            called(hub, at(server, "redirect"))
        assert inner.heard == []


def test_a_stream_that_sends_its_messages_elsewhere_is_not_followed(server: Hostile) -> None:
    hub = Hub(secret=str, patience=0.5)
    with hostile() as inner:
        server.elsewhere = f"{inner.url}/json"
        with pytest.raises(Unavailable):
            called(hub, at(server, "endpoint", transport=Transport.SSE))
        hub.close()
        assert (server.heard, inner.heard) == (["GET /endpoint"], [])


@pytest.mark.parametrize("is_read, error", [(True, Halted), (False, LeftRunning)])
def test_a_stop_ends_a_call_to_a_silent_server_within_a_second(
    hub: Hub, server: Hostile, is_read: bool, error: type[Exception]
) -> None:
    halt, raised = Halt(), []

    def call() -> None:
        with pytest.raises(error) as caught:
            called(hub, at(server, "silent"), halt=halt, is_read=is_read)
        raised.append(caught.value)

    caller = threading.Thread(target=call)
    caller.start()
    assert server.asked.wait(60)
    halt.set()
    caller.join(1)
    assert not caller.is_alive() and raised


def test_what_a_call_did_whose_connection_broke_is_not_known_unless_it_only_read(
    hub: Hub, server: Hostile
) -> None:
    far = at(server, "dropped")
    with pytest.raises(LeftRunning, match="not known"):
        called(hub, far)
    with pytest.raises(Unavailable) as caught:
        called(hub, far, is_read=True)
    assert not caught.value.nothing_done
    assert server.heard.count("tools/call /dropped") == 2


def test_of_a_call_that_nobody_took_it_is_known_that_it_did_nothing(hub: Hub, server: Hostile) -> None:
    far = at(server, "gone")
    hub.look(far, ANN)
    server.shutdown()
    server.server_close()
    with pytest.raises(Unavailable) as caught:
        called(hub, far)
    assert caught.value.nothing_done


def test_a_session_that_the_server_forgot_did_nothing_and_is_opened_anew(hub: Hub, server: Hostile) -> None:
    far = at(server, "forgotten")
    for _ in range(2):
        with pytest.raises(Unavailable, match="forgotten the session") as caught:
            called(hub, far)
        assert caught.value.nothing_done
    assert server.heard.count("initialize /forgotten") == 2


def test_what_a_status_means_is_told_to_whoever_can_act(hub: Hub, server: Hostile) -> None:
    far = at(server, "refused")
    with pytest.raises(ToolError, match=r"identifies itself by \(401\)"):
        called(hub, far, status=401)
    with pytest.raises(Unavailable, match="no more calls") as caught:
        called(hub, far, status=429)
    assert caught.value.nothing_done
    with pytest.raises(Unavailable, match="error 503") as caught:
        called(hub, far, status=503)
    assert not caught.value.nothing_done


def test_without_its_secret_a_server_is_not_called(server: Hostile) -> None:
    def secret(name: str) -> str:
        raise NotConfigured(f"There is no secret {name}.")

    hub = Hub(secret=secret)
    far = at(server, "json", headers={"authorization": "Bearer ${FAR_TOKEN}"})
    with pytest.raises(NotConfigured, match="FAR_TOKEN"):
        called(hub, far)
    assert server.heard == []
    assert "FAR_TOKEN" in hub.health(far, ANN).trouble
    hub.close()


def test_a_connector_that_was_changed_is_opened_anew_with_what_it_is_now(hub: Hub, server: Hostile) -> None:
    far = at(server, "json")
    hub.look(far, ANN)
    hub.look(at(server, "json", timeout=5.0), ANN)
    assert server.heard.count("initialize /json") == 2
    assert hub.health(far, ANN).condition is Condition.READY
