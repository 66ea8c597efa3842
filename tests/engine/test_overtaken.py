"""Between the word of a person and the call, or between two calls, somebody else was at the files."""

from __future__ import annotations

import pytest

from bot.domain.task import Autonomy, TaskState
from bot.rehearsal.answer import calls, text
from tests.engine.office import results


@pytest.mark.parametrize("in_batch", [False, True])
def test_a_place_that_was_empty_when_it_was_shown_is_not_overwritten(new_office, in_batch):
    def copy(office):
        given = {"source": f"{office.reports}/a.txt", "destination": f"{office.reports}/new.txt"}
        action = {"tool": "copy_file", "input": given}
        if in_batch:
            return calls(("checkpoint", {"title": "t", "summary": "s", "actions": [action]}))
        return calls(("copy_file", given))

    office = new_office(lambda _: copy(office))
    task = office.begin(autonomy=Autonomy.CHECKPOINT if in_batch else Autonomy.SUPERVISED)
    (office.reports / "new.txt").write_text("by Ben")
    task = office.approve(task.id)

    assert office.tree()["reports/new.txt"] == "by Ben"
    assert task.state is TaskState.WAITING
    [asked] = office.pending(task.id).draft.actions
    assert asked.reason.startswith("new.txt has appeared there since you were asked (6 bytes, ")


def test_a_folder_of_the_task_with_somebodys_file_in_it_is_not_the_tasks_own(new_office):
    def with_a_file_of_ben(_):
        (office.reports / "Mine/ben.txt").write_text("by Ben")
        return calls(
            ("move_file", {"source": f"{office.reports}/Mine", "destination": f"{office.reports}/Moved"})
        )

    office = new_office(
        lambda _: calls(
            ("make_folder", {"path": f"{office.reports}/Mine"}),
            ("write_file", {"path": f"{office.reports}/Mine/a.md", "content": "n"}),
        ),
        lambda _: calls(
            ("move_file", {"source": f"{office.reports}/Mine", "destination": f"{office.reports}/My"})
        ),
        lambda _: calls(
            ("move_file", {"source": f"{office.reports}/My", "destination": f"{office.reports}/Mine"})
        ),
        with_a_file_of_ben,
    )
    task = office.begin()

    assert task.state is TaskState.WAITING
    assert [action.call.input["destination"] for action in office.pending(task.id).draft.actions] == [
        f"{office.reports}/Moved"
    ]
    assert office.tree()["reports/Mine/ben.txt"] == "by Ben"


def test_a_file_of_the_task_that_somebody_edited_is_not_the_tasks_own(new_office):
    def edited_by_ben(_):
        (office.reports / "mine.md").write_text("Ben was here")
        return calls(("write_file", {"path": f"{office.reports}/mine.md", "content": "two"}))

    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/mine.md", "content": "one"})),
        edited_by_ben,
    )
    task = office.begin()

    assert task.state is TaskState.WAITING
    assert office.tree()["reports/mine.md"] == "Ben was here"


@pytest.mark.parametrize(
    "call",
    [
        ("write_file", {"path": "{}/new.md", "content": "mine"}),
        ("copy_file", {"source": "{}/a.txt", "destination": "{}/new.md"}),
    ],
)
def test_a_file_that_appears_between_the_verdict_and_the_call_is_kept(new_office, call):
    def overtaken(bench):
        begin = bench.journal.begin

        def then_ben(entry, verdict, pin):
            begin(entry, verdict, pin)
            (office.reports / "new.md").write_text("by Ben")

        bench.journal.begin = then_ben
        return bench

    tool, given = call
    office = new_office(
        lambda _: calls((tool, {key: one.format(office.reports) for key, one in given.items()})),
        text("Kept."),
    )
    office.laid_out = overtaken
    office.begin()

    assert office.tree()["reports/new.md"] == "by Ben"
    assert "has just appeared" in results(office.double)[0][0]
