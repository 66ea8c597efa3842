"""What a task may do by itself, at each level of autonomy, and what it may never do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.agent.judgement import Invalid
from bot.domain.call import Call
from bot.domain.task import Autonomy, TaskState
from bot.domain.verdict import Allow, Ask, Deny
from bot.rehearsal.answer import calls, text
from bot.store.calls import CallState, Entry
from tests.engine.office import results

CHECKPOINT, SUPERVISED, AUTONOMOUS = Autonomy.CHECKPOINT, Autonomy.SUPERVISED, Autonomy.AUTONOMOUS


def one_call(office, name):
    reports = office.reports
    return {
        "plan": ("update_plan", {"steps": [{"title": "Look", "status": "completed"}]}),
        "list": ("list_folder", {"path": str(reports)}),
        "read": ("read_file", {"path": f"{office.wiki}/rules.md"}),
        "search": ("search_files", {"query": "alpha"}),
        "make": ("make_folder", {"path": f"{reports}/New"}),
        "create": ("write_file", {"path": f"{reports}/new.md", "content": "n"}),
        "replace": ("write_file", {"path": f"{reports}/a.txt", "content": "n"}),
        "edit": ("edit_file", {"path": f"{reports}/a.txt", "old_text": "al", "new_text": "AL"}),
        "copy": ("copy_file", {"source": f"{reports}/a.txt", "destination": f"{reports}/d.txt"}),
        "copy over": ("copy_file", {"source": f"{reports}/a.txt", "destination": f"{reports}/b.txt"}),
        "move": ("move_file", {"source": f"{reports}/a.txt", "destination": f"{reports}/d.txt"}),
        "take away": ("move_file", {"source": f"{reports}/a.txt", "destination": "a.txt"}),
        "delete": ("delete_file", {"path": f"{reports}/a.txt"}),
        "deliver": ("deliver", {"path": f"{reports}/a.txt", "title": "A"}),
        "own": ("write_file", {"path": "draft.md", "content": "n"}),
    }[name]


CHANGES = {"replace", "edit", "copy over", "move"}
NEW = {"list", "read", "search", "make", "create", "copy", "deliver", "own"}
AWAY = {"delete", "take away"}
ASKS = {
    CHECKPOINT: {*CHANGES, *AWAY},
    AUTONOMOUS: AWAY,
    SUPERVISED: {*CHANGES, *NEW, *AWAY},
}


def judged(office, autonomy, *given):
    """What is said to each of these calls."""
    task = office.claimed(office.start(autonomy=autonomy))
    assert task is not None
    toolbox = office.workshop.bench(task).toolbox
    return [toolbox.judge(entry(*one)) for one in given]


def entry(tool, arguments):
    call = Call(id="c1", tool=tool, input=arguments)
    return Entry(
        call=call,
        state=CallState.OPEN,
        digest=call.digest,
        preview="",
        seq=1,
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize("autonomy", Autonomy)
def test_a_call_asks_or_runs_by_the_tasks_autonomy(new_office, autonomy):
    office = new_office()
    names = ["plan", *sorted(AWAY), *sorted(CHANGES), *sorted(NEW)]
    verdicts = judged(office, autonomy, *[one_call(office, name) for name in names])

    assert {name for name, verdict in zip(names, verdicts, strict=True) if isinstance(verdict, Ask)} == ASKS[
        autonomy
    ]
    assert all(isinstance(verdict, Ask | Allow) for verdict in verdicts)


@pytest.mark.parametrize(
    ("autonomy", "name"), [(SUPERVISED, "read"), (CHECKPOINT, "replace"), (AUTONOMOUS, "delete")]
)
def test_a_call_that_asks_has_not_run_until_it_is_approved(new_office, autonomy, name):
    office = new_office(lambda _: calls(one_call(office, name)), text("Done."))
    before = office.tree()
    task = office.begin(autonomy=autonomy)

    assert task.state is TaskState.WAITING
    assert office.tree() == before
    assert [one.state for one in office.entries(task.id)] == [CallState.HELD]
    assert office.approve(task.id).state is TaskState.DONE
    assert [is_error for _, is_error in results(office.double)] == [False]
    assert (office.tree() == before) is (name == "read")


def test_an_autonomous_task_changes_what_was_there_without_asking(new_office):
    office = new_office(
        lambda _: calls(one_call(office, "edit")), lambda _: calls(one_call(office, "move")), text("Done.")
    )
    task = office.begin(autonomy=AUTONOMOUS)

    assert task.state is TaskState.DONE
    assert office.tree()["reports/d.txt"] == "ALpha"
    assert [receipt.what for receipt in office.record.snapshot(task.id).receipts] == ["Edited", "Moved"]


@pytest.mark.parametrize("autonomy", Autonomy)
def test_a_read_only_folder_is_never_written(new_office, autonomy):
    office = new_office()
    wiki, mine = f"{office.wiki}/rules.md", f"{office.reports}/a.txt"
    verdicts = judged(
        office,
        autonomy,
        ("write_file", {"path": f"{office.wiki}/new.md", "content": "n"}),
        ("write_file", {"path": wiki, "content": "n"}),
        ("edit_file", {"path": wiki, "old_text": "kind", "new_text": "rude"}),
        ("delete_file", {"path": wiki}),
        ("make_folder", {"path": f"{office.wiki}/New"}),
        ("move_file", {"source": wiki, "destination": f"{office.reports}/rules.md"}),
        ("move_file", {"source": mine, "destination": f"{office.wiki}/a.txt"}),
        ("copy_file", {"source": mine, "destination": f"{office.wiki}/a.txt"}),
    )

    assert [(type(verdict), verdict.rule) for verdict in verdicts] == [(Deny, 1)] * 8


def test_a_denied_call_goes_back_to_the_model_with_its_rule(new_office):
    office = new_office(
        lambda _: calls(
            ("delete_file", {"path": f"{office.wiki}/rules.md"}),
            ("make_folder", {"path": f"{office.reports}/New"}),
        ),
        text("I could not."),
    )
    task = office.begin()

    told = (
        f"Not allowed (rule 1): {office.wiki}/rules.md may only be read: {office.wiki} was granted read-only."
    )
    assert task.state is TaskState.DONE
    assert results(office.double) == [(told, True), (f"Made {office.reports}/New", False)]
    assert office.tree()["wiki/rules.md"] == "Be kind.\n"
    assert [one.state for one in office.entries(task.id)] == [CallState.DENIED, CallState.ANSWERED]


def test_what_is_outside_does_not_exist(new_office):
    office = new_office()
    paths = [
        "/etc/passwd",
        f"{office.home}/cowork.sqlite",
        "../1/x",
        "~/x",
        f"{office.reports}/../wiki/rules.md",
    ]
    tools = ["read_file", "list_folder", "delete_file"]
    verdicts = judged(office, AUTONOMOUS, *[(tool, {"path": path}) for tool in tools for path in paths])

    assert [(type(verdict), "Granted: " in verdict.why) for verdict in verdicts] == [(Invalid, True)] * 15


def test_what_the_task_made_itself_it_may_change_and_delete_without_asking(new_office):
    reports = "{reports}"
    steps = [
        ("write_file", {"path": f"{reports}/new.md", "content": "one"}),
        ("edit_file", {"path": f"{reports}/new.md", "old_text": "one", "new_text": "two"}),
        ("move_file", {"source": f"{reports}/new.md", "destination": f"{reports}/moved.md"}),
        ("write_file", {"path": f"{reports}/moved.md", "content": "three"}),
        ("delete_file", {"path": f"{reports}/moved.md"}),
        ("make_folder", {"path": f"{reports}/Empty"}),
        ("delete_file", {"path": f"{reports}/Empty"}),
        ("write_file", {"path": "draft.md", "content": "one"}),
        ("delete_file", {"path": "draft.md"}),
    ]

    def turn(step):
        tool, given = step
        return lambda _: calls(
            (tool, {name: value.format(reports=office.reports) for name, value in given.items()})
        )

    office = new_office(*map(turn, steps), text("Done."))
    before = office.tree()
    task = office.begin()

    assert task.state is TaskState.DONE
    assert [entry.is_error for entry in office.entries(task.id)] == [False] * len(steps)
    assert office.tree() == before
    assert list(office.own_folder(task.id).iterdir()) == []


def test_a_file_of_somebody_else_where_the_tasks_own_was_is_not_the_tasks(new_office):
    def swap(_):
        (office.reports / "new.md").write_text("by Ben")
        return calls(("delete_file", {"path": f"{office.reports}/new.md"}))

    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/new.md", "content": "one"})),
        lambda _: calls(("delete_file", {"path": f"{office.reports}/new.md"})),
        swap,
    )
    task = office.begin(autonomy=AUTONOMOUS)

    assert task.state is TaskState.WAITING
    assert office.tree()["reports/new.md"] == "by Ben"


def test_a_batch_with_an_action_that_is_not_allowed_is_refused_before_anyone_is_asked(new_office):
    office = new_office(
        lambda _: calls(
            (
                "checkpoint",
                {
                    "title": "Batch",
                    "summary": "s",
                    "actions": [
                        {"tool": "make_folder", "input": {"path": f"{office.reports}/New"}},
                        {"tool": "delete_file", "input": {"path": f"{office.wiki}/rules.md"}},
                    ],
                },
            )
        ),
        text("I leave the wiki alone."),
    )
    before = office.tree()
    assert office.begin().state is TaskState.DONE

    ((told, is_error),) = results(office.double)
    assert is_error
    assert told.startswith(f"Not allowed (rule 1): Action 2 (Delete {office.wiki}/rules.md): ")
    assert office.tree() == before
