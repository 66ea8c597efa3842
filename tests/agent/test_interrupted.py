"""A call that was interrupted is looked up before anything else; what cannot be told is put to a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.agent.settling import HAPPENED, RUN_AGAIN
from bot.domain.approval import ApprovalKind, ApprovalState, Decision
from bot.domain.budget import Budget
from bot.domain.call import Result
from bot.domain.deciders import Authority, Deciders, Facts, Rule
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.task import Autonomy, TaskState
from bot.engine.crewing import Crewing
from bot.errors import NotAllowed
from bot.rehearsal.answer import calls, text
from bot.sdk.tool import tool
from bot.store import approvals, leases
from tests.agent.benches import Died, dying_in, untouched, with_tools
from tests.engine.office import ANA, BEN, results
from tests.store import databases

AGAIN = Decision(state=ApprovalState.ANSWERED, words=RUN_AGAIN)


def interrupted(office, task_id, change):
    """Work until the process dies; the next one finds the task queued."""
    office.laid_out = change
    with pytest.raises(Died):
        office.work(task_id)
    office.laid_out = untouched
    with office.database.write("test") as session:
        assert len(leases.take_all_back(session, now=office.clock())) == 1


def asked(office, task_id):
    with office.database.read() as session:
        return [(one.draft.kind, one.state) for one in approvals.of_task(session, task_id)]


@pytest.mark.parametrize("after", [False, True])
def test_a_new_file_is_written_once_and_nobody_is_asked(new_office, after):
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/new.md", "content": "n"})), text("Done.")
    )
    task_id = office.start()
    interrupted(office, task_id, dying_in("write_file", after=after))

    assert office.work(task_id).state is TaskState.DONE
    assert office.tree()["reports/new.md"] == "n"
    assert [is_error for _, is_error in results(office.double)] == [False]
    assert asked(office, task_id) == []


@pytest.mark.parametrize("after", [False, True])
def test_an_approved_change_is_not_asked_for_again(new_office, after):
    office = new_office(
        lambda _: calls(
            ("edit_file", {"path": f"{office.reports}/plan.md", "old_text": "Ship", "new_text": "Sink"})
        ),
        text("Done."),
    )
    task = office.begin()
    office.decide(task.id, ApprovalState.APPROVED)
    interrupted(office, task.id, dying_in("edit_file", after=after))

    assert office.work(task.id).state is TaskState.DONE
    assert office.tree()["reports/plan.md"] == "# Plan\n\nSink it.\n"
    assert asked(office, task.id) == [(ApprovalKind.CALLS, ApprovalState.APPROVED)]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_batch_goes_on_where_it_was(new_office, number, after):
    office = new_office(
        lambda _: calls(("checkpoint", {"title": "t", "summary": "s", "actions": moves(office, "abc")})),
        text("Done."),
    )
    task = office.begin()
    office.decide(task.id, ApprovalState.APPROVED)
    interrupted(office, task.id, dying_in("move_file", after=after, number=number))

    assert office.work(task.id).state is TaskState.DONE
    assert results(office.double)[0][0].splitlines()[0] == "Approved by Ana Silva. Ran 3 of 3 actions:"
    assert {path for path in office.tree() if "txt" in path} == {f"reports/Done/{name}.txt" for name in "abc"}
    assert asked(office, task.id) == [(ApprovalKind.BATCH, ApprovalState.APPROVED)]


def moves(office, names):
    return [
        {
            "tool": "move_file",
            "input": {
                "source": f"{office.reports}/{name}.txt",
                "destination": f"{office.reports}/Done/{name}.txt",
            },
        }
        for name in names
    ]


def test_what_was_not_done_and_would_now_overwrite_somebodys_file_is_asked_for(new_office):
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/new.md", "content": "n"})), text("Done.")
    )
    task_id = office.start()
    interrupted(office, task_id, dying_in("write_file"))
    (office.reports / "new.md").write_text("by Ben")

    assert office.work(task_id).state is TaskState.WAITING
    assert office.pending(task_id).draft.kind is ApprovalKind.CALLS
    assert office.tree()["reports/new.md"] == "by Ben"


POSTED: list[str] = []


def _posts(desk: object, text: str) -> tuple[Access, ...]:
    where = desk.workspace.locate(text).real
    return (Access(effect=Effect.CREATE, resource=Resource(realm=Realm.FOLDER, name=where, own=True)),)


@tool(accesses=_posts, preview=lambda desk, text: f"Post {text}")
def post(desk: object, text: str) -> Result:
    """Post something that cannot be looked up afterwards."""
    POSTED.append(text)
    return Result(text=f"Posted {text}")


@pytest.fixture
def posted():
    POSTED.clear()
    return POSTED


@pytest.mark.parametrize("in_batch", [False, True])
@pytest.mark.parametrize(
    ("choice", "count", "told"),
    [(HAPPENED, 1, "Ana Silva looked: it had already happened."), (RUN_AGAIN, 2, "Posted x")],
)
def test_what_cannot_be_looked_up_is_a_persons_to_say(new_office, posted, in_batch, choice, count, told):
    actions = [{"tool": "post", "input": {"text": "x"}}, {"tool": "post", "input": {"text": "y"}}]
    batch = calls(("checkpoint", {"title": "t", "summary": "s", "actions": actions}))
    single = calls(("post", {"text": "x"}), ("post", {"text": "y"}))
    office = new_office(batch if in_batch else single, text("Done."))
    task_id = office.start(autonomy=Autonomy.AUTONOMOUS)
    if in_batch:
        office.laid_out = with_tools(post)
        office.work(task_id)
        office.decide(task_id, ApprovalState.APPROVED)
    interrupted(office, task_id, lambda bench: dying_in("post", after=True)(with_tools(post)(bench)))
    office.laid_out = with_tools(post)

    assert office.work(task_id).state is TaskState.WAITING
    draft = office.pending(task_id).draft
    shown = "Post x (cannot be undone)" if in_batch else "Post x"
    assert (draft.kind, draft.title) == (ApprovalKind.OUTCOME, f"This may already have happened: {shown}")
    assert draft.options == (HAPPENED, RUN_AGAIN)
    assert posted == ["x"]

    office.decide(task_id, ApprovalState.ANSWERED, choice)
    assert office.work(task_id).state is TaskState.DONE
    assert posted == ["x"] * count + ["y"]
    word = [("Happened, by Ana Silva's word", shown)] if choice == HAPPENED else []
    assert [(one.what, one.where) for one in office.record.snapshot(task_id).receipts] == word
    if in_batch:
        expected = f"Approved by Ana Silva. Ran 2 of 2 actions:\n1. ok  {told}\n2. ok  Posted y"
        assert results(office.double) == [(expected, False)]
    else:
        assert results(office.double) == [(told, False), ("Posted y", False)]


def in_doubt(new_office, **given):
    """A post was cut off, and nobody knows whether it happened."""
    office = new_office(calls(("post", {"text": "x"})), text("Done."), **given)
    task_id = office.start(autonomy=Autonomy.AUTONOMOUS)
    interrupted(office, task_id, lambda bench: dying_in("post", after=True)(with_tools(post)(bench)))
    office.laid_out = with_tools(post)
    office.work(task_id)
    return office, task_id, office.pending(task_id).id


def test_a_helper_says_that_it_happened_and_does_not_have_it_run_again(new_office, posted):
    office, task_id, approval = in_doubt(new_office)
    crewing = Crewing(
        office.database, budget=Budget(turns=50), open_tasks=20, clock=office.clock, bell=office.bell
    )
    crewing.add(ANA, task_id, BEN, Facts())

    with pytest.raises(NotAllowed, match="Only Ana Silva can decide this"):
        office.intake.decide(BEN, approval, AGAIN)
    assert office.intake.decide(BEN, approval, replace(AGAIN, words=HAPPENED)).is_new
    assert office.work(task_id).state is TaskState.DONE
    assert posted == ["x"]


def test_what_takes_two_people_takes_two_to_run_again(new_office, posted):
    two = Deciders(groups=frozenset({"@finance"}), by_self=False, people=2)
    office, task_id, approval = in_doubt(new_office, authority=Authority(rules=(Rule(deciders=two),)))
    finance = Facts(groups=("@finance",))

    with pytest.raises(NotAllowed):
        office.intake.decide(ANA, approval, AGAIN)
    first = office.intake.decide(BEN, approval, AGAIN, facts=finance)
    assert (first.is_new, first.missing) == (False, "@finance (not who steers the task)")
    assert office.task(task_id).state is TaskState.WAITING
    assert office.intake.decide(replace(BEN, user="UCLEO"), approval, AGAIN, facts=finance).is_new
    assert office.work(task_id).state is TaskState.DONE
    assert posted == ["x", "x"]


def test_words_do_not_settle_whether_it_happened(new_office, posted):
    office = new_office(calls(("post", {"text": "x"})), text("Done."))
    task_id = office.start(autonomy=Autonomy.AUTONOMOUS)
    interrupted(office, task_id, lambda bench: dying_in("post", after=True)(with_tools(post)(bench)))
    office.laid_out = with_tools(post)
    office.work(task_id)

    assert office.say(task_id, "run it") == "press_approve"
    with pytest.raises(NotAllowed):
        office.decide(task_id, ApprovalState.APPROVED)
    assert office.pending(task_id).is_pending
    assert posted == ["x"]


def test_a_stop_of_what_may_have_happened_says_that_it_is_unknown(new_office, posted):
    office = new_office(calls(("post", {"text": "x"})), text("I will look."))
    task_id = office.start(autonomy=Autonomy.AUTONOMOUS)
    interrupted(office, task_id, lambda bench: dying_in("post", after=True)(with_tools(post)(bench)))
    office.laid_out = with_tools(post)
    office.work(task_id)
    office.decide(task_id, ApprovalState.STOPPED)

    assert office.work(task_id).state is TaskState.STOPPED
    assert [entry.text for entry in office.entries(task_id)] == ["Stopped while running; outcome unknown."]


def test_in_a_fleet_run_again_is_refused_while_the_first_try_may_still_be_on_its_way(new_office, posted):
    office = new_office(calls(("post", {"text": "x"})), text("Done."), database=databases.postgres())
    task_id = office.start(autonomy=Autonomy.AUTONOMOUS)
    interrupted(office, task_id, lambda bench: dying_in("post", after=True)(with_tools(post)(bench)))
    office.laid_out = with_tools(post)
    office.clock.forward(seconds=40)
    office.work(task_id)

    with pytest.raises(NotAllowed, match=r"“Run again” is possible from 09:32:00 UTC on"):
        office.decide(task_id, ApprovalState.ANSWERED, RUN_AGAIN)
    assert office.pending(task_id).is_pending
    office.clock.forward(seconds=80)
    office.decide(task_id, ApprovalState.ANSWERED, RUN_AGAIN)

    assert office.work(task_id).state is TaskState.DONE
    assert posted == ["x", "x"]
    office.database.close()


KEYS: list[str] = []


@tool(accesses=_posts, preview=lambda desk, text: f"Post {text}", is_keyed=True)
def post_once(desk: object, text: str) -> Result:
    """Post something to a service that takes an idempotency key."""
    KEYS.append(desk.effect_id)
    return Result(text=f"Posted {text}")


def test_a_call_to_a_service_that_takes_a_key_is_made_again_with_the_same_key(new_office):
    KEYS.clear()
    office = new_office(calls(("post_once", {"text": "x"}), ("post_once", {"text": "x"})), text("Done."))
    task_id = office.start(autonomy=Autonomy.AUTONOMOUS)
    dying = dying_in("post_once", after=True)
    interrupted(office, task_id, lambda bench: dying(with_tools(post_once)(bench)))
    office.laid_out = with_tools(post_once)

    assert office.work(task_id).state is TaskState.DONE
    assert [KEYS.index(key) for key in KEYS] == [0, 0, 2], "one effect made twice, then another one"
    assert asked(office, task_id) == []
