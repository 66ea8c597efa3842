"""Every tool that writes says on the card, before anybody approves it, how it would be undone, or that it cannot be."""

from __future__ import annotations

import json

import docx
import pytest

from bot.domain.effect import Effect
from bot.domain.task import Autonomy
from bot.registry.tools import BUILT_IN
from bot.rehearsal.answer import calls, text

DATA = {"categories": ["a"], "series": [{"name": "s", "values": [1]}]}
WRITES = {
    "make_folder": ({"path": "{}/New"}, "Delete the folder while it is empty"),
    "write_file": ({"path": "{}/new.txt", "content": "x"}, "Delete the file"),
    "edit_file": ({"path": "{}/a.txt", "old_text": "alpha", "new_text": "x"}, "Put back the old content"),
    "copy_file": ({"source": "{}/a.txt", "destination": "{}/new.txt"}, "Delete the copy"),
    "move_file": ({"source": "{}/a.txt", "destination": "{}/new.txt"}, "Move it back"),
    "delete_file": ({"path": "{}/a.txt"}, "Put it back"),
    "make_document": (
        {"path": "{}/new.html", "format": "html", "content": {"blocks": [{"type": "text", "text": "x"}]}},
        "Delete the file",
    ),
    "edit_document": (
        {"path": "{}/a.docx", "edits": [{"do": "replace_text", "old_text": "alpha", "new_text": "x"}]},
        "Put back the old content",
    ),
    "make_chart": (
        {"path": "{}/new.svg", "kind": "column", "data": DATA},
        "Delete the file",
    ),
    "query_data": (
        {"sql": "select * from n", "files": ["{}/n.csv"], "save_as": "{}/new.csv"},
        "Delete the file",
    ),
}
CANNOT_BE_UNDONE = {"run_command"}
CHANGES_NOTHING = {
    "update_plan",
    "checkpoint",
    "ask_person",
    "list_folder",
    "search_files",
    "read_file",
    "profile_data",
    "deliver",
}


def asked(office, tool):
    given, _ = WRITES[tool]
    return calls((tool, json.loads(json.dumps(given).replace("{}", str(office.reports)))))


def furnished(office):
    """With a document and a table to work on."""
    document = docx.Document()
    document.add_paragraph("alpha")
    document.save(office.reports / "a.docx")
    (office.reports / "n.csv").write_text("n\n1\n")
    return office


def test_every_tool_is_known_here_as_writing_or_not():
    assert {tool.name for tool in BUILT_IN} == WRITES.keys() | CANNOT_BE_UNDONE | CHANGES_NOTHING


@pytest.mark.parametrize("tool", WRITES)
def test_a_tool_that_writes_says_how_it_is_undone_and_its_receipt_says_the_same(new_office, tool):
    office = furnished(new_office(lambda _: asked(office, tool), text("Done.")))
    task = office.begin(autonomy=Autonomy.SUPERVISED)

    [action] = office.pending(task.id).draft.actions
    assert any(access.effect is not Effect.READ for access in action.accesses)
    assert action.inverse == WRITES[tool][1]
    assert "cannot be undone" not in action.preview
    office.approve(task.id)
    [entry] = office.entries(task.id)
    assert entry.receipt.undo == action.inverse


@pytest.mark.parametrize("tool", ["edit_file", "delete_file"])
def test_what_would_not_be_kept_says_that_it_cannot_be_undone(new_office, tool):
    office = new_office(lambda _: asked(office, tool), changes={"undo_days": 0})
    task = office.begin(autonomy=Autonomy.SUPERVISED)

    [action] = office.pending(task.id).draft.actions
    assert (action.inverse, action.preview.endswith(" (cannot be undone)")) == ("", True)
