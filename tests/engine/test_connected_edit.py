"""What a person makes of a connector's held call is put to people anew, and exactly that reaches the server, once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.approval import Approval
from bot.domain.task import Task, TaskState
from bot.errors import BadArgument, NotAllowed
from bot.rehearsal.answer import calls, text
from bot.slack.views import edit
from tests.engine.office import ANA, Office
from tests.engine.test_connected import ADMIN, CREATE_ASK, Changing, changing, hub, office_with

__all__ = ["changing", "hub", "office_with"]

SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "nights": {"type": ["integer", "null"]},
        "is_quiet": {"type": "boolean"},
        "room": {"enum": ["single", "double"]},
    },
    "required": ["city", "nights"],
    "additionalProperties": False,
}
ASKED = {"city": "Lisbon", "nights": 2, "is_quiet": False, "room": "single"}


@pytest.fixture
def office(office_with: Any, changing: Changing) -> Office:
    changing.describes({"name": "book", "inputSchema": SCHEMA})
    made: Office = office_with(
        changing.connector, {"book": CREATE_ASK}, calls((changing.tool("book"), ASKED)), text("Booked.")
    )
    return made


@pytest.fixture
def held(office: Office) -> Task:
    task = office.begin("Book a room in Lisbon")
    assert task.state is TaskState.WAITING
    return task


def edited(office: Office, task: Task, **changes: str) -> None:
    """As in the form, where each argument is a field; what is not named is as it stands there."""
    asked: Approval = office.pending(task.id)
    one = office.record.editable(asked.id, 1)
    view = edit.form(one).to_dict()
    fields = {block["block_id"]: _initial(block["element"]) for block in view["blocks"] if "element" in block}
    values = fields | {f"argument_{name}_0": value for name, value in changes.items()}
    office.intake.edit(ANA, asked.id, 1, edit.filled(one, values))


def _initial(element: dict[str, Any]) -> str:
    return str((element.get("initial_option") or {}).get("value") or element.get("initial_value") or "")


def test_what_was_edited_is_shown_anew_and_only_that_is_sent_and_once(
    office: Office, held: Task, changing: Changing
) -> None:
    edited(office, held, city="Porto", nights="3", is_quiet="true", room='"double"')

    assert office.work(held.id).state is TaskState.WAITING
    [action] = office.pending(held.id).draft.actions
    now = {"city": "Porto", "nights": 3, "is_quiet": True, "room": "double"}
    assert action.call.input == now and json.loads(action.detail) == now
    assert action.revision is not None and action.revision.by == "Ana Silva"
    assert changing.made == []

    done = office.approve(held.id)

    assert done.state is TaskState.DONE
    assert [json.loads(line) for line in changing.made] == [["book", now]]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({**ASKED, "nights": "two"}, "it should be of type integer or null"),
        ({**ASKED, "room": "suite"}, "it should be one of 'single', 'double'"),
        ({"nights": 2}, "it is required"),
        ({**ASKED, "to": "eve"}, "there is no such argument"),
    ],
)
def test_what_its_schema_does_not_take_is_refused_and_the_request_stands(
    office: Office, held: Task, changing: Changing, given: dict[str, Any], why: str
) -> None:
    asked = office.pending(held.id)

    with pytest.raises(BadArgument, match=why):
        office.intake.edit(ANA, asked.id, 1, given)

    assert office.pending(held.id) == asked and changing.made == []


def test_of_a_tool_that_was_changed_since_nothing_is_edited_into_a_call(
    office: Office, held: Task, changing: Changing
) -> None:
    changing.describes({"name": "book", "description": "Books, and pays.", "inputSchema": SCHEMA})
    [odd] = office.connectors.listed("T1")
    office.connectors.look(ANA, odd.connector.slug)

    with pytest.raises(NotAllowed, match="changed by its server"):
        edited(office, held, city="Porto")

    assert changing.made == []


def test_for_a_form_no_server_is_asked_what_it_offers(office: Office, held: Task, tmp_path: Path) -> None:
    """A person waits for it, and Slack does not wait long."""
    (folder := tmp_path / "other").mkdir()
    unseen = Changing(folder)
    unseen.describes({"name": "look"})
    office.connectors.approve(ADMIN, unseen.connector.server)
    office.connectors.save(ADMIN, replace(unseen.connector, title="Unseen"), {})

    office.record.editable(office.pending(held.id).id, 1)

    assert sorted(path.name for path in folder.iterdir()) == ["tools.json"]
