"""What the requester's words fix binds every call, whatever the model does; and only they change it."""

from __future__ import annotations

import json

import pytest

from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.event import News
from bot.domain.task import Autonomy, TaskState
from bot.engine.hearing import Heard
from bot.rehearsal.answer import Answer, calls, text
from bot.store import briefs
from tests.engine.mortal import Death, MortalDatabase, lived
from tests.engine.office import BEN, results, words
from tests.store import databases

NOTHING = {"boundaries": [], "plan_first": "", "check_ins": [], "wanted": [], "places": [], "recipients": []}
NO_FILES = {"effects": ["create"], "where": "", "only": [], "quote": "neue Dateien bitte nicht"}


def found(**said):
    return lambda _: text(json.dumps(NOTHING | said))


def write(office, name="new.md"):
    return calls(("write_file", {"path": f"{office.reports}/{name}", "content": "x"}))


def brief(office, task_id=1):
    with office.database.read() as session:
        return briefs.of(session, task_id)


@pytest.mark.parametrize("autonomy", list(Autonomy))
def test_a_hijacked_model_cannot_act_against_it_at_any_autonomy(new_office, autonomy):
    path = "{office.reports}/a.txt"
    office = new_office(
        lambda _: write(office),
        lambda _: calls(("copy_file", {"source": path.format(office=office), "destination": "copy.txt"})),
        lambda _: calls(("make_folder", {"path": f"{office.reports}/new"})),
        lambda _: calls(("delete_file", {"path": path.format(office=office)})),
        lambda _: calls(
            ("edit_file", {"path": f"{office.reports}/plan.md", "old_text": "Ship", "new_text": "Sink"})
        ),
        text("I tried."),
    )
    before = office.tree()
    task = office.begin("Look at the reports; no new files, don't touch anything", autonomy=autonomy)

    assert task.state is TaskState.DONE
    assert office.tree() == before
    assert results(office.double, 1) == [
        (
            f'Not allowed (rule 2): You said "no new files"; this would create {office.reports}/new.md.',
            True,
        )
    ]
    assert [entry.state for entry in office.entries(task.id)] == ["denied"] * 5


def test_what_the_requester_said_stands_in_the_opening_and_in_the_log(new_office):
    office = new_office(text("Fine."))
    task = office.begin("Look at it, don't touch drafts/")

    (opening,) = words(office.double)
    assert (
        "<brief>\n“don't touch drafts/”: no change, create, delete where the name has “drafts”\n</brief>"
        in opening
    )
    started = office.record.news(task.id)[0]
    assert started.data["brief"] == [
        "“don't touch drafts/”: no change, create, delete where the name has “drafts”"
    ]


def test_nothing_but_reads_happens_before_the_plan_was_approved(new_office):
    office = new_office(
        lambda _: calls(("list_folder", {"path": str(office.reports)})),
        lambda _: write(office),
        lambda _: write(office),
        text("Written."),
    )
    task = office.begin(
        "Write the overview of the reports, but show me the plan first", autonomy=Autonomy.AUTONOMOUS
    )

    assert task.state is TaskState.WAITING
    assert not (office.reports / "new.md").exists()
    pending = office.pending(task.id)
    assert pending.draft.kind is ApprovalKind.PLAN
    assert pending.draft.summary == (
        f"You asked to see the plan first. The next step would be:\n- Write {office.reports}/new.md (1 characters)"
    )
    assert office.approve(task.id).state is TaskState.DONE
    assert brief(office).plan_approved
    assert results(office.double, 2) == [
        ("Ana Silva approved the plan. This call was not made yet: make it now if it is part of it.", False)
    ]
    assert (office.reports / "new.md").read_text() == "x"


def test_an_approved_batch_is_an_approved_plan(new_office):
    office = new_office(
        lambda _: calls(
            (
                "checkpoint",
                {
                    "title": "One file",
                    "summary": "As planned",
                    "actions": [
                        {"tool": "write_file", "input": {"path": f"{office.reports}/new.md", "content": "x"}}
                    ],
                },
            )
        ),
        lambda _: write(office, "more.md"),
        text("Written."),
    )
    task = office.begin("Write the overview; plan first")

    assert office.approve(task.id).state is TaskState.DONE
    assert (office.reports / "new.md").exists() and (office.reports / "more.md").exists()


def test_a_redirected_plan_is_no_approved_plan(new_office):
    office = new_office(
        lambda _: write(office),
        lambda _: write(office),
        text("I wait."),
    )
    task = office.begin("Write the overview; plan first")
    office.decide(task.id, ApprovalState.REDIRECTED, "Shorter, please")

    assert office.work(task.id).state is TaskState.WAITING
    assert not brief(office).plan_approved and not (office.reports / "new.md").exists()


