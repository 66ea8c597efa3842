"""The figures: what a task did is counted, and what stands in the database is as it stands now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.domain.task import TaskState
from bot.domain.turn import Usage
from bot.rehearsal import trouble
from bot.rehearsal.answer import calls, text
from bot.slack import bolt
from bot.store import spending
from bot.store.database import Database
from bot.telemetry.telemetry import Telemetry
from tests.engine.office import Clock

Figures = dict[tuple[str, ...], float]


@pytest.fixture
def watched() -> Iterator[Any]:
    """The figures of an office, from here on."""
    begun: list[Telemetry] = []

    def watch(office: Any) -> Telemetry:
        begun.append(Telemetry(office.database, home=office.settings.home, clock=office.clock))
        return begun[-1]

    yield watch
    for one in begun:
        one.close()


def figures(telemetry: Telemetry) -> Figures:
    """By the sample's name and the values of its labels."""
    families = text_string_to_metric_families(telemetry.page().decode())
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_what_a_task_did_is_counted(new_office, watched):
    office = new_office(lambda _: calls(("read_file", {"path": f"{office.reports}/a.txt"})), text("Done."))
    telemetry = watched(office)
    task = office.begin()
    found = figures(telemetry)
    spent = office.task(task.id).spent
    kinds = ("input", "cache_read", "cache_write")
    assert found["cowork_call_seconds_count", "model.turn"] == 2
    assert found["cowork_call_seconds_count", "tool.read_file"] == 1
    assert found["cowork_database_write_seconds_count", "task.release"] == 1
    assert found["cowork_stretch_seconds_count",] == 1
    assert found["cowork_step_seconds_count",] == sum(
        count
        for (name, *label), count in found.items()
        if name == "cowork_database_write_seconds_count" and label[0].startswith("journal.")
    )
    assert sum(found["cowork_model_tokens_total", kind] for kind in kinds) == spent.input_tokens > 0
    assert found["cowork_model_tokens_total", "output"] == spent.output_tokens > 0
    assert found["cowork_tasks", "done"] == 1


def test_what_is_known_to_come_is_nothing_from_the_start(new_office, watched):
    found = figures(watched(new_office()))
    known = {
        ("cowork_retries_total", "model"),
        ("cowork_retries_total", "slack"),
        ("cowork_circuit_open", "the model"),
        ("cowork_errors_total", "Unavailable", "model.turn"),
        ("cowork_call_seconds_count", "model.turn"),
        *(("cowork_model_tokens_total", kind) for kind in ("input", "output", "cache_read", "cache_write")),
        *(("cowork_slack_acknowledgement_seconds_count", kind) for kind in bolt.KINDS | {"other"}),
    }
    assert {name: found.get(name) for name in known} == dict.fromkeys(known, 0)


def test_a_price_that_is_not_known_is_counted_apart(new_office, watched):
    office = new_office()
    telemetry = watched(office)
    task_id = office.start()
    with office.database.write("test") as session:
        spending.add_usage(session, task_id, Usage(input_tokens=7, dollars=None))
    found = figures(telemetry)
    assert found["cowork_model_unpriced_turns_total",] == 1
    assert found["cowork_model_cost_dollars_total",] == 0


def test_what_the_model_costs_is_what_the_tasks_say(new_office, watched):
    office = new_office(text("Done."), model="claude-opus-5-5")
    telemetry = watched(office)
    dollars = office.begin().spent.dollars
    assert figures(telemetry)["cowork_model_cost_dollars_total",] == pytest.approx(dollars, abs=1e-6)
    assert dollars > 0


def test_how_often_people_were_asked_is_counted(new_office, watched):
    office = new_office(calls(("ask_person", {"question": "Which?"})))
    telemetry = watched(office)
    task = office.begin()

    found = figures(telemetry)
    assert (found["cowork_prompts_total", "question"], found["cowork_prompts_total", "calls"]) == (1, 0)
    assert office.record.snapshot(task.id).prompts == 1
    assert office.record.prompts([task]) == {task.id: 1}


def test_a_task_that_waits_in_the_queue_gets_older(new_office, watched):
    office = new_office()
    telemetry = watched(office)
    assert figures(telemetry)["cowork_queue_oldest_seconds",] == 0
    office.start()
    office.clock.forward(seconds=90)
    office.start()
    found = figures(telemetry)
    assert (found["cowork_tasks", "queued"], found["cowork_queue_oldest_seconds",]) == (2, 90)
    assert (found["cowork_outbox_messages", "card"], found["cowork_outbox_overdue_seconds",]) == (2, 90)


def test_a_checkpoint_waits_for_a_person(new_office, watched):
    office = new_office(lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})))
    telemetry = watched(office)
    assert office.begin().state is TaskState.WAITING
    found = figures(telemetry)
    assert (found["cowork_approvals_waiting",], found["cowork_tasks", "waiting"]) == (1, 1)
    assert found["cowork_outbox_messages", "approval"] == 1


def test_an_outage_of_the_model_is_an_error_and_a_retry(new_office, watched):
    office = new_office(text("Done."))
    office.double.faults.next(trouble.overloaded())
    telemetry = watched(office)
    assert office.begin().state is TaskState.PAUSED
    found = figures(telemetry)
    assert found["cowork_retries_total", "model"] == 1
    failed = {name[1]: count for name, count in found.items() if name[0] == "cowork_errors_total" and count}
    assert failed == {"Unavailable": 1}


def test_a_service_that_is_let_alone_is_an_open_circuit_until_it_answers(new_office, watched):
    office = new_office(text("Done."))
    for _ in range(3):
        office.double.faults.next(trouble.overloaded())
    telemetry = watched(office)
    task = office.begin()
    for _ in range(2):
        office.clock.forward(minutes=1)
        office.work(task.id)
    assert figures(telemetry)["cowork_circuit_open", "the model"] == 1
    office.clock.forward(minutes=2)
    assert office.work(task.id).state is TaskState.DONE
    assert figures(telemetry)["cowork_circuit_open", "the model"] == 0


def test_while_the_database_is_out_the_other_figures_are_still_told(tmp_path: Path):
    telemetry = Telemetry(Database("sqlite:////nowhere/x.sqlite"), home=tmp_path, clock=Clock())
    found = figures(telemetry)
    telemetry.close()
    assert found["cowork_database_up",] == 0
    assert found["cowork_disk_free_bytes",] > 0
    assert ("cowork_tasks", "queued") not in found


def test_after_the_end_nothing_is_counted_any_more(new_office, watched):
    office = new_office(text("Done."))
    telemetry = Telemetry(office.database, home=office.settings.home, clock=office.clock)
    telemetry.close()
    office.begin()
    assert figures(telemetry)["cowork_call_seconds_count", "model.turn"] == 0
