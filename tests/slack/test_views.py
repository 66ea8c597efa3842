"""What people see, whole: each story is compared with its snapshot. UPDATE_SNAPSHOTS=1 writes them anew."""

import dataclasses
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.approval import Action, Approval, ApprovalKind, ApprovalState, Draft
from bot.domain.brief import Amendment, Boundary, Brief, Deed, Format, Wanted
from bot.domain.call import Call
from bot.domain.effect import Effect
from bot.domain.estimate import Estimate
from bot.domain.grant import FolderGrant
from bot.domain.person import Person, Place
from bot.domain.plan import Plan, Step, StepState
from bot.domain.receipt import Deliverable, Receipt
from bot.domain.snapshot import LogLine, Snapshot
from bot.domain.task import Autonomy, Spent, Task, TaskState
from bot.slack.views import card, details, home, new_task, pieces, redirect, result, texts
from bot.slack.views.all_actions import ALL_ACTIONS_PAGE, all_actions
from bot.slack.views.checkpoint import APPROVAL_OPTION, checkpoint, options

SNAPSHOTS = Path(__file__).parent / "snapshots"
NOW = datetime(2026, 11, 22, 17, 40, tzinfo=UTC)
ANA = Person(team="T0ACME001", user="U0ANA0001", name="Ana Silva")
REPORTS = FolderGrant(path="/home/ana/reports")
WIKI = FolderGrant(path="/home/ana/wiki", writable=False)
PLAN = Plan(
    steps=(
        Step(title="Read the 40 reports", state=StepState.COMPLETED),
        Step(title="Propose folders & names", state=StepState.IN_PROGRESS),
        Step(title="Move the files"),
        Step(title="Write INDEX.md"),
    )
)
TASK = Task(
    id=12,
    person=ANA,
    place=Place(team="T0ACME001", channel="C0REPORTS", thread="1700000000.000100"),
    goal="Organize the reports folder by department <and> add an index",
    autonomy=Autonomy.CHECKPOINT,
    state=TaskState.WORKING,
    folders=(REPORTS, WIKI),
    created_at=NOW - timedelta(minutes=4),
    started_at=NOW - timedelta(minutes=3, seconds=12),
    plan=PLAN,
    spent=Spent(turns=14, input_tokens=52_300, output_tokens=4_100, dollars=0.12),
)
MOVED = tuple(
    Receipt(
        effect=Effect.CHANGE,
        what="Moved",
        where=f"/home/ana/reports/Finance/{number}.pdf",
        before=f"/home/ana/reports/r{number}.pdf",
        after=f"/home/ana/reports/Finance/{number}.pdf",
        undo="Move it back",
    )
    for number in range(14)
)
INDEX = Deliverable(path="/tasks/12/INDEX.md", title="Index of reports", comment="All 40 files", size=2_345)


def approval(kind=ApprovalKind.BATCH, **given):
    actions = tuple(
        Action(
            call=Call(id=f"c.{number}", tool="move_file", input={"n": number}),
            preview=f"Move r{number}.pdf → Finance/2026-01_Finance_Report_{number}.pdf",
            reason="It changes a file that was there before."
            if number % 10
            else "The name is taken <twice>.",
        )
        for number in range(1, given.pop("count", 57) + 1)
    )
    draft = Draft(kind=kind, title="Move 57 files", summary="**Three** folders.", actions=actions, **given)
    return Approval(id="01HZX3", task_id=12, draft=draft, digest=draft.digest, created_at=NOW)


def decided(state, words=""):
    return dataclasses.replace(approval(count=2), state=state, words=words, decided_by=ANA, decided_at=NOW)


def shown(state=TaskState.WORKING, **given):
    of_snapshot = ("activity", "receipts", "deliverables", "approved", "undone", "unknown", "nearly_spent")
    kept = {name: given.pop(name) for name in of_snapshot if name in given}
    return Snapshot(task=dataclasses.replace(TASK, state=state, **given), now=NOW, **kept)


