"""What a server of the newer protocol asks and tells: it never calls back, so a question outlives both processes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.connectors.hub import Hub, Middle
from bot.domain import form as forms
from bot.domain.asking import Asking, Reply, Said
from bot.domain.connector import Answer, Connector, Era, Transport
from bot.domain.grant import FolderGrant
from bot.errors import ToolError
from bot.sdk.halt import Halt
from tests.connectors.servers import ANA

SCRIPT = Path(__file__).with_name("notes_server.py")
_MOST_LOOKS = 200


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was really done."""
    return tmp_path_factory.mktemp("notes") / "done"


@pytest.fixture(scope="module")
def notes(done: Path) -> Connector:
    return Connector(
        slug="notes",
        title="Notes",
        transport=Transport.STDIO,
        command=(sys.executable, str(SCRIPT), str(done)),
        folders=(FolderGrant(path=str(done.parent)),),
        sampling=True,
        timeout=60.0,
    )


@pytest.fixture(scope="module")
def changed() -> threading.Event:
    return threading.Event()


@pytest.fixture(scope="module")
def ours(changed: threading.Event) -> Iterator[Hub]:
    made = Hub(secret=lambda name: name, changed=lambda *_: changed.set())
    yield made
    made.close()


def called(
    hub: Hub, connector: Connector, tool: str, given: dict[str, Any] | None = None, **middle: Any
) -> Answer:
    return hub.call(connector, ANA, tool, given or {}, halt=Halt(), middle=Middle(**middle))


def test_a_question_is_answered_in_another_process_and_the_call_is_done_once(ours, notes, done):
    asked = called(ours, notes, "book_table", {"restaurant": "Roma"}, effect_id="e1").asked
    assert asked is not None
    assert not asked.is_live
    assert not done.exists()
    asking = Asking(connector="notes", title="Notes", question=asked)
    assert asking.open is not None
    key, form = asking.open
    reply = forms.taken(form, '{"people": 3, "room": "garden"}')

    after_a_restart = Hub(secret=lambda name: name)
    try:
        middle = Middle(effect_id="e1", asking=asking.replied(key, reply))
        answer = after_a_restart.call(
            notes, ANA, "book_table", {"restaurant": "Roma"}, halt=Halt(), middle=middle
        )
    finally:
        after_a_restart.close()

    assert answer == Answer(text="Booked at Roma: 3 in the garden.")
    assert done.read_text() == "Roma: 3 in the garden\n"


def test_a_no_goes_to_the_server_and_nothing_is_done(ours, notes, done):
    before = done.read_text() if done.exists() else ""
    asked = called(ours, notes, "book_table", {"restaurant": "Lima"}, effect_id="e2").asked
    assert asked is not None
    asking = Asking(connector="notes", title="Notes", question=asked)
    assert asking.open is not None

    refused = asking.replied(asking.open[0], Reply(said=Said.DECLINE))
    answer = called(ours, notes, "book_table", {"restaurant": "Lima"}, effect_id="e2", asking=refused)

    assert (answer.is_error, "decline" in answer.text) == (True, True)
    assert (done.read_text() if done.exists() else "") == before


def test_nobody_is_asked_for_a_password_and_the_model_hears_why(ours, notes):
    answer = called(ours, notes, "open_vault", effect_id="e3")

    assert answer.asked is None
    assert (
        "Cowork declined a question of this server (“Who is there?”): it asks for a password" in answer.text
    )


def test_folders_and_the_models_word_are_given_without_asking_anybody(ours, notes):
    def sample(asked: Any) -> Any:
        return {
            "role": "assistant",
            "content": {"type": "text", "text": f"{asked['maxTokens']} words"},
            "model": "m",
        }

    assert called(ours, notes, "list_folders").text == f"file://{notes.folders[0].path}"
    assert called(ours, notes, "sum_up", sample=sample).text == "50 words"
    with pytest.raises(ToolError, match="a word of the model, which it may not"):
        called(ours, notes, "sum_up")


def test_what_was_read_and_changed_since_is_told_once_with_the_next_answer(ours, notes):
    assert ours.read(notes, ANA, "note://today", halt=Halt(), reader="7").text == "Milk"
    assert called(ours, notes, "change_note", {"text": "Bread"}).text == "Changed."

    told = (called(ours, notes, "list_folders", reader="7").text for _ in range(_MOST_LOOKS))
    assert any("[Changed since you read it: note://today]" in text for text in told)
    assert "Changed" not in called(ours, notes, "list_folders", reader="7").text
    assert "Changed" not in called(ours, notes, "list_folders", reader="8").text
    assert ours.read(notes, ANA, "note://today", halt=Halt(), reader="7").text == "Bread"


def test_when_the_tools_change_whoever_pins_them_is_told_and_sees_the_new_ones(ours, notes, changed):
    before = {one.name for one in ours.look(notes, ANA).tools}
    changed.clear()

    called(ours, notes, "learn", {"name": "zoe"})

    assert changed.wait(60)
    assert {one.name for one in ours.look(notes, ANA).tools} == {*before, "zoe"}


def test_what_it_offers_is_found_by_real_calls(ours, notes):
    found = ours.look(notes, ANA)

    assert (found.era, found.server, found.instructions) == (Era.STATELESS, "notes", "Notes of the team.")
    assert found.can_subscribe
    assert [one.uri for one in found.resources] == ["note://today"]
