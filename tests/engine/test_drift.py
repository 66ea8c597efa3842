"""Approve, then somebody changes what it is based on before it runs: a new approval says what, and nothing was done."""

from __future__ import annotations

import os

import pytest

from bot.domain.approval import ApprovalState
from bot.domain.task import Autonomy, TaskState
from bot.rehearsal.answer import calls, text
from bot.tools import prints
from tests.engine.office import results

TOOLS = {
    "write": ("write_file", {"path": "{}/a.txt", "content": "mine"}, "a.txt"),
    "write new": ("write_file", {"path": "{}/new.txt", "content": "mine"}, "new.txt"),
    "edit": ("edit_file", {"path": "{}/a.txt", "old_text": "alp", "new_text": "ALP"}, "a.txt"),
    "copy the source": ("copy_file", {"source": "{}/a.txt", "destination": "{}/new.txt"}, "a.txt"),
    "copy over": ("copy_file", {"source": "{}/a.txt", "destination": "{}/b.txt"}, "b.txt"),
    "move the source": ("move_file", {"source": "{}/a.txt", "destination": "{}/new.txt"}, "a.txt"),
    "move onto": ("move_file", {"source": "{}/a.txt", "destination": "{}/new.txt"}, "new.txt"),
    "delete": ("delete_file", {"path": "{}/a.txt"}, "a.txt"),
    "make folder": ("make_folder", {"path": "{}/new.txt"}, "new.txt"),
}


def call_of(office, name):
    tool, given, target = TOOLS[name]
    return tool, {key: value.format(office.reports) for key, value in given.items()}, office.reports / target


def batch(*actions):
    prepared = [{"tool": tool, "input": given} for tool, given in actions]
    return calls(("checkpoint", {"title": "t", "summary": "s", "actions": prepared}))


@pytest.mark.parametrize("in_batch", [False, True])
@pytest.mark.parametrize("name", TOOLS)
def test_what_was_changed_after_the_yes_is_asked_for_again_and_done_on_a_second_yes(
    new_office, name, in_batch
):
    def said(_):
        tool, given, _ = call_of(office, name)
        return batch((tool, given)) if in_batch else calls((tool, given))

    office = new_office(said, text("Done."))
    task = office.begin(autonomy=Autonomy.SUPERVISED)
    _, _, target = call_of(office, name)
    office.decide(task.id, ApprovalState.APPROVED)
    target.write_text("alpha by Ben")
    before = office.tree()

    task = office.work(task.id)

    assert task.state is TaskState.WAITING
    assert office.tree() == before
    [asked] = office.pending(task.id).draft.actions
    assert asked.reason.startswith(f"{target.name} ")
    assert "since you were asked" in asked.reason
    assert office.approve(task.id).state is TaskState.DONE


@pytest.mark.parametrize("name", [name for name in TOOLS if name != "make folder"])
def test_a_change_between_the_last_verdict_and_the_call_is_caught_by_the_call_itself(new_office, name):
    def overtaken(bench):
        begin = bench.journal.begin

        def then_ben(entry, verdict, pin):
            begin(entry, verdict, pin)
            target.write_text("alpha by Ben")

        bench.journal.begin = then_ben
        return bench

    def said(_):
        return calls(call_of(office, name)[:2])

    office = new_office(said)
    task = office.begin(autonomy=Autonomy.SUPERVISED)
    _, _, target = call_of(office, name)
    office.laid_out = overtaken
    task = office.approve(task.id)

    assert task.state is TaskState.WAITING
    assert target.read_text() == "alpha by Ben"
    assert [entry.begun_at for entry in office.entries(task.id)] == [None]
    assert "since you were asked" in office.pending(task.id).draft.actions[0].reason


def test_the_new_request_shows_the_lines_that_were_changed(new_office):
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/plan.md", "content": "mine"}))
    )
    task = office.begin()
    (office.reports / "plan.md").write_text("# Plan\n\nShip it.\non Monday\nor later\nor never\n")
    office.approve(task.id)

    [asked] = office.pending(task.id).draft.actions
    assert asked.reason == "plan.md was changed since you were asked: 3 lines added, 0 removed."
    assert asked.changed.splitlines()[2:] == [" Ship it.", "+on Monday", "+or later", "+or never"]


