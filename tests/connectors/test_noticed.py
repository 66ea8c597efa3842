"""What is noticed of a server is bounded, and of its stderr the line is quoted that says what was wrong."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import mcp_types as types
import pytest

from bot.connectors.attempt import Attempt
from bot.connectors.floor import Floor, Speaker
from bot.connectors.noticed import Noticed
from bot.domain.connector import Connector, Transport
from tests import alone

CONNECTOR = Connector(slug="c", title="C", transport=Transport.STDIO, command=("/x",))


def test_a_server_that_spoils_ever_more_tools_and_asks_ever_more_is_noted_within_bounds() -> None:
    noticed, floor = Noticed(), Floor(CONNECTOR)
    speaker = Speaker(
        attempt=Attempt(60), lent=cast(Any, None), live=cast(Any, SimpleNamespace(is_waiting=False))
    )

    async def asked() -> None:
        async with floor.taken(speaker):
            for number in range(100):
                schema = {"type": "object", "properties": {"password": {"type": "string"}}}
                asks = {"message": f"{number} please", "requestedSchema": schema}
                await floor.callbacks()["elicitation_callback"](
                    None, types.ElicitRequestFormParams.model_validate(asks)
                )

    alone.ran(asked())
    for number in range(3_000):
        noticed.spoilt(f"tool {number}", "no schema")

    assert (len(speaker.notes), len(noticed.dropped)) == (20, 1_000)
    assert "0 please" in speaker.notes[0] and "are left out" in speaker.notes[-1]


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ("starting\nout of cheese\n\n", "out of cheese"),
        ("Fatal: refused\n    at main (index.js:5) {\n  port: 9\n}", "Fatal: refused"),
        ("Error: no file\n    at main\n\nNode.js v22.1.0", "Error: no file"),
        ("Traceback:\n  File x\nKeyError: 'DSN'", "KeyError: 'DSN'"),
        ("  }", "}"),
        ("", ""),
    ],
)
def test_the_last_words_of_a_trace_are_the_line_that_says_what_it_was(written: str, quoted: str) -> None:
    noticed = Noticed()
    for line in written.splitlines():
        noticed.wrote(line.encode())
    assert noticed.last_words == quoted
