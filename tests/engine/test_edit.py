"""Edit: a person changes the arguments before approving; exactly what they made of it is shown, approved and done."""

from __future__ import annotations

import json

import pytest

from bot.domain.approval import ApprovalKind, ApprovalState, Decision
from bot.domain.deciders import Facts
from bot.domain.event import News
from bot.domain.task import Autonomy, TaskState
from bot.errors import BadArgument, NotAllowed
from bot.rehearsal.answer import calls, text
from bot.store import approvals, entries
from bot.store.calls import CallState
from tests.engine.office import ANA, BEN, results


def path(office, name):
    return f"{office.reports}/{name}"


def delete(office, name):
    return "delete_file", {"path": path(office, name)}


def write(office, name, content):
    return "write_file", {"path": path(office, name), "content": content}


def batch(*actions):
    prepared = [{"tool": tool, "input": given} for tool, given in actions]
    return calls(("checkpoint", {"title": "t", "summary": "s", "actions": prepared}))


def edit(office, task, number=1, *, person=ANA, **given):
    action = office.pending(task.id).draft.actions[number - 1]
    return office.intake.edit(person, office.pending(task.id).id, number, {**action.call.input, **given})


def texts(office):
    return {
        name.rpartition("/")[2]: content for name, content in office.tree().items() if name.endswith(".txt")
    }


def used_input(message):
    return [block["input"] for block in json.loads(message.content) if block["type"] == "tool_use"]


def test_what_was_edited_is_shown_anew_and_exactly_that_runs_on_approval(new_office):
    office = new_office(lambda _: calls(delete(office, "a.txt")), text("Done."))
    task = office.begin()
    first = office.pending(task.id)

    edited = edit(office, task, path=path(office, "b.txt"))
    assert (edited.is_new, edited.approval.state) == (True, ApprovalState.EDITED)
    assert office.work(task.id).state is TaskState.WAITING

    shown = office.pending(task.id)
    [action] = shown.draft.actions
    assert shown.id != first.id
    assert shown.digest != first.digest
    assert action.call.input == {"path": path(office, "b.txt")}
    assert action.preview == f"Delete {path(office, 'b.txt')}"
    assert action.basis[0].place == path(office, "b.txt")
    assert action.revision.by == "Ana Silva"
    assert action.revision.told.startswith("path")
    assert texts(office).keys() == {"a.txt", "b.txt", "c.txt"}

    assert office.approve(task.id).state is TaskState.DONE
    assert texts(office).keys() == {"a.txt", "c.txt"}


def test_the_history_of_the_model_stays_as_it_was_and_its_result_says_who_changed_what(new_office):
    office = new_office(lambda _: calls(delete(office, "a.txt")), text("Done."))
    task = office.begin()
    before = office.history(task.id)
    edit(office, task, path=path(office, "b.txt"))
    office.work(task.id)
    office.approve(task.id)

    after = office.history(task.id)
    assert [one.content for one in after[: len(before)]] == [one.content for one in before]
    assert used_input(before[-1]) == [{"path": path(office, "a.txt")}]
    ((told, is_error),) = results(office.double)
    assert told.startswith("Ana Silva changed the arguments:\npath")
    assert f"\n-{path(office, 'a.txt')}\n+{path(office, 'b.txt')}\n" in told
    assert told.endswith(f"Deleted {path(office, 'b.txt')}")
    assert not is_error


def test_of_an_edited_action_of_a_batch_the_others_stay_and_the_model_is_told(new_office):
    def prepared(_):
        return batch(delete(office, "a.txt"), write(office, "n.txt", "old"), delete(office, "c.txt"))

    office = new_office(prepared, text("Done."))
    task = office.begin()
    edit(office, task, 2, content="new")
    office.work(task.id)

    shown = office.pending(task.id)
    assert shown.draft.kind is ApprovalKind.BATCH
    assert [action.revision is not None for action in shown.draft.actions] == [False, True, False]
    assert shown.draft.actions[1].detail == "new"

    assert office.approve(task.id).state is TaskState.DONE
    assert texts(office) == {"b.txt": "beta", "n.txt": "new"}
    ((told, _),) = results(office.double)
    assert told.startswith(
        "Approved by Ana Silva.\nAna Silva changed action 2:\ncontent: old → new\nRan 3 of 3 actions:"
    )


def test_edited_twice_the_last_holds_and_beside_it_stands_what_the_model_asked(new_office):
    office = new_office(lambda _: batch(delete(office, "a.txt"), delete(office, "b.txt")), text("Done."))
    task = office.begin()
    edit(office, task, 1, path=path(office, "plan.md"))
    office.work(task.id)
    edit(office, task, 1, path=path(office, "c.txt"))
    office.work(task.id)
    edit(office, task, 2, path=path(office, "a.txt"))
    office.work(task.id)

    first, second = office.pending(task.id).draft.actions
    assert (first.revision.was, first.revision.now) == (
        {"path": path(office, "a.txt")},
        {"path": path(office, "c.txt")},
    )
    assert second.call.input == {"path": path(office, "a.txt")}
    office.approve(task.id)
    assert texts(office).keys() == {"b.txt"}


