"""The calls of a turn: leading reads side by side, the rest in the model's order, each with exactly one answer."""

from __future__ import annotations

import threading

import pytest

from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.call import Result
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.task import TaskState
from bot.rehearsal.answer import calls, text
from bot.sandbox import probe
from bot.sandbox.sandbox import Sandbox
from bot.sdk.tool import tool
from bot.store import approvals
from tests.agent.benches import with_tools
from tests.engine.office import ANA, results


def test_reads_run_side_by_side_and_are_answered_in_the_models_order(new_office):
    together = threading.Barrier(3)
    late = threading.Event()

    @tool(preview=lambda desk, number: f"Look {number}")
    def look(desk: object, number: int) -> Result:
        """Look."""
        together.wait(60)
        if number == 3:
            late.set()
        else:
            assert late.wait(60)
        return Result(text=f"seen {number}")

    office = new_office(calls(*[("look", {"number": number}) for number in (1, 2, 3)]), text("Done."))
    office.laid_out = with_tools(look)

    assert office.begin().state is TaskState.DONE
    assert results(office.double) == [("seen 1", False), ("seen 2", False), ("seen 3", False)]


@pytest.mark.skipif(bool(probe.trouble()), reason="no command can be confined here")
def test_commands_follow_each_other_each_answered_before_the_next_begins(new_office):
    answered: list[list[str]] = []
    sandbox = Resource(realm=Realm.SANDBOX, name="sandbox")

    @tool(
        accesses=lambda desk, number: (Access(effect=Effect.EXECUTE, resource=sandbox),),
        preview=lambda desk, number: f"Work {number}",
    )
    def work(desk: object, number: int) -> Result:
        """Work."""
        answered.append([one.text for one in office.entries(task_id) if one.state.has_answer])
        return Result(text=f"did {number}")

    office = new_office(
        calls(*[("work", {"number": number}) for number in (1, 2, 3)]), text("Done."), sandbox=Sandbox()
    )
    office.laid_out = with_tools(work)
    task_id = office.start()

    assert office.work(task_id).state is TaskState.DONE
    assert answered == [[], ["did 1"], ["did 1", "did 2"]]


def test_a_call_behind_a_write_sees_what_was_written(new_office):
    office = new_office(
        lambda _: calls(
            ("read_file", {"path": f"{office.reports}/a.txt"}),
            ("write_file", {"path": "report.md", "content": "# Report"}),
            ("read_file", {"path": "report.md"}),
            ("deliver", {"path": "report.md", "title": "Report"}),
            ("list_folder", {"path": "."}),
        ),
        text("Done."),
    )
    office.begin()

    assert [is_error for _, is_error in results(office.double)] == [False] * 5
    assert [told.splitlines()[0] for told, _ in results(office.double)][1:4] == [
        "Created report.md (8 bytes)",
        "[report.md · markdown · lines 1–1 of 1]",
        'Delivered "Report" (report.md, 8 bytes) in the thread.',
    ]


def test_an_unknown_tool_and_wrong_arguments_come_back_as_errors_and_the_rest_runs(new_office):
    office = new_office(
        lambda _: calls(
            ("rename_file", {"path": "x"}),
            ("read_file", {}),
            ("read_file", {"path": f"{office.reports}/a.txt", "offset": "two", "page": 1}),
            ("checkpoint", {"title": "t"}),
            ("make_folder", {"path": f"{office.reports}/New"}),
        ),
        text("Done."),
    )
    task = office.begin()

    assert task.state is TaskState.DONE
    unknown, missing, wrong, asking, made = results(office.double)
    assert unknown[0].startswith(
        "There is no tool 'rename_file' here. Use one of: ask_person, checkpoint, copy_file, "
    )
    assert missing[0] == "read_file was called wrongly: path: Field required. Correct the call and try again."
    assert wrong[0].startswith("read_file was called wrongly: offset: Input should be a valid integer")
    assert "page: Extra inputs are not permitted" in wrong[0]
    assert (
        asking[0] == "checkpoint was called wrongly: summary: Field required. Correct the call and try again."
    )
    assert [is_error for _, is_error in (unknown, missing, wrong, asking, made)] == [True] * 4 + [False]


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (
            {"tool": "ask_person", "input": {"question": "?"}},
            "Action 1: ask_person cannot be part of a checkpoint.",
        ),
        ({"tool": "rename", "input": {}}, "There is no tool 'rename' here."),
        ({"tool": "delete_file", "input": {}}, "delete_file was called wrongly: path: Field required."),
        ({"tool": "delete_file", "input": {"path": "/etc/passwd"}}, "'/etc/passwd' is outside the folders"),
        ({"input": {}}, "checkpoint was called wrongly: actions.0.tool: Field required."),
    ],
)
def test_a_batch_that_could_not_run_is_refused_before_anyone_is_asked(new_office, action, told):
    office = new_office(
        calls(("checkpoint", {"title": "t", "summary": "s", "actions": [action]})), text("I see.")
    )
    task = office.begin()

    assert task.state is TaskState.DONE
    ((said, is_error),) = results(office.double)
    assert is_error
    assert said.startswith(told)
    with office.database.read() as session:
        assert approvals.of_task(session, task.id) == []


