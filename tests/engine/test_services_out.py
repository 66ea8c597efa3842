"""A service that a tool needs is out: the task pauses with what was done, and goes on without losing its place."""

from __future__ import annotations

from datetime import timedelta

from bot.agent.settling import HAPPENED
from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.call import Result
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.person import Place
from bot.domain.task import Autonomy, TaskState
from bot.errors import Unavailable
from bot.rehearsal.answer import calls, text
from bot.sdk.tool import tool
from bot.store import tasks
from bot.store.calls import CallState
from tests.agent.benches import with_tools
from tests.engine.office import results


class GitHub:
    """Answers, unless `troubles` holds something to raise. `made` are the calls that reached it."""

    def __init__(self, *troubles: Unavailable) -> None:
        self.troubles = list(troubles)
        self.made: list[str] = []

    def called(self, what: str) -> Result:
        self.made.append(what)
        if self.troubles:
            raise self.troubles.pop(0)
        return Result(text=f"{what}: fine")

    @property
    def tools(self):
        @tool(preview=lambda desk, number: f"Read issue {number}", service="GitHub")
        def read_issue(desk, number: int) -> Result:
            """Read an issue."""
            return Result(text="from the cache") if number == 1 else self.called(f"read {number}")

        @tool(accesses=_note, preview=lambda desk, title: f"Open issue {title}", service="GitHub")
        def open_issue(desk, title: str) -> Result:
            """Open an issue."""
            return self.called(f"open {title}")

        @tool(accesses=_deletion, preview=lambda desk, title: f"Delete issue {title}", service="GitHub")
        def delete_issue(desk, title: str) -> Result:
            """Delete an issue."""
            return self.called(f"delete {title}")

        return with_tools(read_issue, open_issue, delete_issue)


def _note(desk, title):
    """Stands for something made outside: allowed without a question, and not to be looked up."""
    where = Resource(realm=Realm.FOLDER, name=desk.workspace.locate(title).real, own=True)
    return (Access(effect=Effect.CREATE, resource=where),)


def _deletion(desk, title):
    where = Resource(realm=Realm.FOLDER, name=desk.workspace.locate(title).real, existed=True)
    return (Access(effect=Effect.DELETE, resource=where),)


def again_at(office, task_id):
    with office.database.read() as session:
        return tasks.again_at(session, task_id)


def test_a_read_pauses_the_task_by_the_name_of_the_service_and_is_made_again(new_office):
    github = GitHub(Unavailable("it answered 503.", retry_after=30))
    office = new_office(calls(*[("read_issue", {"number": number}) for number in (1, 2)]), text("Done."))
    office.laid_out = github.tools
    task = office.begin()

    assert task.state is TaskState.PAUSED
    assert task.note == (
        "GitHub cannot be reached: it answered 503. What was done is kept. "
        "I will try again by myself; Retry tries now."
    )
    assert again_at(office, task.id) == office.clock() + timedelta(seconds=30)
    assert [entry.state for entry in office.entries(task.id)] == [CallState.ANSWERED, CallState.OPEN]

    office.clock.forward(seconds=30)
    assert office.work(task.id).state is TaskState.DONE
    assert results(office.double) == [("from the cache", False), ("read 2: fine", False)]
    assert github.made == ["read 2", "read 2"]


def test_a_write_of_unknown_outcome_is_put_to_a_person_and_not_repeated(new_office):
    github = GitHub(Unavailable("the connection broke"))
    office = new_office(calls(("open_issue", {"title": "x"})), text("Done."))
    office.laid_out = github.tools
    task = office.begin(autonomy=Autonomy.AUTONOMOUS)
    assert (task.state, office.entries(task.id)[0].state) == (TaskState.PAUSED, CallState.BEGUN)

    office.clock.forward(seconds=5)
    assert office.work(task.id).state is TaskState.WAITING
    assert office.pending(task.id).draft.kind is ApprovalKind.OUTCOME
    office.decide(task.id, ApprovalState.ANSWERED, HAPPENED)
    assert office.work(task.id).state is TaskState.DONE
    assert github.made == ["open x"]


def test_a_write_that_the_service_refused_for_now_is_made_later_and_nobody_is_asked(new_office):
    github = GitHub(Unavailable("too many requests", retry_after=60, nothing_done=True))
    office = new_office(calls(("open_issue", {"title": "x"})), text("Done."))
    office.laid_out = github.tools
    task = office.begin(autonomy=Autonomy.AUTONOMOUS)
    assert (task.state, office.entries(task.id)[0].state) == (TaskState.PAUSED, CallState.OPEN)

    office.clock.forward(seconds=60)
    assert office.work(task.id).state is TaskState.DONE
    assert results(office.double) == [("open x: fine", False)]


def test_what_a_person_approved_is_not_asked_for_again(new_office):
    github = GitHub(Unavailable("too many requests", nothing_done=True))
    office = new_office(lambda _: calls(("delete_issue", {"title": f"{office.reports}/x"})), text("Done."))
    office.laid_out = github.tools
    task = office.begin()
    assert office.approve(task.id).state is TaskState.PAUSED

    office.clock.forward(seconds=5)
    assert office.work(task.id).state is TaskState.DONE
    assert github.made == [f"delete {office.reports}/x"] * 2


def test_an_approved_batch_goes_on_where_it_was(new_office):
    github = GitHub()
    actions = [{"tool": "open_issue", "input": {"title": title}} for title in "abc"]
    office = new_office(
        calls(("checkpoint", {"title": "t", "summary": "s", "actions": actions})), text("Done.")
    )
    office.laid_out = github.tools
    task = office.begin()
    office.decide(task.id, ApprovalState.APPROVED)
    github.troubles = []
    first = github.called

    def then_out(what):
        if what == "open b" and "open b" not in github.made:
            github.troubles.append(Unavailable("busy", nothing_done=True))
        return first(what)

    github.called = then_out
    assert office.work(task.id).state is TaskState.PAUSED
    office.clock.forward(seconds=5)

    assert office.work(task.id).state is TaskState.DONE
    assert github.made == ["open a", "open b", "open b", "open c"]
    assert results(office.double)[0][0].startswith("Approved by Ana Silva. Ran 3 of 3 actions:")


def test_a_service_that_is_let_alone_is_not_called_and_a_write_to_it_is_not_in_doubt(new_office):
    github = GitHub(*[Unavailable("down")] * 3)
    read, write = calls(("read_issue", {"number": 2})), calls(("open_issue", {"title": "x"}))
    office = new_office(read, read, read, write, text("Done."))
    office.laid_out = github.tools
    for number in range(3):
        office.begin(place=Place(team="T1", channel="C1", thread=f"17.{number}"))
    task = office.begin(autonomy=Autonomy.AUTONOMOUS)

    assert (task.state, len(github.made)) == (TaskState.PAUSED, 3)
    assert office.entries(task.id)[0].state is CallState.OPEN
    assert "GitHub cannot be reached: it did not answer others a moment ago." in task.note
    office.clock.now = again_at(office, task.id)
    assert office.work(task.id).state is TaskState.DONE
    assert github.made[3:] == ["open x"]


def test_a_tool_that_does_not_know_its_service_still_pauses_the_task(new_office):
    @tool(preview=lambda desk: "Look")
    def look(desk) -> Result:
        """Look."""
        raise Unavailable("nobody answers", service="the archive")

    office = new_office(calls(("look", {})))
    office.laid_out = with_tools(look)

    assert office.begin().note.startswith(
        "The archive cannot be reached: nobody answers. What was done is kept."
    )
