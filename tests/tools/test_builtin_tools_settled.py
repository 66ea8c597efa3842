"""After a crash each writing tool tells from the world whether its call happened, did not, or cannot be told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.call import Result
from bot.domain.effect import Effect
from bot.errors import ToolError
from bot.tools.desk import Desk
from tests.tools.conftest import Grounds
from tests.tools.desks import TOOLS, desk_in

EDIT = {"path": "{g}/a", "old_text": "Monday", "new_text": "Friday"}
LONGER = {"path": "{g}/a", "old_text": "Total: 5", "new_text": "Total: 5 EUR"}
PAIR = {"source": "{g}/a", "destination": "{g}/b"}


@pytest.fixture
def desk(grounds: Grounds) -> Desk:
    return desk_in(grounds)


def settled(desk: Desk, grounds: Grounds, tool: str, given: dict[str, str], there: dict[str, str]) -> Any:
    for name, content in there.items():
        path = grounds.granted / name.rstrip("/")
        path.mkdir() if name.endswith("/") else path.write_text(content)
    arguments = {name: value.format(g=grounds.granted) for name, value in given.items()}
    look = TOOLS[tool].settled
    assert look is not None
    before = {path: path.stat() for path in grounds.granted.rglob("*")}
    try:
        return look(desk, **arguments)
    finally:
        assert {path: path.stat() for path in grounds.granted.rglob("*")} == before, "a look changes nothing"


def test_every_tool_that_writes_can_be_looked_up():
    looked_up = {name for name, tool in TOOLS.items() if tool.settled is not None}

    placed = {"make_folder", "write_file", "edit_file", "copy_file", "move_file", "delete_file"}
    assert looked_up == placed | {"make_document", "edit_document", "make_chart", "query_data", "run_command"}


@pytest.mark.parametrize(
    ("tool", "given", "there", "text", "effect"),
    [
        ("make_folder", {"path": "{g}/a"}, {"a/": ""}, "Made {g}/a", Effect.CREATE),
        (
            "write_file",
            {"path": "{g}/a", "content": "new"},
            {"a": "new"},
            "Wrote {g}/a (3 bytes)",
            Effect.CHANGE,
        ),
        ("edit_file", EDIT, {"a": "On Friday."}, "Edited {g}/a (1 place)", Effect.CHANGE),
        ("copy_file", PAIR, {"a": "x", "b": "x"}, "Copied {g}/a → {g}/b", Effect.CHANGE),
        ("move_file", PAIR, {"b": "x"}, "Moved {g}/a → {g}/b", Effect.CHANGE),
        ("delete_file", {"path": "{g}/a"}, {}, "Deleted {g}/a", Effect.DELETE),
    ],
    ids=lambda value: value if value in list(TOOLS) else "",
)
def test_what_happened_is_seen(desk, grounds, tool, given, there, text, effect):
    found = settled(desk, grounds, tool, given, there)

    assert isinstance(found, Result)
    assert (found.text, found.is_error) == (text.format(g=grounds.granted), False)
    assert (found.receipt.effect, Path(found.receipt.where).parent) == (effect, grounds.granted)


@pytest.mark.parametrize(
    ("tool", "given", "there"),
    [
        ("make_folder", {"path": "{g}/a"}, {}),
        ("make_folder", {"path": "{g}/a"}, {"a": "a file"}),
        ("write_file", {"path": "{g}/a", "content": "new"}, {}),
        ("write_file", {"path": "{g}/a", "content": "new"}, {"a": "old"}),
        ("edit_file", EDIT, {"a": "On Monday."}),
        ("edit_file", EDIT, {"a": "On Monday, not on Friday."}),
        ("edit_file", LONGER, {"a": "Total: 5"}),
        ("edit_file", {**EDIT, "new_text": ""}, {"a": "On Monday."}),
        ("copy_file", PAIR, {"a": "x"}),
        ("copy_file", PAIR, {"a": "x", "b": "y"}),
        ("move_file", PAIR, {"a": "x"}),
        ("delete_file", {"path": "{g}/a"}, {"a": "x"}),
    ],
    ids=lambda value: value if value in list(TOOLS) else "",
)
def test_what_did_not_happen_may_be_done(desk, grounds, tool, given, there):
    assert settled(desk, grounds, tool, given, there) is None


@pytest.mark.parametrize(
    ("tool", "given", "there", "why"),
    [
        ("write_file", {"path": "{g}/a", "content": "new"}, {"a/": ""}, "folder"),
        ("edit_file", EDIT, {"a": "On Tuesday."}, "neither the old text nor the new one"),
        ("edit_file", LONGER, {"a": "Total: 5 EUR"}, "does not tell which of the two"),
        ("edit_file", EDIT, {}, "not"),
        ("copy_file", PAIR, {"b": "x"}, "not"),
        ("move_file", PAIR, {}, "Neither .*/a nor .*/b is there"),
    ],
    ids=lambda value: value if value in list(TOOLS) else "",
)
def test_what_cannot_be_told_says_why(desk, grounds, tool, given, there, why):
    with pytest.raises(ToolError, match=why):
        settled(desk, grounds, tool, given, there)


def test_somebodys_file_behind_thousands_of_the_tasks_own_is_seen(desk: Desk, grounds: Grounds) -> None:
    folder = grounds.granted / "many"
    folder.mkdir()
    for number in range(5_000):
        (folder / f"{number:04}").touch()
    for path in (folder, *folder.iterdir()):
        desk.claim(str(path))
    assert desk.is_own(str(folder))

    (folder / "zz of somebody").touch()

    assert not desk.is_own(str(folder))