def test_edited_back_it_is_again_what_the_model_asked(new_office):
    office = new_office(lambda _: calls(delete(office, "a.txt")), text("Done."))
    task = office.begin()
    first = office.pending(task.id)
    for name in ("b.txt", "a.txt"):
        edit(office, task, path=path(office, name))
        office.work(task.id)

    again = office.pending(task.id)
    assert (again.digest, again.draft.actions[0].revision) == (first.digest, None)
    office.approve(task.id)
    assert results(office.double) == [(f"Deleted {path(office, 'a.txt')}", False)]


def test_what_policy_would_let_pass_is_still_shown_once_it_was_edited(new_office):
    """A new file in a granted folder needs nobody's word; what a person wrote into a form does."""
    office = new_office(lambda _: calls(write(office, "a.txt", "x")), text("Done."))
    task = office.begin()
    edit(office, task, path=path(office, "new.txt"))

    assert office.work(task.id).state is TaskState.WAITING
    [action] = office.pending(task.id).draft.actions
    assert "Ana Silva changed" in action.reason
    assert "new.txt" not in texts(office)
    office.approve(task.id)
    assert texts(office)["new.txt"] == "x"


def test_what_is_not_granted_or_forbidden_is_denied_at_once_and_the_request_stays(new_office):
    office = new_office(lambda _: calls(delete(office, "a.txt")))
    task = office.begin("Clean up. Do not touch plan.md.")

    for name in ("../wiki/rules.md", "/etc/passwd", path(office, "plan.md")):
        with pytest.raises(NotAllowed):
            edit(office, task, path=name if name.startswith("/") else path(office, name))
    assert office.pending(task.id).draft.actions[0].call.input == {"path": path(office, "a.txt")}
    assert office.pending(task.id).is_pending


def test_a_batch_that_would_get_into_its_own_way_is_refused_at_once(new_office):
    office = new_office(lambda _: batch(write(office, "x.txt", "1"), write(office, "y.txt", "2")))
    task = office.begin()

    with pytest.raises(NotAllowed):
        edit(office, task, 2, path=path(office, "x.txt"))
    assert office.pending(task.id).is_pending


@pytest.mark.parametrize(
    ("given", "argument"),
    [({"path": 7}, "path"), ({"content": None}, "content"), ({"mode": "fast"}, "mode")],
)
def test_arguments_that_the_tool_does_not_take_are_named(new_office, given, argument):
    office = new_office(lambda _: calls(write(office, "a.txt", "x")))
    task = office.begin()

    with pytest.raises(BadArgument) as refused:
        edit(office, task, **given)
    assert refused.value.argument == argument
    assert office.pending(task.id).is_pending


def test_nothing_changed_is_no_edit(new_office):
    office = new_office(lambda _: calls(delete(office, "a.txt")))
    task = office.begin()
    with pytest.raises(NotAllowed, match="Nothing was changed"):
        edit(office, task)
    with pytest.raises(NotAllowed):
        office.intake.edit(ANA, office.pending(task.id).id, 2, {"path": "x"})


def test_only_who_may_decide_may_edit(new_office):
    office = new_office(lambda _: calls(delete(office, "a.txt")))
    task = office.begin()

    for given in ({"person": BEN}, {}):
        with pytest.raises(NotAllowed):
            office.intake.edit(
                given.get("person", ANA),
                office.pending(task.id).id,
                1,
                {"path": path(office, "b.txt")},
                facts=Facts(is_guest=not given),
            )
    assert office.pending(task.id).draft.actions[0].call.input == {"path": path(office, "a.txt")}


def test_of_an_edit_and_a_click_the_first_counts(new_office):
    office = new_office(lambda _: calls(delete(office, "a.txt")), text("Done."))
    task = office.begin()
    first = office.pending(task.id)
    edit(office, task, path=path(office, "b.txt"))

    late = office.intake.decide(ANA, first.id, Decision(state=ApprovalState.APPROVED))
    twice = office.intake.edit(ANA, first.id, 1, {"path": path(office, "c.txt")})

    assert (late.is_new, twice.is_new) == (False, False)
    assert office.work(task.id).state is TaskState.WAITING
    assert office.pending(task.id).draft.actions[0].call.input == {"path": path(office, "b.txt")}
    assert texts(office).keys() == {"a.txt", "b.txt", "c.txt"}