def test_in_a_batch_what_was_done_stands_and_the_rest_is_asked_for_anew(new_office):
    def said(_):
        moves = [
            (
                "move_file",
                {"source": f"{office.reports}/{name}.txt", "destination": f"{office.reports}/X/{name}.txt"},
            )
            for name in "abc"
        ]
        return batch(*moves)

    office = new_office(said, text("Moved."))
    task = office.begin()
    (office.reports / "b.txt").write_text("beta by Ben")
    task = office.approve(task.id)

    assert task.state is TaskState.WAITING
    tree = office.tree()
    assert {"reports/X/a.txt", "reports/b.txt", "reports/c.txt"} <= tree.keys()
    asked = office.pending(task.id)
    assert [action.call.input["source"][-5:] for action in asked.draft.actions] == ["b.txt", "c.txt"]
    task = office.approve(task.id)
    assert task.state is TaskState.DONE
    assert office.tree()["reports/X/b.txt"] == "beta by Ben"
    assert results(office.double)[0][0].startswith("Approved by Ana Silva. Ran 3 of 3 actions:")


def test_a_redirection_of_what_is_asked_anew_tells_the_model_what_stands(new_office):
    def said(_):
        return batch(
            *(("delete_file", {"path": f"{office.reports}/{name}.txt"}) for name in "ab"),
        )

    office = new_office(said, text("I see."))
    task = office.begin()
    (office.reports / "b.txt").write_text("by Ben")
    office.approve(task.id)
    office.decide(task.id, ApprovalState.REDIRECTED, "keep it")
    office.work(task.id)

    ((told, _),) = results(office.double)
    assert told.startswith(
        "Not executed: redirected by Ana Silva: keep it Before that 1 of 2 actions were begun:"
    )
    assert (office.reports / "b.txt").read_text() == "by Ben"


def test_what_an_earlier_action_of_the_batch_makes_or_moves_is_no_change(new_office):
    def said(_):
        at = str(office.reports)
        return batch(
            ("make_folder", {"path": f"{at}/X"}),
            ("write_file", {"path": f"{at}/X/n.md", "content": "one"}),
            ("edit_file", {"path": f"{at}/a.txt", "old_text": "alpha", "new_text": "omega"}),
            ("move_file", {"source": f"{at}/a.txt", "destination": f"{at}/X/a.txt"}),
            ("write_file", {"path": f"{at}/a.txt", "content": "new"}),
            ("move_file", {"source": f"{at}/X", "destination": f"{at}/Y"}),
            ("copy_file", {"source": f"{at}/Y/a.txt", "destination": f"{at}/b.txt"}),
        )

    office = new_office(said, text("Done."))
    task = office.approve(office.begin().id)

    assert task.state is TaskState.DONE
    tree = office.tree()
    assert [tree[f"reports/{name}"] for name in ("Y/n.md", "Y/a.txt", "a.txt", "b.txt")] == [
        "one",
        "omega",
        "new",
        "omega",
    ]


def test_what_an_earlier_call_of_the_same_turn_made_is_no_change(new_office):
    office = new_office(
        lambda _: calls(
            ("write_file", {"path": f"{office.reports}/n.md", "content": "one"}),
            ("edit_file", {"path": f"{office.reports}/n.md", "old_text": "one", "new_text": "two"}),
        ),
        text("Done."),
    )
    task = office.approve(office.begin(autonomy=Autonomy.SUPERVISED).id)

    assert task.state is TaskState.DONE
    assert office.tree()["reports/n.md"] == "two"


def test_a_file_that_was_to_be_replaced_and_is_gone_is_not_made_anew_unasked(new_office):
    office = new_office(lambda _: calls(("write_file", {"path": f"{office.reports}/a.txt", "content": "n"})))
    task = office.begin()
    (office.reports / "a.txt").unlink()
    office.approve(task.id)

    assert office.pending(task.id).draft.actions[0].reason == "a.txt is gone since you were asked."
    assert "reports/a.txt" not in office.tree()