def test_two_questions_in_one_turn_are_asked_one_after_the_other(new_office):
    office = new_office(
        calls(("ask_person", {"question": "First?"}), ("checkpoint", {"title": "Second", "summary": "s"})),
        text("Done."),
    )
    task = office.begin()
    assert office.pending(task.id).draft.title == "First?"
    office.decide(task.id, ApprovalState.ANSWERED, "One")
    office.work(task.id)
    draft = office.pending(task.id).draft
    assert (draft.kind, draft.title) == (ApprovalKind.PLAN, "Second")
    office.approve(task.id)

    assert results(office.double) == [("Ana Silva answered: One", False), ("Approved by Ana Silva.", False)]


def test_calls_in_front_of_a_question_have_run_and_those_behind_it_run_after_the_answer(new_office):
    office = new_office(
        lambda _: calls(
            ("make_folder", {"path": f"{office.reports}/1"}),
            ("ask_person", {"question": "More?"}),
            ("make_folder", {"path": f"{office.reports}/2"}),
        ),
        text("Done."),
    )
    task = office.begin()
    assert [path for path in office.tree() if path[8:] in "12"] == ["reports/1"]
    office.decide(task.id, ApprovalState.ANSWERED, "Yes")
    office.work(task.id)

    assert [path for path in office.tree() if path[8:] in "12"] == ["reports/1", "reports/2"]


def test_a_process_that_ends_during_a_batch_leaves_the_rest_and_what_is_behind_it_to_the_next(new_office):
    office = new_office(
        lambda _: calls(
            (
                "checkpoint",
                {
                    "title": "t",
                    "summary": "s",
                    "actions": [
                        {"tool": "make_folder", "input": {"path": f"{office.reports}/{n}"}} for n in "12"
                    ],
                },
            ),
            ("make_folder", {"path": f"{office.reports}/3"}),
        ),
        text("Done."),
    )
    task = office.begin()
    office.decide(task.id, ApprovalState.APPROVED)
    office.laid_out = lambda bench: parking_after_the_first(office, bench)
    assert office.advance(task.id).state is TaskState.QUEUED
    assert [path for path in office.tree() if path[8:] in "123"] == ["reports/1"]

    office.__post_init__()
    office.laid_out = lambda bench: bench
    assert office.work(task.id).state is TaskState.DONE
    assert [is_error for _, is_error in results(office.double)] == [False, False]
    assert results(office.double)[0][0].startswith("Approved by Ana Silva. Ran 2 of 2 actions:")


def parking_after_the_first(office, bench):
    run = bench.toolbox.run

    def parked(call):
        result = run(call)
        office.running.park()
        return result

    bench.toolbox.run = parked
    return bench


def test_a_stop_between_two_calls_of_a_turn_leaves_the_second_undone(new_office):
    office = new_office(
        lambda _: calls(
            ("make_folder", {"path": f"{office.reports}/1"}), ("make_folder", {"path": f"{office.reports}/2"})
        )
    )
    task_id = office.start()

    def stopping(bench):
        run = bench.toolbox.run
        bench.toolbox.run = lambda call: (run(call), office.intake.stop(ANA, task_id))[0]
        return bench

    office.laid_out = stopping
    assert office.work(task_id).state is TaskState.STOPPED
    assert [entry.text for entry in office.entries(task_id)] == [
        f"Made {office.reports}/1",
        "Not executed: stopped by Ana Silva.",
    ]
    assert "reports/2" not in office.tree()
