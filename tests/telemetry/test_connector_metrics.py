"""Connectors in the figures: how many run, how requests to them ended, and never what their tools are called."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import pytest

from bot.connectors import outcomes
from bot.connectors.hub import Hub
from bot.connectors.outcomes import Outcome
from bot.domain.connector import Connector, Transport
from bot.domain.person import Person
from bot.errors import Halted, LeftRunning, NotAllowed, NotConfigured, SignInNeeded, ToolError, Unavailable
from bot.sdk.halt import Halt
from bot.store.database import Database
from bot.telemetry import names
from bot.telemetry.telemetry import Telemetry
from tests.engine.office import Clock
from tests.telemetry.test_metrics import Figures, figures

ANN = Person(team="T1", user="U1", name="Ann")
HOSTILE = Path(__file__).parent.parent / "connectors" / "hostile.py"
REQUESTS = "cowork_connector_requests_total"
LAST = "cowork_connector_last_error_timestamp_seconds"


def test_a_server_that_crashes_in_a_call_is_counted_so_and_its_new_start_too(tmp_path: Path) -> None:
    clock = Clock()
    hub = Hub(secret=str)
    telemetry = Telemetry(
        Database("sqlite:////nowhere/x.sqlite"), home=tmp_path, clock=clock, connectors=hub.conditions
    )
    server = Connector(
        slug="crash",
        title="Crash",
        transport=Transport.STDIO,
        command=(sys.executable, "-IS", str(HOSTILE), "crash", ""),
    )
    with contextlib.closing(telemetry), contextlib.closing(hub):
        before = of_connectors(figures(telemetry))
        hub.look(server, ANN)
        hub.look(server, ANN)
        running = of_connectors(figures(telemetry))
        with pytest.raises(LeftRunning):
            hub.call(server, ANN, "work", {}, halt=Halt())
        clock.forward(seconds=60)
        hub.look(server, ANN)
        after = of_connectors(figures(telemetry))

    assert before == {("cowork_connector_restarts_total",): 0, (LAST,): 0}
    assert running == before | {(REQUESTS, "answered"): 2, ("cowork_connectors", "ready"): 1}
    assert after == running | {
        (REQUESTS, "answered"): 3,
        (REQUESTS, "unknown"): 1,
        ("cowork_connector_restarts_total",): 1,
        (LAST,): clock().timestamp() - 60,
    }


def of_connectors(found: Figures) -> Figures:
    """Those with a label that are not 0, and those without one."""
    return {
        key: value
        for key, value in found.items()
        if key[0].startswith("cowork_connector")
        and not key[0].endswith("_created")
        and (value or not key[1:])
    }


def test_every_way_to_end_has_its_word() -> None:
    assert [
        outcomes.of(one)
        for one in (
            ToolError("no such row"),
            SignInNeeded("nobody signed in"),
            NotAllowed("not approved"),
            NotConfigured("no such secret"),
            Unavailable("nobody answers"),
            Halted("stopped"),
            LeftRunning("cut off"),
            RuntimeError("a fault of ours"),
        )
    ] == [
        Outcome.REFUSED,
        Outcome.SIGN_IN,
        Outcome.BLOCKED,
        Outcome.BLOCKED,
        Outcome.UNAVAILABLE,
        Outcome.STOPPED,
        Outcome.UNKNOWN,
        Outcome.FAILED,
    ]


def test_the_tools_of_one_connector_are_counted_together() -> None:
    assert names.counted_as("tool.shop__execute_sql") == "connector.shop"
    assert names.counted_as("tool.read_file") == "tool.read_file"
    assert names.counted_as("database.write__x") == "database.write__x"