def test_who_changed_what_stands_in_the_news_and_in_the_audit(new_office):
    office = new_office(lambda _: batch(delete(office, "a.txt"), write(office, "n.txt", "old")))
    task = office.begin()
    edit(office, task, 2, content="new")

    told = [event for event in office.record.news(task.id) if event.news is News.DECIDED]
    assert told[-1].data["decision"] == "edited"
    assert told[-1].data["edited"]["changes"] == [["content", "old", "new"]]
    with office.database.read() as session:
        [audited] = [one for one in entries.all_of(session, task.id) if one.action == News.DECIDED]
    assert (audited.actor, '["content","old","new"]' in audited.data.replace(", ", ",")) == ("UANA@T1", True)


def test_an_edited_call_that_drifts_is_put_anew_with_what_was_edited(new_office):
    office = new_office(lambda _: calls(delete(office, "a.txt")), text("Done."))
    task = office.begin()
    edit(office, task, path=path(office, "b.txt"))
    office.work(task.id)
    office.decide(task.id, ApprovalState.APPROVED)
    (office.reports / "b.txt").write_text("by Ben")

    assert office.work(task.id).state is TaskState.WAITING
    [action] = office.pending(task.id).draft.actions
    assert "since you were asked" in action.reason
    assert action.revision.now == {"path": path(office, "b.txt")}
    office.approve(task.id)
    assert texts(office).keys() == {"a.txt", "c.txt"}


def test_of_what_a_batch_asks_anew_an_action_can_be_edited_too(new_office):
    office = new_office(lambda _: batch(*(delete(office, f"{name}.txt") for name in "abc")), text("Done."))
    task = office.begin()
    (office.reports / "b.txt").write_text("by Ben")
    office.approve(task.id)
    edit(office, task, 1, path=path(office, "plan.md"))
    office.work(task.id)

    shown = office.pending(task.id)
    assert [action.revision is not None for action in shown.draft.actions] == [True, False]
    assert "Ana Silva changed" in shown.draft.summary
    assert office.approve(task.id).state is TaskState.DONE
    assert office.tree().keys() & {"reports/a.txt", "reports/plan.md", "reports/c.txt"} == set()
    assert texts(office) == {"b.txt": "by Ben"}
    ((told, _),) = results(office.double)
    assert "Ana Silva changed action 2:" in told
    assert "Ran 3 of 3 actions" in told


def test_an_edited_call_can_be_redirected_and_stopped_and_then_never_runs(new_office):
    office = new_office(lambda _: calls(delete(office, "a.txt")), text("Then not."))
    task = office.begin()
    edit(office, task, path=path(office, "b.txt"))
    office.work(task.id)
    office.decide(task.id, ApprovalState.REDIRECTED, "leave it")

    assert office.work(task.id).state is TaskState.DONE
    assert [entry.state for entry in office.entries(task.id)] == [CallState.REFUSED]
    assert texts(office).keys() == {"a.txt", "b.txt", "c.txt"}


def test_a_request_that_ran_out_is_asked_again_by_an_edit(new_office):
    office = new_office(lambda _: calls(delete(office, "a.txt")), text("Done."))
    task = office.begin()
    office.clock.forward(days=30)
    assert office.pending(task.id).is_over(office.clock())
    edit(office, task, path=path(office, "b.txt"))

    office.work(task.id)
    assert not office.pending(task.id).is_over(office.clock())
    office.approve(task.id)
    assert texts(office).keys() == {"a.txt", "c.txt"}


def test_an_undo_takes_back_what_ran_and_not_what_was_asked(new_office):
    office = new_office(lambda _: calls(write(office, "a.txt", "x")), text("Done."))
    before = office.tree()
    task = office.begin()
    edit(office, task, path=path(office, "b.txt"), content="y")
    office.work(task.id)
    office.approve(task.id)
    assert texts(office) == {"a.txt": "alpha", "b.txt": "y", "c.txt": "gamma"}

    office.intake.undo(ANA, task.id, 0)
    office.work(task.id)
    assert office.tree() == before


def test_in_supervised_mode_a_read_that_was_edited_reads_what_was_approved(new_office):
    office = new_office(lambda _: calls(("read_file", {"path": path(office, "a.txt")})), text("Done."))
    task = office.begin(autonomy=Autonomy.SUPERVISED)
    edit(office, task, path=path(office, "b.txt"), limit=3)
    office.work(task.id)
    office.approve(task.id)
    ((told, _),) = results(office.double)
    assert "limit: (not given) → 3" in told
    assert "beta" in told


def test_an_approval_of_before_the_edit_holds_nothing_any_more(new_office):
    office = new_office(lambda _: calls(delete(office, "a.txt")), text("Done."))
    task = office.begin()
    edit(office, task, path=path(office, "b.txt"))
    office.work(task.id)
    with office.database.read() as session:
        told = approvals.of_task(session, task.id)
    assert [one.state for one in told] == [ApprovalState.EDITED, ApprovalState.PENDING]
    assert [entry.approval_id for entry in office.entries(task.id)] == [told[1].id]
