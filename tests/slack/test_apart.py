"""What not everyone in a channel may see: it is shown to its requester alone, until they say that others may see it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from bot.domain.approval import Action, ApprovalState
from bot.domain.call import Call, Result
from bot.domain.deciders import Authority, Deciders, Rule
from bot.domain.event import News
from bot.domain.label import Audience, Label, Source
from bot.domain.person import Person
from bot.domain.plan import Plan, Step, StepState
from bot.domain.task import Task, TaskState
from bot.domain.verdict import Allow
from bot.emulator.delivery import Timings
from bot.engine.sharing import Sharing
from bot.errors import NotAllowed
from bot.store import calls, labels, tasks
from tests.slack.conftest import Office, words_of
from tests.slack.dying import Died, dying_at

SECRET = "Ana earns 90,000"
POST_IT, ASK_THERE = "task_share:1", "approval_share"


def read(office: Office, task: Task, label: Label = Label.PRIVATE) -> None:
    """The task read a file that not everyone may read, and made a plan of what it found there."""
    audience = Audience.REQUESTER if label is Label.PRIVATE else Audience.WORKSPACE
    source = Source(name="salaries/2024.csv", audience=audience)
    call, now = Call(id="read", tool="read_file", input={}), office.clock()
    with office.database.write("test") as session:
        calls.propose(session, task.id, [Action(call=call, preview="Read 2024.csv")], seq=1, now=now)
        calls.begin(session, task.id, call.id, Allow(rule=10, reason=""), now=now)
        calls.answer(session, task.id, call.id, Result(text=SECRET, sources=(source,)), now=now)
        labels.grow(session, task.id, [label])
        tasks.set_plan(session, task.id, Plan(steps=(Step(title=SECRET, state=StepState.IN_PROGRESS),)))
    office.touched(task.id)


def everything(office: Office, channel: str | None = None) -> str:
    """All that is read there: words, and the names of files."""
    return "\n".join(
        f"{one['text']}\n{words_of({'blocks': [], **one})}\n{one.get('files')}"
        for one in office.messages(channel)
    )


def direct(office: Office) -> str:
    return str(office.tasks()[0].place.channel)


@pytest.fixture
def working(office: Office) -> Task:
    office.task(office.ana, "Compare the salaries")
    office.shown("Queued: ")
    task = office.working()
    office.shown("Working: ")
    return task


def is_quiet(office: Office) -> bool:
    return office.outbox() == {}


def test_once_it_has_read_what_is_private_the_channel_sees_no_plan_no_report_and_no_file(
    office: Office, working: Task
) -> None:
    read(office, working)
    left = office.shown("Not shown here: Compare the salaries")
    office.delivered(working, "salaries.csv", SECRET.encode())
    office.ended(working, TaskState.DONE, answer=SECRET)
    office.eventually(lambda: is_quiet(office))

    assert [one["ts"] for one in office.messages()] == [left["ts"]]
    assert f"I go on with <@{office.ana.id}> alone" in words_of(left)
    assert SECRET not in everything(office) and "salaries.csv" not in everything(office)
    assert not any(block["type"] == "actions" for block in left["blocks"])
    dm = direct(office)
    assert dm.startswith("D")
    assert SECRET in everything(office, dm) and "salaries.csv" in everything(office, dm)
    assert "Only you see this: it draws on what not everyone in" in everything(office, dm)
    assert "It draws on salaries/2024.csv." in everything(office, dm)
    assert News.SET_APART in [one.news for one in office.record.news(working.id)]


def test_its_requester_posts_the_report_with_its_files_once_and_the_log_says_so(
    office: Office, working: Task
) -> None:
    read(office, working)
    office.shown("Not shown here: ")
    office.delivered(working, "salaries.csv", SECRET.encode())
    office.ended(working, TaskState.DONE, answer=f"{SECRET}.")
    report = office.shown(f"{SECRET}.", office.eventually(lambda: direct(office)))

    office.ana.press(report, POST_IT)
    office.told(office.ana, "I post it there now.")
    posted = office.shown(f"{SECRET}.")
    thread = office.messages()[0]["ts"]
    office.ana.press(report, POST_IT)
    office.told(office.ana, "You had me post this before.")

    office.eventually(lambda: is_quiet(office))
    assert posted["thread_ts"] == thread
    assert f"<@{office.ana.id}> lets everyone here see this." in words_of(posted)
    assert [one["text"] for one in office.messages()].count(f"{SECRET}.") == 1
    assert [one.get("subtype") for one in office.messages()].count("file_share") == 1
    assert not any(block["type"] == "actions" for block in posted["blocks"])
    told = [one for one in office.record.news(working.id) if one.news is News.SHARED]
    assert [(one.data["what"], one.data["channel"]) for one in told] == [("round:1", office.reports)]


def test_nobody_else_can_have_it_posted_or_look_into_it(office: Office, working: Task) -> None:
    card = office.shown("Working: ")
    with office.database.write("test") as session:
        labels.grow(session, working.id, [Label.PRIVATE])
    office.ben.press(card, "task_details")
    office.eventually(lambda: "Only Ana Silva can look into it" in str(office.ben.modal()))
    read(office, working)
    office.shown("Not shown here: ")
    office.ended(working, TaskState.DONE, answer=SECRET)
    office.shown(SECRET, office.eventually(lambda: direct(office)))

    ben = Person(team=working.person.team, user=office.ben.id, name="Ben")
    with pytest.raises(NotAllowed, match="Only Ana Silva can say"):
        Sharing(office.database, clock=office.clock, bell=office.bell).share(ben, working.id, "round:1")
    assert SECRET not in everything(office)


def test_a_report_that_was_gone_on_from_is_not_posted(office: Office, working: Task) -> None:
    read(office, working)
    office.shown("Not shown here: ")
    office.ended(working, TaskState.DONE, answer=SECRET)
    report = office.shown(SECRET, office.eventually(lambda: direct(office)))
    thread = office.tasks()[0].place.thread
    office.ana.say(direct(office), "And those of 2023", thread_ts=thread)
    office.eventually(lambda: office.tasks()[0].round == 2)

    office.ana.press(report, POST_IT)

    assert office.told(office.ana, "I have gone on since this report.")
    assert SECRET not in everything(office)


def test_what_waits_for_a_decision_is_asked_in_the_direct_messages_and_gone_from_the_channel(
    office: Office, working: Task
) -> None:
    approval = office.asked(task=working)
    office.shown("Your decision is needed")
    read(office, working)
    office.shown("Not shown here: ")
    office.eventually(lambda: is_quiet(office))

    assert [one["text"].partition(":")[0] for one in office.messages()] == ["Not shown here"]
    request = office.shown("Your decision is needed", direct(office))
    office.ana.press(request, "approval_approve")
    office.shown("Approved: Move the reports", direct(office))
    assert office.record.approval(approval).state is ApprovalState.APPROVED


def test_where_others_decide_the_requester_lets_them_see_the_request_and_it_stays_true_there(
    tmp_path: Path, timings: Timings
) -> None:
    leads = Authority(rules=(Rule(deciders=Deciders(groups=frozenset({"@leads"}), by_self=False)),))
    office = Office(tmp_path, timings, authority=leads)
    office.start()
    try:
        office.task(office.ana, "Compare the salaries")
        office.shown("Queued: ")
        task = office.working()
        read(office, task)
        office.shown("Not shown here: ")
        office.asked(task=office.record.snapshot(task.id).task)
        request = office.shown("Your decision is needed", office.eventually(lambda: direct(office)))
        office.eventually(lambda: is_quiet(office))
        assert "Your decision is needed" not in everything(office)

        office.ana.press(request, ASK_THERE)
        office.ben.press(office.shown("Your decision is needed"), "approval_approve")

        office.shown("Approved: Move the reports")
        office.shown("Approved: Move the reports", direct(office))
    finally:
        office.stop()


@pytest.mark.parametrize(("channel", "is_apart"), [("reports", False), ("general", True)])
def test_what_every_member_may_read_is_kept_from_a_channel_with_guests(
    office: Office, channel: str, is_apart: bool
) -> None:
    where = office.slack.channel(channel)
    office.task(office.ana, "Compare the reports", channel=where)
    office.shown("Queued: ", where)
    task = office.working()
    read(office, task, Label.INTERNAL)
    office.ended(task, TaskState.DONE, answer=SECRET)
    office.eventually(lambda: is_quiet(office))

    assert (SECRET not in everything(office, where)) is is_apart
    assert (direct(office) != where) is is_apart
    assert SECRET in everything(office, direct(office))


def test_while_slack_does_not_say_who_reads_there_nothing_is_posted_and_then_it_is(idle: Office) -> None:
    task = idle.task(idle.ana, "Compare the reports")
    idle.send()
    task = idle.working(task.id)
    read(idle, task, Label.INTERNAL)
    idle.slack.control.fail_next("conversations.info", times=5, status=500)
    idle.ended(task, TaskState.DONE, answer=SECRET)
    idle.send()
    assert SECRET not in everything(idle)

    for after in (60, 120, 180, 240, 300, 360):
        idle.send(after=after)
    assert SECRET in everything(idle) and direct(idle) == idle.reports


def test_where_slack_may_not_say_who_reads_there_it_counts_as_anyone(idle: Office) -> None:
    task = idle.task(idle.ana, "Compare the reports")
    idle.send()
    read(idle, idle.working(task.id), Label.INTERNAL)
    idle.slack.control.fail_next("conversations.info", status=200, error="missing_scope")
    for after in (1, 2, 3):
        idle.send(after=after)

    assert idle.texts() == ["Not shown here: Compare the reports"]


@pytest.mark.parametrize(
    "point",
    [
        "slack.conversations.open",
        "slack.conversations.open.done",
        "outbox.set_apart",
        "outbox.set_apart.done",
        "slack.chat.postMessage",
        "slack.chat.postMessage.done",
        "slack.chat.update",
        "slack.chat.update.done",
    ],
)
def test_wherever_the_process_dies_the_channel_sees_nothing_and_everything_stands_once(
    idle: Office, point: str
) -> None:
    task = idle.task(idle.ana, "Compare the salaries")
    idle.send()
    idle.asked(task=idle.working(task.id))
    idle.send(after=1)
    read(idle, task)
    with dying_at(point), contextlib.suppress(Died):
        idle.send(after=2)

    for after in (10, 20, 30, 40):
        idle.edge = idle.new_edge()
        idle.send(after=after)
    assert idle.texts() == ["Not shown here: Compare the salaries"]
    assert sorted(text.partition(":")[0] for text in idle.texts(direct(idle))) == [
        "Waiting",
        "Your decision is needed",
    ]
    assert idle.outbox() == {}


@pytest.mark.parametrize(
    "point",
    [
        "share.post",
        "share.post.done",
        "outbox.claim.done",
        "slack.chat.postMessage",
        "slack.chat.postMessage.done",
    ],
)
def test_wherever_the_process_dies_what_was_let_be_seen_is_posted_once(idle: Office, point: str) -> None:
    task = idle.task(idle.ana, "Compare the salaries")
    idle.send()
    task = idle.working(task.id)
    read(idle, task)
    idle.ended(task, TaskState.DONE, answer=SECRET)
    for after in (1, 2, 3):
        idle.send(after=after)
    sharing = Sharing(idle.database, clock=idle.clock, bell=idle.bell)
    with dying_at(point), contextlib.suppress(Died):
        sharing.share(task.person, task.id, "round:1")
        idle.send(after=4)
    sharing.share(task.person, task.id, "round:1")

    for after in (10, 20, 30):
        idle.edge = idle.new_edge()
        idle.send(after=after)
    assert idle.texts().count(SECRET) == 1
    assert idle.outbox() == {}