def test_a_file_that_was_to_be_moved_and_is_gone_is_the_models_to_mend(new_office):
    office = new_office(
        lambda _: batch(
            ("move_file", {"source": f"{office.reports}/a.txt", "destination": f"{office.reports}/X/a.txt"})
        ),
        text("It is gone."),
    )
    task = office.begin()
    (office.reports / "a.txt").unlink()

    assert office.approve(task.id).state is TaskState.DONE
    assert "was not found" in results(office.double)[0][0]


def test_a_file_that_came_into_a_folder_to_be_moved_is_told(new_office):
    office = new_office(
        lambda _: calls(
            ("move_file", {"source": f"{office.reports}/Old", "destination": f"{office.reports}/New"})
        )
    )
    (office.reports / "Old").mkdir()
    (office.reports / "Old/one.txt").write_text("1")
    task = office.begin()
    (office.reports / "Old/two.txt").write_text("2")
    office.approve(task.id)

    [asked] = office.pending(task.id).draft.actions
    assert asked.reason == (
        "Old was changed since you were asked: it was a folder with 1 thing in it, now it is a folder with 2 "
        "things in it."
    )
    assert asked.about == "a folder with 2 things in it"


def test_a_folder_in_which_one_thing_took_the_place_of_another_is_told_as_that(new_office):
    office = new_office(
        lambda _: calls(
            ("move_file", {"source": f"{office.reports}/Old", "destination": f"{office.reports}/New"})
        )
    )
    (office.reports / "Old").mkdir()
    (office.reports / "Old/one.txt").write_text("1")
    task = office.begin()
    (office.reports / "Old/one.txt").rename(office.reports / "Old/two.txt")
    office.approve(task.id)

    [asked] = office.pending(task.id).draft.actions
    assert asked.reason == "Old was changed since you were asked: something in it is not what it was."


def test_a_large_file_that_was_changed_in_its_middle_and_dated_back_is_caught(new_office):
    office = new_office(lambda _: calls(("delete_file", {"path": f"{office.reports}/big.bin"})))
    big = office.reports / "big.bin"
    big.write_bytes(b"x" * (prints.LARGE + 1))
    task = office.begin()
    stamp = big.stat()
    with big.open("r+b") as file:
        file.seek(prints.LARGE // 2)
        file.write(b"y")
    os.utime(big, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    task = office.approve(task.id)

    assert task.state is TaskState.WAITING
    assert big.exists()


def test_a_file_that_was_only_touched_is_as_it_was(new_office):
    office = new_office(lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})), text("Gone."))
    task = office.begin()
    os.utime(office.reports / "a.txt")
    os.chmod(office.reports / "a.txt", 0o600)

    assert office.approve(task.id).state is TaskState.DONE
    assert "reports/a.txt" not in office.tree()


def test_a_restart_between_the_yes_and_the_call_forgets_nothing_of_what_was_shown(new_office):
    office = new_office(lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})))
    task = office.begin()
    office.decide(task.id, ApprovalState.APPROVED)
    (office.reports / "a.txt").write_text("by Ben")
    office.workshop = None  # nothing of the process before is used again
    again = type(office)(
        database=office.database,
        home=office.home,
        reports=office.reports,
        wiki=office.wiki,
        double=office.double,
        claude=office.claude,
    )

    assert again.work(task.id).state is TaskState.WAITING
    assert office.tree()["reports/a.txt"] == "by Ben"


def test_the_request_says_what_is_replaced_and_what_is_deleted(new_office):
    office = new_office(
        lambda _: calls(
            ("write_file", {"path": f"{office.reports}/a.txt", "content": "mine"}),
            ("delete_file", {"path": f"{office.reports}/b.txt"}),
            ("move_file", {"source": f"{office.reports}/c.txt", "destination": f"{office.reports}/d.txt"}),
        )
    )
    for name in "ab":
        os.utime(office.reports / f"{name}.txt", (1_767_323_040, 1_767_323_040))
    task = office.begin()

    assert [action.about for action in office.pending(task.id).draft.actions] == [
        "replaces 5 bytes, last changed 2026-01-02 03:04 UTC",
        "4 bytes, last changed 2026-01-02 03:04 UTC",
        "",
    ]