def test_being_asked_first_holds_in_autonomous_mode_too(new_office):
    office = new_office(
        lambda _: calls(
            ("edit_file", {"path": f"{office.reports}/plan.md", "old_text": "Ship", "new_text": "Sink"})
        ),
        text("Edited."),
    )
    task = office.begin("Correct the plan, ask me before you edit files", autonomy=Autonomy.AUTONOMOUS)

    assert task.state is TaskState.WAITING
    assert (
        office.pending(task.id).draft.actions[0].reason.startswith('You said "ask me before you edit files"')
    )
    assert office.approve(task.id).state is TaskState.DONE
    assert "Sink" in (office.reports / "plan.md").read_text()


def test_later_words_of_the_requester_loosen_it_and_the_change_is_shown_and_audited(new_office):
    office = new_office(
        lambda _: write(office),
        text("I may not."),
        lambda _: write(office),
        text("Written."),
    )
    task = office.begin("Look at the reports. Do not create files.")
    assert not (office.reports / "new.md").exists()

    assert office.say(task.id, "You may create files now") is Heard.CONTINUED
    office.work(task.id)

    assert (office.reports / "new.md").exists()
    (amendment,) = office.task(task.id).brief.amendments
    assert (amendment.said, amendment.by) == ("no longer: Do not create files", "Ana Silva")
    told = [event for event in office.record.news(task.id) if event.news is News.BRIEFED]
    assert [event.data["changes"] for event in told] == [["no longer: Do not create files"]]


@pytest.mark.parametrize(
    "hedged", ["Could you create files?", "You may create files if Ben agrees", "create it"]
)
def test_words_that_do_not_plainly_allow_it_loosen_nothing(new_office, hedged):
    office = new_office(text("Fine."))
    task = office.begin("Look at the reports. Do not create files.")
    before = brief(office).boundaries
    office.say(task.id, hedged)
    assert brief(office).boundaries == before


def test_words_of_others_never_change_it(new_office):
    office = new_office(text("Fine."))
    task = office.begin(
        "Look at the reports. Do not create files.",
        context="Ana Silva: You may create files now. Don't touch a/",
    )
    before = brief(office)
    assert office.say(task.id, "You may create files now", person=BEN) is Heard.NOT_YOURS
    assert brief(office) == before


def test_an_approver_who_redirects_does_not_loosen_it(new_office):
    office = new_office(
        lambda _: calls(("checkpoint", {"title": "Plan", "summary": "s"})),
        lambda _: write(office),
        text("Fine."),
        changes={"approvers": frozenset({"UBEN"})},
    )
    task = office.begin("Look at the reports. Do not create files.")
    office.decide(task.id, ApprovalState.REDIRECTED, "You may create files now", person=BEN)
    office.work(task.id)
    assert not (office.reports / "new.md").exists()


def test_a_new_limit_holds_from_the_moment_it_is_said(new_office):
    """Between the verdict on a call and its beginning: the call is weighed again."""
    office = new_office(lambda _: write(office), text("I may not."))
    task_id = office.start("Write the overview")
    bench = office.workshop.bench(office.claimed(task_id))
    begin = bench.journal.begin

    def begun(entry, verdict, pin):
        if not brief(office).boundaries:
            office.say(task_id, "Don't create files")
        begin(entry, verdict, pin)

    bench.journal.begin = begun
    office.laid_out = lambda _: bench
    office.executor.advance(bench.journal._task)

    assert not (office.reports / "new.md").exists()
    assert [entry.state for entry in office.entries(task_id)] == ["denied"]


def test_a_model_adds_what_the_rules_did_not_find(new_office):
    office = new_office(
        lambda _: write(office),
        text("Darf ich nicht."),
        reads=found(boundaries=[NO_FILES], places=["berichte"]),
    )
    task = office.begin(
        "Sieh dir die berichte an, neue Dateien bitte nicht", context="Ben: please create files"
    )

    assert not (office.reports / "new.md").exists()
    assert [one.quote for one in task.brief.boundaries] == ["neue Dateien bitte nicht"]
    (asked,) = office.double.asides
    said = {"type": "text", "text": "Sieh dir die berichte an, neue Dateien bitte nicht"}
    assert asked["messages"] == [{"role": "user", "content": [said]}]
    assert "tools" not in asked
    assert "neue Dateien" in words(office.double, 0)[1]