QUESTION = {"options": ("Finance", "Both of them"), "count": 0}
DONE = shown(
    TaskState.DONE, answer="Moved **40 files**. See [the index](https://x.example).", ended_at=NOW,
    receipts=MOVED, deliverables=(INDEX,),
)  # fmt: skip
FAILED = shown(TaskState.FAILED, note="The model did not answer.", reference="e1f2", receipts=MOVED[:1])
LEFT = tuple(f"Move /home/ana/reports/r{number}.pdf → Finance/{number}.pdf" for number in range(5, 252))
STOPPED = shown(
    TaskState.STOPPED, stop_by="Ana Silva", ended_at=NOW, receipts=MOVED[:2], approved=252, undone=LEFT,
    unknown=("Move /home/ana/reports/r4.pdf → Finance/4.pdf",),
)  # fmt: skip
LOG = [
    LogLine(at=NOW - timedelta(minutes=2), what="read_file /home/ana/reports/r1.pdf", outcome="ok"),
    LogLine(
        at=NOW - timedelta(minutes=1), what="delete_file <x>", outcome="denied", why="Rule 2: “do not delete”"
    ),
    LogLine(at=NOW, what="Move r1.pdf", outcome="unknown"),
]
BRIEF = Brief(
    boundaries=(
        Boundary(effects=frozenset({Effect.CREATE}), quote="no <new> files", deed=Deed.MAKING),
        Boundary(effects=frozenset({Effect.CHANGE}), quote="don't touch drafts/", where="drafts"),
    ),
    plan_first=True,
    wanted=(Wanted(format=Format.MARKDOWN, quote="as Markdown"),),
    unclear=("don't change the tone",),
    amendments=(Amendment(said="no longer: *no* deletions", by="Ana <Silva>", at=NOW),),
    missing=("a Markdown file",),
)
HOME = home.Home(
    tasks=[TASK, DONE.task],
    folders=[REPORTS, WIKI],
    model="rehearsal",
    is_rehearsal=True,
    autonomy=Autonomy.CHECKPOINT,
)
MESSAGES = {
    "card_working": card.task_card(shown(activity="Reading q4.pdf")),
    "card_brief": card.task_card(shown(brief=BRIEF)),
    "result_missing": result.result(shown(TaskState.DONE, answer="Done.", ended_at=NOW, brief=BRIEF))[0],
    "card_waiting": card.task_card(shown(TaskState.WAITING, note="Approve the move of 57 files")),
    "card_paused": card.task_card(shown(TaskState.PAUSED, note="The budget is used up.", reference="a1b2")),
    "card_done_price_unknown": card.task_card(
        shown(TaskState.DONE, ended_at=NOW, spent=Spent(turns=1, dollars=None))
    ),
    "card_edited": card.task_card(
        shown(edited_goal="Organize the reports folder <by year>\nand add an index")
    ),
    "card_nearly_spent": card.task_card(
        shown(nearly_spent=("$4.10 of $5.00 of the budget of Ana <Silva> for today",))
    ),
    "card_plain": card.plain_card(shown(activity="Reading q4.pdf")),
    "checkpoint_batch": checkpoint(approval(), TASK),
    "checkpoint_question": checkpoint(approval(ApprovalKind.QUESTION, **QUESTION), TASK),
    "checkpoint_outcome": checkpoint(approval(ApprovalKind.OUTCOME, count=1), TASK),
    "checkpoint_approved": checkpoint(decided(ApprovalState.APPROVED), TASK),
    "checkpoint_redirected": checkpoint(decided(ApprovalState.REDIRECTED, "Leave r2\n<!channel>"), TASK),
    "result_stopped": result.result(STOPPED)[0],
    "result_done": result.result(DONE)[0],
    "error_card": result.error_card(FAILED),
    "help": texts.help_text(),
    "list": texts.task_list([TASK]),
    "decided_already": texts.decided_already(decided(ApprovalState.APPROVED)),
}
VIEWS = {
    "all_actions": all_actions(approval(), 2),
    "redirect": redirect.redirect(approval()),
    "new_task": new_task.new_task([REPORTS, WIKI], Autonomy.CHECKPOINT, channel="C0REPORTS"),
    "new_task_refused": new_task.new_task(
        [REPORTS], Autonomy.CHECKPOINT, channel="C0REPORTS", error="The goal is empty.",
        filled=new_task.Filled(goal=" ", folder=REPORTS.path, autonomy=Autonomy.SUPERVISED, output="csv"),
    ),
    "details": details.details(FAILED, LOG),
    "details_brief": details.details(shown(brief=BRIEF), []),
    "home": home.home(HOME),
}  # fmt: skip


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_looks_like_its_snapshot(name):
    assert MESSAGES[name].payload() == _snapshot(name, MESSAGES[name].payload())


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_looks_like_its_snapshot(name):
    assert VIEWS[name].to_dict() == _snapshot(name, VIEWS[name].to_dict())


@pytest.mark.parametrize(
    ("state", "labels"),
    [
        (TaskState.QUEUED, ["Stop", "Details"]),
        (TaskState.WORKING, ["Stop", "Details"]),
        (TaskState.WAITING, ["Stop", "Details"]),
        (TaskState.PAUSED, ["Retry", "Stop", "Details"]),
        (TaskState.FAILED, ["Retry", "Details"]),
        (TaskState.DONE, ["Details"]),
        (TaskState.STOPPED, ["Details"]),
    ],
)
def test_a_card_has_the_buttons_of_its_state(state, labels):
    assert _labels(card.task_card(shown(state))) == labels


