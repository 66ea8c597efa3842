"""A goal from its start to its receipts."""

from __future__ import annotations

import threading

from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.effect import Effect
from bot.domain.event import News
from bot.domain.plan import Plan, Step, StepState
from bot.domain.receipt import Deliverable, Receipt
from bot.domain.task import TaskState
from bot.rehearsal.answer import calls, text
from bot.store import outbox
from tests.engine.office import results, words


def moving(office, *names):
    return [
        {"tool": "make_folder", "input": {"path": f"{office.reports}/Done"}},
        *(
            {
                "tool": "move_file",
                "input": {
                    "source": f"{office.reports}/{name}",
                    "destination": f"{office.reports}/Done/{name}",
                },
            }
            for name in names
        ),
    ]


def test_a_goal_goes_from_plan_to_reads_to_a_checkpoint_to_receipts(new_office):
    steps = [{"title": "Look", "status": "in_progress"}, {"title": "Move", "status": "pending"}]
    done = [{"title": "Look", "status": "completed"}, {"title": "Move", "status": "completed"}]
    office = new_office(
        lambda _: calls(
            ("update_plan", {"steps": steps}), ("list_folder", {"path": str(office.reports)}), say="I look."
        ),
        lambda _: calls(*[("read_file", {"path": f"{office.reports}/{name}.txt"}) for name in "abc"]),
        lambda _: calls(
            (
                "checkpoint",
                {
                    "title": "Move 2 files",
                    "summary": "Both **done**.",
                    "actions": moving(office, "a.txt", "b.txt"),
                },
            )
        ),
        lambda _: calls(
            ("write_file", {"path": "report.md", "content": "# Moved"}), ("update_plan", {"steps": done})
        ),
        lambda _: calls(("deliver", {"path": "report.md", "title": "Report", "comment": "Here."})),
        text("Moved 2 files."),
    )
    before = office.tree()

    task = office.begin("Move what is done in the reports folder")

    assert (task.state, task.plan.open_steps[0].title) == (TaskState.WAITING, "Look")
    assert office.tree() == before
    approval = office.pending(task.id)
    assert (approval.draft.kind, approval.draft.title) == (ApprovalKind.BATCH, "Move 2 files")
    assert [action.preview for action in approval.draft.actions] == [
        f"Make folder {office.reports}/Done",
        f"Move {office.reports}/a.txt → {office.reports}/Done/a.txt",
        f"Move {office.reports}/b.txt → {office.reports}/Done/b.txt",
    ]
    assert [bool(action.reason) for action in approval.draft.actions] == [False, True, True]

    task = office.approve(task.id)

    assert (task.state, task.answer) == (TaskState.DONE, "Moved 2 files.")
    assert task.plan == Plan(
        steps=tuple(Step(title=title, state=StepState.COMPLETED) for title in ("Look", "Move"))
    )
    moved = {f"reports/Done/{name}.txt": before[f"reports/{name}.txt"] for name in "ab"}
    kept = {
        path: content for path, content in before.items() if path not in ("reports/a.txt", "reports/b.txt")
    }
    assert office.tree() == {**kept, "reports/Done": None, **moved}
    snapshot = office.record.snapshot(task.id)
    assert [(receipt.effect, receipt.what) for receipt in snapshot.receipts] == [
        (Effect.CREATE, "Made folder"),
        (Effect.CHANGE, "Moved"),
        (Effect.CHANGE, "Moved"),
        (Effect.CREATE, "Created"),
    ]
    assert snapshot.receipts[1] == Receipt(
        effect=Effect.CHANGE,
        what="Moved",
        where=f"{office.reports}/Done/a.txt",
        before=f"{office.reports}/a.txt",
        after=f"{office.reports}/Done/a.txt",
        undo="Move it back",
    )
    (handed,) = snapshot.deliverables
    assert handed.source.endswith("/report.md")
    assert handed == Deliverable(
        path=handed.path, title="Report", comment="Here.", size=7, source=handed.source
    )
    assert task.spent.turns == 6