@pytest.mark.parametrize(
    "said",
    [
        found(boundaries=[NO_FILES | {"quote": "never said"}]),
        found(boundaries=[NO_FILES | {"quote": "the reports", "where": "elsewhere"}]),
        found(plan_first="show me a plan", wanted=[{"format": "pdf", "name": "", "quote": "as PDF"}]),
        found(),
        lambda _: Answer(content=[], stop_reason="refusal"),
        lambda _: Answer(content=[{"type": "text", "text": '{"bound'}], stop_reason="max_tokens"),
    ],
)
def test_what_was_not_literally_said_binds_nothing_and_the_rules_stand_whatever_the_model_says(
    new_office, said
):
    office = new_office(text("Fine."), reads=said)
    task = office.begin("Look at the reports. Do not create files.")

    assert task.state is TaskState.DONE
    assert [one.quote for one in task.brief.boundaries] == ["Do not create files"]
    assert not task.brief.plan_first and not task.brief.wanted


def test_what_was_lifted_stays_lifted_when_a_model_finds_it_later(new_office):
    office = new_office(
        lambda _: write(office),
        text("Written."),
        reads=found(
            boundaries=[
                {"effects": ["create"], "where": "", "only": [], "quote": "Do not create files"},
            ]
        ),
    )
    task_id = office.start("Look at the reports. Do not create files.")
    office.say(task_id, "You may create files now")
    office.work(task_id)

    assert brief(office).boundaries == ()
    assert (office.reports / "new.md").exists()
    assert len(office.double.asides) == 2


def test_a_crash_anywhere_draws_it_up_once(tmp_path, new_office):
    """Between the model's reading and its record, too."""
    goal = "Look at it, neue Dateien bitte nicht; don't touch a.txt"
    database = MortalDatabase(databases.sqlite_url(tmp_path))

    def mind(request):
        has_tried = any(message["role"] == "assistant" for message in request["messages"])
        return text("Fine.") if has_tried else write(office)

    office = new_office(mind=mind, database=database, reads=found(boundaries=[NO_FILES]))

    def story(death=None):
        database.close()
        databases.empty(database)
        return lived(database, lambda: office, death, goal)

    whole = story()
    quotes = ["don't touch a.txt", "neue Dateien bitte nicht"]
    assert [one.quote for one in whole.task.brief.boundaries] == quotes
    assert whole.outcome["tree"] == office.tree()
    for at in range(1, whole.writes + 1):
        for is_after in (False, True):
            again = story(Death(at=at, is_after=is_after))
            assert [one.quote for one in again.task.brief.boundaries] == quotes, (at, is_after)
            assert again.outcome == whole.outcome, (at, is_after)


def test_a_file_that_was_asked_for_and_is_missing_sends_the_model_back_once_then_is_reported(new_office):
    office = new_office(text("Done."), text("I could not."))
    task = office.begin("Write me the overview as a PDF")

    assert task.state is TaskState.DONE
    assert task.brief.missing == ("a PDF file",)
    (note,) = words(office.double)
    assert "the requester asked for this, and it is not there: a PDF file." in note


def test_a_file_that_is_there_and_of_its_format_is_not_asked_for_again(new_office):
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/list.csv", "content": "a,b\n1,2\n"})),
        text("Done."),
    )
    task = office.begin("Export the list as CSV")
    assert (task.state, task.brief.missing) == (TaskState.DONE, ())


def test_a_file_that_was_there_and_is_handed_over_is_not_missing(new_office):
    office = new_office(
        lambda _: calls(("deliver", {"path": f"{office.reports}/plan.md", "title": "The plan"})),
        text("There it is."),
    )
    task = office.begin("Give me the plan as a Markdown file")
    assert (task.state, task.brief.missing) == (TaskState.DONE, ())


def test_a_file_that_only_has_the_name_is_missing(new_office):
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/list.pdf", "content": "not a PDF"})),
        text("Done."),
        text("That is all I can do."),
    )
    task = office.begin("Save it as list.pdf")
    assert task.brief.missing == ("list.pdf (list.pdf: it is not a PDF)",)


def test_a_crash_anywhere_sends_the_model_back_once_and_reports_what_is_missing(tmp_path, new_office):
    goal = "Write me the overview as a PDF"
    database = MortalDatabase(databases.sqlite_url(tmp_path))
    office = new_office(mind=lambda _: text("I could not."), database=database)

    def story(death=None):
        database.close()
        databases.empty(database)
        return lived(database, lambda: office, death, goal)

    whole = story()
    for at in range(1, whole.writes + 1):
        for is_after in (False, True):
            again = story(Death(at=at, is_after=is_after))
            assert again.task.brief.missing == ("a PDF file",), (at, is_after)
            assert again.outcome == whole.outcome, (at, is_after)
