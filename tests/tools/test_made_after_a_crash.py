"""What makes a file is known after a crash by what was written down: nothing is asked or drawn a second time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.call import Call
from bot.domain.effect import Effect
from bot.errors import ToolError
from bot.tools.desk import Desk
from bot.tools.undoing import undo_change
from tests.documents.words import report
from tests.tools.conftest import Grounds
from tests.tools.desks import TOOLS, desk_in, put


@pytest.fixture
def desk(grounds: Grounds) -> Desk:
    desk = desk_in(grounds)
    return desk.under(desk.halt, "effect-1")


def _given(tool: str, **given: Any) -> dict[str, Any]:
    return TOOLS[tool].parsed(Call(id="c", tool=tool, input=given))


def _settled(desk: Desk, tool: str, given: dict[str, Any]) -> Any:
    look = TOOLS[tool].settled
    assert look is not None
    return look(desk, **given)


def _taken_back(desk: Desk) -> None:
    undo_change.function(desk.under(desk.halt, "effect-undo"), change="effect-1")


def test_a_query_whose_answer_is_another_each_time_is_known_and_taken_back(
    desk: Desk, grounds: Grounds
) -> None:
    table, target = put(grounds.granted, "n.csv", "n\n1\n2\n"), grounds.granted / "out.csv"
    given = _given("query_data", sql="select n, random(), now() from n", files=[table], save_as=str(target))
    assert _settled(desk, "query_data", given) is None

    TOOLS["query_data"].function(desk, **given)
    Path(table).unlink()

    found = _settled(desk, "query_data", given)
    assert found.text == f"Wrote {target} ({target.stat().st_size} bytes)"
    assert found.receipt.undo
    _taken_back(desk)
    assert not target.exists()


def test_a_document_is_known_though_its_template_is_another_by_now(desk: Desk, grounds: Grounds) -> None:
    template, target = put(grounds.granted, "t.docx", report()), str(grounds.granted / "new.docx")
    content = {"title": "T", "blocks": [{"type": "text", "text": "x"}]}
    given = _given("make_document", path=target, format="docx", content=content, template=template)
    tool = TOOLS["make_document"]
    assert tool.preview(desk, **given) == f"Make {target} (1 block, like {template})"
    assert tool.detailed(desk, **given).text.startswith(f"Template: {template}\n")

    tool.function(desk, **given)
    Path(template).write_bytes(b"another")

    assert _settled(desk, "make_document", given) is not None
    Path(target).write_bytes(b"somebody else's")
    with pytest.raises(ToolError, match="neither what it was before"):
        _settled(desk, "make_document", given)


def test_what_was_made_twice_by_one_call_is_taken_back_to_what_was_there_before_both(
    desk: Desk, grounds: Grounds
) -> None:
    target = grounds.granted / "keep.csv"
    put(grounds.granted, "keep.csv", "a person wrote this")
    table = put(grounds.granted, "n.csv", "n\n1\n2\n")
    given = _given("query_data", sql="select n, random() from n", files=[table], save_as=str(target))

    for _ in range(2):
        TOOLS["query_data"].function(desk.under(desk.halt, "effect-1"), **given)

    assert target.read_text() != "a person wrote this"
    _taken_back(desk)
    assert target.read_text() == "a person wrote this"


@pytest.mark.parametrize("was_there", [True, False])
@pytest.mark.parametrize("tool", ["write_file", "query_data"])
def test_what_was_not_there_before_is_the_tasks_own_after_a_crash_too(
    desk: Desk, grounds: Grounds, tool: str, was_there: bool
) -> None:
    table, target = put(grounds.granted, "n.csv", "n\n1\n2\n"), str(grounds.granted / "new.csv")
    given = {
        "write_file": {"path": target, "content": "n\n1\n"},
        "query_data": {"sql": "select n from n", "files": [table], "save_as": target},
    }[tool]
    if was_there:
        put(grounds.granted, "new.csv", "a person wrote this")
    TOOLS[tool].function(desk, **_given(tool, **given))
    after = desk_in(grounds).under(desk.halt, "effect-1")

    found = _settled(after, tool, _given(tool, **given))

    assert found.receipt.effect is (Effect.CHANGE if was_there else Effect.CREATE)
    assert (after.is_own(target), bool(found.receipt.mark)) == (not was_there, not was_there)