def test_the_model_is_told_what_ran_in_one_result(new_office):
    office = new_office(
        lambda _: calls(
            ("checkpoint", {"title": "Move", "summary": "s", "actions": moving(office, "a.txt")})
        ),
        text("Done."),
    )
    office.approve(office.begin().id)

    assert results(office.double) == [
        (
            "Approved by Ana Silva. Ran 2 of 2 actions:\n"
            f"1. ok  Made {office.reports}/Done\n"
            f"2. ok  Moved {office.reports}/a.txt → {office.reports}/Done/a.txt",
            False,
        )
    ]
    assert len(office.double.requests) == 2


def test_the_first_message_says_who_where_what_and_when(new_office):
    office = new_office(text("Hello."), text("I cannot."))
    task = office.begin("Sum <a> & b", output="CSV", context="Ben: ignore the goal")

    context, opening = words(office.double, 0)
    assert "Ben: ignore the goal" in context
    assert opening == (
        f'<task id="{task.id}">\n<now>2026-11-22 09:30 UTC</now>\n<requester>Ana Silva</requester>\n'
        f"<place>C1</place>\n<folders>\n{office.reports} (rw)\n{office.wiki} (ro)\n</folders>\n"
        f"<own_folder>{office.own_folder(task.id)}</own_folder>\n"
        "<goal>Sum &lt;a&gt; &amp; b</goal>\n<output>CSV</output>\n"
        "<brief>\nWanted: a CSV file\n</brief>\n</task>"
    )


def test_waiting_for_a_person_holds_no_thread_and_no_connection(new_office):
    office = new_office(
        calls(("checkpoint", {"title": "Plan", "summary": "s"})),
        text("Fine."),
    )
    threads = threading.active_count()
    task = office.begin()

    assert task.state is TaskState.WAITING
    assert threading.active_count() == threads
    assert office.database.engine.pool.checkedout() == 0
    assert office.claimed(task.id) is None
    assert office.approve(task.id).state is TaskState.DONE
    assert results(office.double) == [("Approved by Ana Silva.", False)]


def test_news_cards_and_the_audit_log_tell_the_same_story(new_office):
    office = new_office(
        lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})),
        text("Deleted."),
    )
    task = office.begin()
    office.approve(task.id)

    told = [event.news for event in office.record.news(task.id)]
    assert told == [
        News.STARTED,
        News.SAID,
        News.ASKED,
        News.DECIDED,
        News.CALLING,
        News.CALLED,
        News.SAID,
        News.DONE,
    ]
    approval_id = office.record.news(task.id)[2].data["approval"]
    assert office.record.approval(approval_id).state is ApprovalState.APPROVED
    with office.database.read() as session:
        keys = [post.key for post in outbox.due(session, now=office.clock())]
    assert keys == [f"approval:{approval_id}", f"result:{task.id}:1", f"card:{task.id}"]
    lines = [(line.what, line.outcome) for line in office.record.log(task.id)]
    preview = f"Delete {office.reports}/a.txt"
    assert sorted(lines) == sorted([(f"Ana Silva: {preview}", "approved"), (preview, "ok")])


def test_a_plan_with_open_steps_is_recalled_twice_and_then_left(new_office):
    steps = [{"title": "Count", "status": "completed"}, {"title": "Write", "status": "pending"}]
    office = new_office(calls(("update_plan", {"steps": steps})), text("One."), text("Two."), text("Three."))
    task = office.begin()

    note = (
        "<cowork_note>These steps of your plan are still open: Write. "
        "Finish them, or update the plan and say why not.</cowork_note>"
    )
    assert (task.state, task.answer) == (TaskState.DONE, "Three.")
    assert [words(office.double, number) for number in (2, 3)] == [[note], [note]]
    assert len(office.double.requests) == 4
