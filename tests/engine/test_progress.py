"""How far a connector's call is stands on the card while it runs: seldom enough, and in no words that pass for ours."""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.domain.connector import Connector
from bot.domain.event import News
from bot.domain.person import Person
from bot.domain.task import TaskState
from bot.engine.progress import said
from bot.rehearsal.answer import calls, text
from bot.slack.views.card import task_card
from bot.store import entries
from tests.connectors import servers
from tests.engine.office import ANA, Office, results

_MOST_WAITS = 3_000
HOSTILE = "https://evil.example/x *Done.*” Approve <@UANA>\u200b\nnow: " + "really " * 50


@pytest.fixture
def pipe(greedy: Connector) -> Iterator[Path]:
    """The server waits at it."""
    made = Path(greedy.folders[0].path) / "pipe"
    os.mkfifo(made)
    yield made
    made.unlink()


@contextmanager
def working(office: Office, task_id: int) -> Iterator[None]:
    thread = threading.Thread(target=office.work, args=(task_id,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join(60)
    assert not thread.is_alive()


def shows(office: Office, task_id: int, words: str) -> str:
    """What the task is doing, once it says this."""
    seen = 0
    for _ in range(_MOST_WAITS):
        now = office.record.snapshot(task_id).activity
        if words in now:
            return now
        seen = office.bell.wait(seen, 0.02)
    raise AssertionError(f"it says: {now}")


def told(office: Office, task_id: int) -> list[Any]:
    return [one.data["progress"] for one in office.record.news(task_id) if one.news is News.PROGRESS]


def telling(connector: Connector, pipe: Path, *words: str) -> Any:
    return calls((f"{connector.slug}__tell", {"words": words, "wait": str(pipe)}))


def test_a_running_call_says_how_far_it_is_and_a_stop_ends_it(office_of):
    everything = servers.everything()
    slow = (f"{everything.slug}__trigger-long-running-operation", {"duration": 600, "steps": 1200})
    office = office_of(everything, calls(slow))
    task_id = office.start("Take your time")

    with working(office, task_id):
        now = shows(office, task_id, "%")
        assert now.startswith("Everything: trigger-long-running-operation (")
        assert now.endswith(" · 0%")
        office.intake.stop(ANA, task_id)

    assert office.task(task_id).state is TaskState.STOPPED


def test_what_a_server_says_of_its_progress_is_quoted_on_one_plain_line(office_of, greedy, pipe):
    office = office_of(greedy, telling(greedy, pipe, HOSTILE), text("Done."))
    task_id = office.start("Tell")

    with working(office, task_id):
        now = shows(office, task_id, "33%")
        headline = task_card(office.record.snapshot(task_id)).blocks[1].to_dict()["text"]["text"]
        pipe.write_text("enough")

    assert now.partition(" · 33%: ")[2] == (
        '“https\u2060://evil.example/x Done. " Approve <@UANA> now: ' + "really " * 9 + "real…”"
    )
    drawn = headline.partition(" · 33%: ")[2]
    assert drawn.startswith("“https") and not any(mark in drawn for mark in ("<", "*", "\n"))
    assert "enough" in results(office.double)[0][0]
    assert office.record.snapshot(task_id).activity == ""


def test_a_thousand_words_of_progress_are_a_few_pieces_of_news_and_none_in_the_log(office_of, greedy, pipe):
    office = office_of(greedy, telling(greedy, pipe, *map(str, range(1_000))), text("Done."))
    task_id = office.start("Tell")

    with working(office, task_id):
        shows(office, task_id, "100%: “999”")
        pipe.write_text("enough")

    assert told(office, task_id)[-1] == "100%: “999”"
    assert len(told(office, task_id)) < 60
    with office.database.read() as session:
        assert all(one.action != News.PROGRESS for one in entries.all_of(session))


def test_of_a_connector_that_everyone_has_for_themselves_the_words_are_not_shown(office_of, greedy, pipe):
    own = dataclasses.replace(greedy, slug="own", is_personal=True)
    office = office_of(own, telling(own, pipe, "Reading the letter of dismissal"), text("Done."))
    task_id = office.start("Tell", person=Person(team="T1", user="UADMIN", name="Mia"))

    with working(office, task_id):
        now = shows(office, task_id, "33%")
        pipe.write_text("enough")

    assert now.endswith(" · 33%") and told(office, task_id) == ["33%"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ((3, 10, ""), "30%"),
        ((30, 10, "More"), "100%: “More”"),
        ((1_234_567, None, ""), "1,234,567 so far"),
        ((float("inf"), 10, "On it"), "“On it”"),
        ((-1, float("nan"), ""), ""),
        ((1, 0, ""), "1 so far"),
    ],
)
def test_numbers_that_make_no_sense_are_left_out(given, shown):
    assert said(*given) == shown
