"""What the built-in tools say to the model, word for word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.call import Call, Result
from bot.domain.effect import Effect
from bot.domain.receipt import Deliverable, Receipt
from bot.errors import ToolError
from bot.tools.desk import Desk
from bot.tools.handing_over import kept_at
from bot.tools.placing import faults_in_batch
from tests.tools.conftest import Grounds
from tests.tools.desks import TOOLS, desk_in, put, run


@pytest.fixture
def desk(grounds: Grounds) -> Desk:
    return desk_in(grounds)


def test_the_tools_have_the_names_and_arguments_that_others_rely_on():
    found = {
        name: (list(tool.schema["properties"]), tool.schema.get("required", []))
        for name, tool in TOOLS.items()
    }

    assert found == {
        "update_plan": (["steps"], ["steps"]),
        "checkpoint": (["title", "summary", "actions", "question", "options"], ["title", "summary"]),
        "ask_person": (["question", "options"], ["question"]),
        "list_folder": (["path", "recursive"], ["path"]),
        "search_files": (["query", "path"], ["query"]),
        "make_folder": (["path"], ["path"]),
        "read_file": (["path", "offset", "limit"], ["path"]),
        "write_file": (["path", "content"], ["path", "content"]),
        "edit_file": (["path", "old_text", "new_text"], ["path", "old_text", "new_text"]),
        "copy_file": (["source", "destination"], ["source", "destination"]),
        "move_file": (["source", "destination"], ["source", "destination"]),
        "delete_file": (["path"], ["path"]),
        "make_document": (["path", "format", "content", "template"], ["path", "format", "content"]),
        "edit_document": (["path", "edits"], ["path", "edits"]),
        "make_chart": (["path", "data", "kind", "title", "x_title", "y_title"], ["path", "data", "kind"]),
        "query_data": (["sql", "files", "save_as"], ["sql", "files"]),
        "profile_data": (["path"], ["path"]),
        "run_command": (["command", "folder"], ["command"]),
        "deliver": (["path", "title", "comment"], ["path", "title"]),
    }
    for tool in TOOLS.values():
        assert tool.description
        assert tool.schema["additionalProperties"] is False
        assert "title" not in tool.schema


def unmarked(result: Result) -> Receipt:
    """The receipt without what the disk says of a file."""
    assert result.receipt is not None
    return replace(result.receipt, mark="")


def test_a_folder_is_made_once(desk, grounds):
    path = f"{grounds.granted}/2026/Finance"
    made = run(desk, "make_folder", path=path)

    assert (made.text, unmarked(made)) == (
        f"Made {path}",
        Receipt(
            effect=Effect.CREATE, what="Made folder", where=path, undo="Delete the folder while it is empty"
        ),
    )
    assert run(desk, "make_folder", path=path) == Result(text=f"Already there: {path}")
    with pytest.raises(ToolError, match="already"):
        run(desk, "make_folder", path=put(grounds.granted, "file"))


def test_a_file_is_created_and_then_replaced(desk, grounds):
    path = f"{grounds.granted}/report.md"
    created = run(desk, "write_file", path=path, content="ä" * 617)
    replaced = run(desk, "write_file", path=path, content="")

    assert created.text == f"Created {path} (1,234 bytes)"
    assert unmarked(created) == Receipt(
        effect=Effect.CREATE, what="Created", where=path, after="1,234 bytes", undo="Delete the file"
    )
    assert replaced.text == f"Replaced {path} (0 bytes; was 1,234)"
    assert unmarked(replaced) == Receipt(
        effect=Effect.CHANGE,
        what="Replaced",
        where=path,
        before="1,234 bytes",
        after="0 bytes",
        undo="Put back the old content",
    )


def test_a_file_in_the_tasks_own_folder_is_named_as_the_model_names_it(desk, grounds):
    written = run(desk, "write_file", path="draft.md", content="n")

    assert (written.text, written.receipt.where) == ("Created draft.md (1 bytes)", f"{grounds.own}/draft.md")


def test_one_piece_of_text_is_edited(desk, grounds):
    path = put(grounds.granted, "plan.md", "Ship it on Monday.")
    edited = run(desk, "edit_file", path=path, old_text="Monday", new_text="Friday")

    receipt = Receipt(effect=Effect.CHANGE, what="Edited", where=path, undo="Put back the old content")
    assert edited == Result(text=f"Edited {path} (1 place)", receipt=receipt)
    assert Path(path).read_text() == "Ship it on Friday."


@pytest.mark.parametrize(
    ("content", "old", "told"),
    [
        ("one", "two", "old_text does not occur in {path}; nothing was changed."),
        ("one one", "one", "old_text occurs 2 times in {path}; nothing was changed."),
        ("one", "", "old_text is empty. Give the text to replace"),
        (
            b"\xff\xfeone",
            "one",
            "{path} is not a UTF-8 text file, so it cannot be edited. It was left as it is.",
        ),
    ],
)
def test_an_edit_that_does_not_fit_changes_nothing(desk, grounds, content, old, told):
    path = put(grounds.granted, "plan.md", content)
    before = Path(path).read_bytes()

    with pytest.raises(ToolError) as error:
        run(desk, "edit_file", path=path, old_text=old, new_text="new")

    assert str(error.value).startswith(told.format(path=path))
    assert Path(path).read_bytes() == before


def test_a_file_is_copied_moved_and_deleted(desk, grounds):
    start = put(grounds.granted, "a.txt", "alpha")
    copy, goal = f"{grounds.granted}/b.txt", f"{grounds.granted}/sub/c.txt"

    copied = run(desk, "copy_file", source=start, destination=copy)
    over = run(desk, "copy_file", source=start, destination=copy)
    moved = run(desk, "move_file", source=start, destination=goal)
    deleted = run(desk, "delete_file", path=copy)

    assert [one.text for one in (copied, over, moved, deleted)] == [
        f"Copied {start} → {copy}",
        f"Copied {start} → {copy}",
        f"Moved {start} → {goal}",
        f"Deleted {copy}",
    ]
    assert [unmarked(one) for one in (copied, over, moved, deleted)] == [
        Receipt(effect=Effect.CREATE, what="Copied", where=copy, before=start, undo="Delete the copy"),
        Receipt(
            effect=Effect.CHANGE, what="Copied", where=copy, before=start, undo="Put back what was there"
        ),
        Receipt(
            effect=Effect.CHANGE, what="Moved", where=goal, before=start, after=goal, undo="Move it back"
        ),
        Receipt(effect=Effect.DELETE, what="Deleted", where=copy, undo="Put it back"),
    ]
    assert [path.name for path in grounds.granted.rglob("*") if path.is_file()] == ["c.txt"]


def test_a_move_never_overwrites_and_only_an_empty_folder_is_deleted(desk, grounds):
    start, taken = put(grounds.granted, "a.txt", "alpha"), put(grounds.granted, "sub/a.txt", "other")

    with pytest.raises(ToolError, match="already exists"):
        run(desk, "move_file", source=start, destination=taken)
    with pytest.raises(ToolError, match="not empty"):
        run(desk, "delete_file", path=f"{grounds.granted}/sub")

    assert (Path(start).read_text(), Path(taken).read_text()) == ("alpha", "other")


def test_what_is_delivered_is_kept_as_it_was(desk, grounds):
    path = put(grounds.granted, "report.md", "x" * 1234)
    first = run(desk, "deliver", path=path, title="The “report”")
    Path(path).write_text("changed")
    second = run(desk, "deliver", path=path, title="Again", comment="Newer.")

    assert first.text == 'Delivered "The “report”" (report.md, 1,234 bytes) in the thread.'
    assert first.receipt is None
    kept = first.deliverable
    assert kept == Deliverable(path=kept.path, title="The “report”", size=1234, source=path)
    home = grounds.own.parent
    assert [kept_at(home, one.deliverable.path).read_text() for one in (first, second)] == [
        "x" * 1234,
        "changed",
    ]
    assert (second.deliverable.comment, Path(kept.path).parts[:2]) == ("Newer.", ("delivered", "1"))
    assert Path(kept.path).name == "report.md"
    with pytest.raises(ToolError):
        run(desk, "deliver", path=str(grounds.granted), title="A folder")


def test_a_plan_is_noted(desk):
    steps = [{"title": "Look", "status": "in_progress"}, {"title": "Write"}]
    noted = run(desk, "update_plan", steps=steps)

    assert noted.text == "Plan noted."
    assert [(step.title, step.state) for step in noted.plan.steps] == [
        ("Look", "in_progress"),
        ("Write", "pending"),
    ]


def moves(grounds, *pairs):
    return [
        Call(
            id=str(number),
            tool="move_file",
            input={"source": f"{grounds.granted}/{source}", "destination": f"{grounds.granted}/{goal}"},
        )
        for number, (source, goal) in enumerate(pairs)
    ]


def test_a_batch_whose_names_would_collide_is_told_before_it_is_shown(desk, grounds):
    for name in ("a", "b", "there"):
        put(grounds.granted, name)

    twins = faults_in_batch(desk, moves(grounds, ("a", "New"), ("b", "new")))
    taken = faults_in_batch(desk, moves(grounds, ("a", "there")))

    assert twins == (
        f"Names in this batch would collide, so nobody was asked: {grounds.granted}/new and {grounds.granted}/New: "
        "the names differ only in upper and lower case. Choose other names."
    )
    assert "it is there already" in taken
    assert faults_in_batch(desk, moves(grounds, ("a", "b"), ("b", "c"))) == ""
    many = faults_in_batch(desk, moves(grounds, *[(f"s{number}", "one") for number in range(8)]))
    assert many.count("both have one name") == 5
    assert many.endswith(" (and 2 more). Choose other names.")


@pytest.mark.parametrize("tool", ["write_file", "make_document", "query_data"])
def test_half_a_character_is_sent_back_to_be_written_in_full(grounds: Grounds, tool: str) -> None:
    given = {
        "write_file": {"path": "a.md", "content": "x\ud83d"},
        "make_document": {"path": "a.pdf", "format": "pdf", "content": {"title": "\ud83d"}},
        "query_data": {"sql": "select '\ud83d'", "files": []},
    }
    with pytest.raises(ToolError, match="half a character"):
        run(desk_in(grounds), tool, **given[tool])


def test_a_table_of_no_bytes_is_empty_and_not_of_an_unknown_kind(grounds: Grounds) -> None:
    for name in ("zero.xlsx", "zero.csv"):
        path = put(grounds.granted, name, b"")
        with pytest.raises(ToolError, match=f"{name} is empty .0 bytes."):
            run(desk_in(grounds), "profile_data", path=path)
