"""A chart as a file of its own."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.call import Call
from bot.domain.effect import Effect
from bot.errors import ToolError
from tests.tools.conftest import Grounds
from tests.tools.desks import TOOLS, desk_in, run

DATA: dict[str, Any] = {"categories": ["Q1", "Q2"], "series": [{"name": "Sales", "values": [1, 2]}]}


def test_a_chart_is_drawn_by_the_ending_of_its_path_and_known_after_a_crash(grounds: Grounds) -> None:
    desk = desk_in(grounds).under(desk_in(grounds).halt, "e1")
    path = f"{grounds.granted}/charts/sales.svg"
    given = {"path": path, "data": DATA, "kind": "line", "title": "Up"}
    result = run(desk, "make_chart", **given)
    assert result.text.splitlines()[1:] == ["Line chart “Up”: Sales"]
    assert result.receipt is not None and result.receipt.effect is Effect.CREATE
    file = (grounds.granted / "charts/sales.svg").read_bytes()
    assert file.startswith(b"<?xml") and b"<svg" in file
    tool = TOOLS["make_chart"]
    assert tool.settled is not None
    arguments = tool.parsed(Call(id="c1", tool="make_chart", input=given))
    assert tool.settled(desk, **arguments) is not None
    assert tool.settled(desk.under(desk.halt, "e2"), **arguments) is None


def test_what_is_no_chart_leaves_nothing(grounds: Grounds) -> None:
    desk = desk_in(grounds)
    for path, kind, said in (("a.jpg", "line", "neither in .png"), ("a.png", "pie", "from 0 on")):
        data = {**DATA, "series": [{"name": "Sales", "values": [1, -2]}]}
        with pytest.raises(ToolError, match=said):
            run(desk, "make_chart", path=f"{grounds.granted}/{path}", data=data, kind=kind)
    assert list(grounds.granted.iterdir()) == []