@pytest.mark.parametrize(
    ("asked", "labels"),
    [
        (approval(), ["Approve", "Redirect…", "Stop", "Edit…", "Choose…", "Show all 57"]),
        (approval(ApprovalKind.CALLS, count=10), ["Approve", "Redirect…", "Stop", "Edit…", "Choose…"]),
        (approval(ApprovalKind.CALLS, count=1), ["Approve", "Redirect…", "Stop", "Edit…"]),
        (approval(ApprovalKind.PLAN, count=0), ["Approve", "Redirect…", "Stop"]),
        (approval(ApprovalKind.QUESTION, **QUESTION), ["Finance", "Both of them", "Stop"]),
        (approval(ApprovalKind.OUTCOME, count=1), ["It happened", "Run again", "Stop"]),
        *((decided(state), []) for state in ApprovalState if state is not ApprovalState.PENDING),
    ],
)
def test_a_checkpoint_has_the_buttons_of_its_kind_until_it_is_decided(asked, labels):
    assert _labels(checkpoint(asked, TASK)) == labels


@pytest.mark.parametrize(
    ("plan", "unknown", "kept"),
    [
        (PLAN, (), "The conversation and the plan. Nothing had been changed yet."),
        (Plan(), (), "The conversation. Nothing had been changed yet."),
        (PLAN, ("Send <x>",), "The conversation and the plan. One action may have happened: Send &lt;x&gt;."),
        (
            Plan(),
            ("Send a", "Send b", "Send c"),
            "The conversation. 3 actions may have happened: Send a, and 2 more.",
        ),
    ],
)
def test_a_failure_claims_no_more_than_is_known(plan, unknown, kept):
    message = result.error_card(shown(TaskState.FAILED, note="No.", plan=plan, unknown=unknown))
    assert f"*What was kept*\n{kept}\n" in message.payload()["blocks"][1]["text"]["text"]


@pytest.mark.parametrize(
    ("approved", "undone", "said"),
    [
        (1, 1, "The approved action was not made"),
        (3, 3, "None of the 3 approved actions were made"),
        (3, 2, "2 of 3 approved actions were not made"),
        (3, 1, "1 of 3 approved actions was not made"),
        (3, 0, ""),
    ],
)
def test_a_stopped_report_counts_what_was_approved_and_not_made(approved, undone, said):
    stopped = shown(TaskState.STOPPED, approved=approved, undone=("Move a",) * undone, plan=Plan())
    [message] = result.result(stopped)
    titles = [block["text"]["text"] for block in message.payload()["blocks"] if block["type"] == "section"]
    assert titles == ([f"*Not done*\n{said}"] if said else [])


def test_a_stopped_round_does_not_repeat_the_answer_of_the_one_before():
    stopped = shown(TaskState.STOPPED, stop_by="Ana Silva", ended_at=NOW, round=2, answer="All is filed.")
    [message] = result.result(stopped)

    assert message.text == "Stopped by Ana Silva. Nothing was changed."


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e", "\u00a0", "\u3164", "\u200d", "\ufe0f", "\U000e0041"])
def test_what_a_reader_would_not_see_of_an_action_is_spelled_out(unseen):
    call = Call(id="c", tool="write_file", input={})
    action = Action(call=call, preview=f"Write r{unseen}.md", detail=f"x{unseen}y")
    asked = dataclasses.replace(
        approval(), draft=Draft(kind=ApprovalKind.CALLS, title=action.preview, actions=(action,))
    )

    for shown_as in (checkpoint(asked, TASK).payload()["blocks"], all_actions(asked).to_dict()["blocks"]):
        said = json.dumps(
            [one.to_dict() if hasattr(one, "to_dict") else one for one in shown_as], ensure_ascii=False
        )
        name = f"‹U+{ord(unseen):04X}›"
        assert (f"Write r{name}.md" in said, f"x{name}y" in said, unseen in said) == (True, True, False)


def test_an_action_too_long_for_the_message_can_be_read_whole():
    whole = "Move " + "a" * 400 + " → b"
    held = Action(call=Call(id="c", tool="move_file", input={}), preview=whole)
    asked = dataclasses.replace(
        approval(), draft=Draft(kind=ApprovalKind.CALLS, title="One", actions=(held,))
    )
    assert _labels(checkpoint(asked, TASK))[-1] == "Show all 1"
    assert whole in json.dumps(all_actions(asked).to_dict(), ensure_ascii=False)


