"""A yes to all of a kind: it spares people the same question, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.approval import ApprovalState, Decision
from bot.domain.brief import Brief, CheckIn
from bot.domain.call import Call
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.event import News
from bot.domain.grant import FolderGrant, Grants, KindGrant
from bot.domain.label import Label
from bot.domain.task import Autonomy, TaskState
from bot.domain.verdict import Allow, Ask
from bot.errors import NotAllowed
from bot.policy import kinds as policy
from bot.policy.check import check
from bot.rehearsal.answer import calls, text
from bot.store import leases
from bot.store.kind_table import KindRow
from tests.engine.mortal import Death, Died, MortalDatabase
from tests.engine.office import ANA, BEN
from tests.store import databases

FILES = ("a.txt", "b.txt", "c.txt")


def editing(office, name, *, to="new"):
    """A turn that edits one of the reports."""
    was = {"a.txt": "alpha", "b.txt": "beta", "c.txt": "gamma", "plan.md": "Ship"}[name]
    path = f"{office().reports}/{name}"
    return calls(("edit_file", {"path": path, "old_text": was, "new_text": to}))


def editor(new_office, *turns, **given):
    """An office whose model edits these files, a turn each, and says that it is done."""
    made = []
    script = [
        turn if not isinstance(turn, str) else lambda _, name=turn: editing(lambda: made[0], name)
        for turn in turns
    ]
    made.append(new_office(*script, text("Done."), text("Done."), **given))
    return made[0]


def approve_kind(office, task_id, *, person=ANA):
    decision = Decision(state=ApprovalState.APPROVED, is_kind=True)
    assert office.intake.decide(person, office.pending(task_id).id, decision).is_new
    return office.work(task_id)


def kept(office):
    """The text of the reports."""
    return [(office.reports / name).read_text() for name in FILES]


def test_after_a_yes_to_a_kind_more_of_it_is_done_without_asking(new_office):
    office = editor(new_office, *FILES)
    task = office.begin()
    assert task.state is TaskState.WAITING

    done = approve_kind(office, task.id)

    assert (done.state, kept(office)) == (TaskState.DONE, ["new"] * 3)
    assert len(office.record.log(task.id)) == 4, "three edits, one decision"
    held = office.record.snapshot(task.id).kinds
    assert [(one.kind.tool, one.kind.where, one.left) for one in held] == [
        ("edit_file", str(office.reports), 23)
    ]
    decided = [one.data for one in office.record.news(task.id) if one.news is News.DECIDED]
    assert decided[0]["kind"]["uses"] == 25


def test_a_plain_yes_is_to_what_is_shown_and_the_next_is_asked_for(new_office):
    office = editor(new_office, *FILES)
    task = office.begin()

    assert office.approve(task.id).state is TaskState.WAITING
    assert office.record.snapshot(task.id).prompts == 2


def test_what_is_withdrawn_is_asked_for_again(new_office):
    office = editor(new_office, "a.txt", calls(("ask_person", {"question": "On?"})), "b.txt")
    task = office.begin()
    assert approve_kind(office, task.id).state is TaskState.WAITING
    held = office.record.snapshot(task.id).kinds[0]

    with pytest.raises(NotAllowed):
        office.intake.withdraw(BEN, held.id)
    office.intake.withdraw(ANA, held.id)
    office.say(task.id, "Go on")

    assert office.work(task.id).state is TaskState.WAITING
    assert office.pending(task.id).draft.actions[0].call.tool == "edit_file"
    with pytest.raises(NotAllowed, match="over already"):
        office.intake.withdraw(ANA, held.id)


def test_it_is_over_after_a_day(new_office):
    office = editor(new_office, "a.txt", calls(("ask_person", {"question": "On?"})), "b.txt")
    task = office.begin()
    approve_kind(office, task.id)

    office.clock.forward(hours=24)
    office.say(task.id, "Go on")

    assert office.work(task.id).state is TaskState.WAITING
    assert kept(office) == ["new", "beta", "gamma"]


def test_it_is_for_this_round_and_new_words_begin_with_asking(new_office):
    office = editor(new_office, "a.txt", text("Done."), "b.txt")
    task = office.begin()
    assert approve_kind(office, task.id).state is TaskState.DONE

    office.say(task.id, "And the other")

    assert office.work(task.id).state is TaskState.WAITING


def test_withdrawn_while_it_works_the_next_call_asks(new_office):
    def withdrawing(_):
        held = office.record.snapshot(1).kinds[0]
        office.intake.withdraw(ANA, held.id)
        return editing(lambda: office, "b.txt")

    office = editor(new_office, "a.txt", withdrawing)
    task = office.begin()

    assert approve_kind(office, task.id).state is TaskState.WAITING
    assert kept(office) == ["new", "beta", "gamma"]


def test_when_its_uses_are_spent_it_asks_again(new_office):
    office = editor(new_office, *FILES)
    task = office.begin()
    decision = Decision(state=ApprovalState.APPROVED, is_kind=True)
    office.intake.decide(ANA, office.pending(task.id).id, decision)
    leave(office.database, 1)

    assert office.work(task.id).state is TaskState.WAITING
    assert kept(office) == ["new", "new", "gamma"]


def leave(database, uses):
    with database.write("test") as session:
        session.exec(KindRow.__table__.update().values(left=uses))


def test_wherever_the_process_dies_it_does_no_more_than_was_allowed(new_office, tmp_path):
    """Each death is at another write; a use may be lost, and never gained."""
    turns = [lambda _, name=name: editing(lambda: offices[-1], name) for name in FILES]
    first, number = 1, 1
    while first:
        database = MortalDatabase(databases.sqlite_url(tmp_path))
        offices = [new_office(*turns, text("Done."), database=database)]
        office = offices[0]
        task = office.begin()
        office.intake.decide(
            ANA, office.pending(task.id).id, Decision(state=ApprovalState.APPROVED, is_kind=True)
        )
        leave(database, 1)
        database.reborn(Death(at=number, is_after=number % 2 == 0))
        try:
            office.work(task.id)
            first = 0
        except Died:
            database.reborn(None)
            with database.write("test") as session:
                leases.take_all_back(session, now=office.clock())
            office.running.__init__()
            office.work(task.id)
        assert kept(office)[2] == "gamma", number
        assert office.task(task.id).state is TaskState.WAITING
        number += 1
        database.close()
    assert number > 6


def shown(new_office, *given, **changes):
    """The first request of a task."""
    office = editor(new_office, *given, **changes)
    task = office.begin()
    return office, task, office.pending(task.id)


def test_it_is_offered_for_one_tool_that_writes_in_a_granted_folder(new_office):
    office, task, approval = shown(new_office, "a.txt")

    kind = policy.offered(approval.draft, task)

    assert kind is not None
    assert (kind.tool, kind.where) == ("edit_file", str(office.reports))


def test_it_is_never_offered_for_a_deletion_and_the_click_is_refused(new_office):
    office = new_office(lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})))
    task = office.begin()
    approval = office.pending(task.id)

    assert policy.offered(approval.draft, task) is None
    with pytest.raises(NotAllowed, match="no kind of call"):
        office.intake.decide(ANA, approval.id, Decision(state=ApprovalState.APPROVED, is_kind=True))
    assert office.pending(task.id).is_pending


def test_it_is_never_offered_where_the_requester_wants_to_be_asked(new_office):
    office = editor(new_office, "a.txt")
    task = office.begin("Tidy the reports. Ask me before you change any file.")
    approval = office.pending(task.id)

    assert approval.draft.actions[0].rule == 3
    assert policy.offered(approval.draft, task) is None


def test_mixed_tools_come_as_one_card_and_without_the_offer(new_office):
    office = new_office(
        lambda _: calls(
            ("edit_file", {"path": f"{office.reports}/a.txt", "old_text": "alpha", "new_text": "x"}),
            ("move_file", {"source": f"{office.reports}/b.txt", "destination": f"{office.reports}/d.txt"}),
            ("read_file", {"path": f"{office.reports}/c.txt"}),
        )
    )
    task = office.begin()
    approval = office.pending(task.id)

    assert [action.call.tool for action in approval.draft.actions] == ["edit_file", "move_file"]
    assert policy.offered(approval.draft, task) is None


EDIT = Access(effect=Effect.CHANGE, resource=Resource(realm=Realm.FOLDER, name="/r/a.md", existed=True))
KIND = KindGrant(tool="edit_file", effect=Effect.CHANGE, where="/r", id="k1")
GRANTS = Grants(folders=(FolderGrant(path="/r"),), kinds=(KIND,))


def judged(*, brief=Brief(), labels=frozenset(), access=EDIT, grants=GRANTS):
    call = Call(id="c", tool="edit_file", input={})
    return check(
        call, (access,), brief=brief, grants=grants, autonomy=Autonomy.CHECKPOINT, labels=frozenset(labels)
    )


def test_a_kind_is_no_yes_where_others_text_may_speak_or_the_requester_wants_to_be_asked():
    asked = Brief(check_ins=(CheckIn(quote="ask first", effects=frozenset({Effect.CHANGE})),))

    assert judged() == Allow(
        rule=5,
        reason="All calls of this kind were approved for this task: to change /r/a.md.",
        kinds=frozenset({"k1"}),
    )
    assert isinstance(judged(brief=asked), Ask)
    assert isinstance(judged(labels={Label.UNTRUSTED}), Ask)
    assert isinstance(judged(labels={Label.UNTRUSTED}, brief=Brief(named=frozenset({"/r"}))), Allow)


def test_a_kind_of_sending_holds_in_one_exact_place_and_not_after_others_text():
    place = Resource(realm=Realm.FOLDER, name="/r/a.md", existed=True)
    sent = Access(effect=Effect.SEND, resource=place)
    exact = replace(GRANTS, kinds=(replace(KIND, effect=Effect.SEND, where="/r/a.md"),))

    assert isinstance(judged(access=sent, grants=exact), Allow)
    assert isinstance(judged(access=sent, grants=exact, labels={Label.UNTRUSTED}), Ask)