def test_a_long_question_is_shown_whole():
    question = "Which of these? " * 30
    asked = dataclasses.replace(approval(), draft=Draft(kind=ApprovalKind.QUESTION, title=question))
    assert question in json.dumps(checkpoint(asked, TASK).payload())


def test_an_option_button_leads_back_to_its_answer():
    asked = approval(ApprovalKind.QUESTION, **QUESTION)
    pressed = checkpoint(asked, TASK).payload()["blocks"][-1]["elements"][1]
    assert pieces.any_number(APPROVAL_OPTION).match(pressed["action_id"])
    assert options(asked)[pieces.number_of(pressed["action_id"])] == "Both of them"
    assert pressed["value"] == "01HZX3"


def test_the_pages_hold_every_action_once_and_in_order():
    asked = approval(count=120)
    pages = [all_actions(asked, page).to_dict() for page in (1, 2, 3)]
    lists = [
        block["elements"][0] for page in pages for block in page["blocks"] if block["type"] == "rich_text"
    ]
    said = [item["elements"][0]["text"] for found in lists for item in found["elements"]]
    assert said == [action.preview for action in asked.draft.actions]
    assert [found["offset"] for found in lists] == [0, 50, 100]
    actions = [element for block in pages[1]["blocks"] for element in block.get("elements", ())]
    turns = {
        pieces.number_of(one["action_id"])
        for one in actions
        if one.get("action_id", "").startswith(ALL_ACTIONS_PAGE)
    }
    assert turns == {1, 3}


def test_a_long_outcome_becomes_a_file_that_the_report_names():
    long = shown(TaskState.DONE, answer="word " * 5_000, receipts=MOVED)
    report = result.result(long)
    assert [file.name for file in result.files(long)] == ["result-12.md", "actions-12.md"]
    assert "`result-12.md`" in json.dumps([message.payload() for message in report])
    assert (
        "14. Moved · /home/ana/reports/r13.pdf → /home/ana/reports/Finance/13.pdf · Undo: Move it back"
        in result.files(long)[1].content
    )


@pytest.mark.parametrize(
    ("where", "undo", "is_offered"),
    [
        ("https://acme.atlassian.net/browse/PAY-31", "Delete it", True),
        ("https://acme.atlassian.net/browse/PAY-31", "", False),
        ("/home/ana/reports/new.md", "Delete the file", True),
        ("/home/cowork/tasks/12/draft.md", "Delete the file", False),
    ],
)
def test_a_report_offers_undo_for_what_was_made_outside_of_the_tasks_own_folder(where, undo, is_offered):
    made = Receipt(effect=Effect.CREATE, what="Created", where=where, undo=undo)
    *_, report = result.result(shown(TaskState.DONE, answer="Done.", receipts=(made,)))
    assert ("Undo" in _labels(report)) is is_offered


def test_a_folder_of_the_form_is_found_again_only_while_it_is_granted():
    form = VIEWS["new_task"].to_dict()
    choice = next(block for block in form["blocks"] if block["block_id"] == new_task.FOLDER_BLOCK)
    value = choice["element"]["options"][2]["value"]
    assert new_task.folder_chosen(value, [REPORTS, WIKI]) == WIKI.path
    assert new_task.folder_chosen(value, [REPORTS]) == ""
    assert new_task.folder_chosen(new_task.NO_FOLDER, [REPORTS, WIKI]) == ""


def _labels(message):
    actions = [block for block in message.payload()["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for block in actions for element in block["elements"]]


def _snapshot(name, value):
    path = SNAPSHOTS / f"{name}.json"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")
    return json.loads(path.read_text())


@pytest.mark.parametrize(("minutes", "is_said"), [(4.0, False), (44.6, True)])
def test_a_long_task_is_told_of_on_its_card_and_every_task_in_details(minutes, is_said):
    snapshot = Snapshot(task=TASK, now=NOW, estimate=Estimate(minutes=minutes, dollars=0.8, tasks=23))
    line = f"Will take about {minutes:.0f} min of work and $0.80 in all, by the steps of 23 finished tasks"
    assert (line in json.dumps(card.task_card(snapshot).payload())) is is_said
    assert line in json.dumps(details.details(snapshot, []).to_dict())


def test_what_is_missing_or_doubtful_at_the_end_is_said_in_the_report():
    brief = Brief(missing=("plan.docx",), doubts=("report.md: figures that are in no result: 31.7%",))
    report = json.dumps([message.payload() for message in result.result(shown(TaskState.DONE, brief=brief))])

    assert "Asked for, and missing" in report and "plan.docx" in report
    assert "Look at this" in report and "figures that are in no result: 31.7%" in report
