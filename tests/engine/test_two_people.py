"""Where the operator's rules ask for more than the requester: a group, two people, nobody who steers the task."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.domain.approval import ApprovalState, Decision
from bot.domain.deciders import Authority, Deciders, Facts, Rule
from bot.domain.effect import Effect
from bot.domain.event import News
from bot.domain.person import Person
from bot.domain.task import TaskState
from bot.errors import NotAllowed
from bot.rehearsal.answer import calls, text
from bot.store import entries
from tests.engine.mortal import Death, Died, MortalDatabase
from tests.engine.office import ANA, BEN
from tests.store import databases

CLEO, DAN = (Person(team="T1", user=f"U{name.upper()}", name=name) for name in ("Cleo", "Dan"))
FINANCE = Facts(groups=("@finance",))
DELETES = frozenset({Effect.DELETE})
TWO = Authority(
    rules=(Rule(effects=DELETES, deciders=Deciders(groups=frozenset({"@finance"}), by_self=False, people=2)),)
)
YES = Decision(state=ApprovalState.APPROVED)


def delete(office, name="a.txt"):
    return "delete_file", {"path": f"{office.reports}/{name}"}


def asked(new_office, authority=TWO, **given):
    """Two files are to be deleted. The office, the task and the approval's id."""
    office = new_office(
        lambda _: calls(delete(office), delete(office, "b.txt")), text("Done."), authority=authority, **given
    )
    task = office.begin()
    return office, task.id, office.pending(task.id).id


def test_the_first_yes_is_kept_and_the_second_person_completes_it(new_office):
    office, task, approval = asked(new_office)

    first = office.intake.decide(BEN, approval, YES, facts=FINANCE)
    assert (first.is_new, first.approval.is_pending) == (False, True)
    assert first.missing == "@finance (not who steers the task)"
    assert office.task(task).state is TaskState.WAITING
    assert "reports/a.txt" in office.tree()

    second = office.intake.decide(CLEO, approval, YES, facts=FINANCE)
    assert (second.is_new, second.approval.state) == (True, ApprovalState.APPROVED)
    assert [yes.person for yes in second.approval.said_yes] == [BEN, CLEO]
    office.work(task)
    assert {"reports/a.txt", "reports/b.txt"}.isdisjoint(office.tree())


def test_each_yes_is_in_the_audit_log_under_its_own_name(new_office):
    office, task, approval = asked(new_office)
    office.intake.decide(BEN, approval, YES, facts=FINANCE)
    office.intake.decide(CLEO, approval, YES, facts=FINANCE)

    with office.database.read() as session:
        logged = [(one.actor, one.action) for one in entries.all_of(session, task)]
    assert [one for one in logged if one[1] in (News.AGREED, News.DECIDED)] == [
        ("UBEN@T1", News.AGREED),
        ("UCLEO@T1", News.DECIDED),
    ]


def test_one_person_is_not_two(new_office):
    office, task, approval = asked(new_office)
    office.intake.decide(BEN, approval, YES, facts=FINANCE)

    with pytest.raises(NotAllowed, match=r"You have said yes already\. It still takes @finance"):
        office.intake.decide(BEN, approval, YES, facts=FINANCE)
    assert office.pending(task).is_pending


def test_neither_the_requester_nor_anyone_outside_the_group_counts(new_office):
    office, task, approval = asked(new_office)
    for person, facts in ((ANA, FINANCE), (BEN, Facts()), (BEN, Facts(groups=("@finance",), is_guest=True))):
        with pytest.raises(NotAllowed):
            office.intake.decide(person, approval, YES, facts=facts)
    assert office.pending(task).said_yes == ()


def test_where_self_approval_is_allowed_the_requesters_yes_is_one_of_two(new_office):
    deciders = Deciders(requester=True, admins=True, people=2)
    office, _, approval = asked(new_office, Authority(rules=(Rule(deciders=deciders),)))
    assert office.intake.decide(ANA, approval, YES).missing == "Ana Silva or a workspace admin"
    assert office.intake.decide(DAN, approval, YES, facts=Facts(is_admin=True)).is_new


@pytest.mark.parametrize("state", [ApprovalState.REDIRECTED, ApprovalState.STOPPED])
@pytest.mark.parametrize("person", [ANA, CLEO])
def test_any_one_redirects_or_stops_it_also_after_a_yes(new_office, state, person):
    office, task, approval = asked(new_office)
    office.intake.decide(BEN, approval, YES, facts=FINANCE)
    facts = FINANCE if person is CLEO else Facts()
    assert office.intake.decide(person, approval, Decision(state=state, words="No"), facts=facts).is_new
    office.work(task)

    assert {"reports/a.txt", "reports/b.txt"} <= office.tree().keys()


def test_what_either_of_them_leaves_out_is_not_done(new_office):
    office, task, approval = asked(new_office)
    without = Decision(state=ApprovalState.APPROVED, left_out=(1,))
    office.intake.decide(BEN, approval, without, facts=FINANCE)
    with pytest.raises(NotAllowed, match="Nothing of it would be left"):
        office.intake.decide(
            CLEO, approval, Decision(state=ApprovalState.APPROVED, left_out=(2,)), facts=FINANCE
        )
    office.intake.decide(CLEO, approval, YES, facts=FINANCE)
    office.work(task)

    assert "reports/a.txt" in office.tree() and "reports/b.txt" not in office.tree()


def test_what_was_changed_after_both_said_yes_takes_both_again(new_office):
    office, task, approval = asked(new_office)
    office.intake.decide(BEN, approval, YES, facts=FINANCE)
    office.intake.decide(CLEO, approval, YES, facts=FINANCE)
    (office.reports / "a.txt").write_text("by Dan")
    office.work(task)

    assert "reports/a.txt" in office.tree()
    again = office.pending(task)
    assert again.said_yes == ()
    assert office.intake.decide(CLEO, again.id, YES, facts=FINANCE).missing


def test_a_yes_that_ran_out_before_the_second_is_put_anew_without_it(new_office):
    office, task, approval = asked(new_office)
    office.intake.decide(BEN, approval, YES, facts=FINANCE)
    office.clock.forward(hours=169)
    assert office.intake.decide(CLEO, approval, YES, facts=FINANCE).approval.state is ApprovalState.LAPSED
    office.work(task)

    again = office.pending(task)
    assert (again.said_yes, again.expires_at) == ((), office.clock() + timedelta(hours=168))
    assert {"reports/a.txt", "reports/b.txt"} <= office.tree().keys()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_of_many_clicks_at_once_two_count_and_there_is_one_decision(new_office, kind, tmp_path):
    database = databases.sqlite(tmp_path) if kind == "sqlite" else databases.postgres()
    office, task, approval = asked(new_office, database=database)
    clicks = [BEN, BEN, CLEO, CLEO, DAN, DAN]
    together = threading.Barrier(len(clicks))

    def click(person):
        together.wait(60)
        try:
            return office.intake.decide(person, approval, YES, facts=FINANCE)
        except NotAllowed:
            return None

    with ThreadPoolExecutor(len(clicks)) as pool:
        decided = [one for one in pool.map(click, clicks) if one is not None]

    assert [sum(bool(one.missing) for one in decided), sum(one.is_new for one in decided)] == [1, 1]
    agreed = {yes.person.user for yes in office.record.approval(approval).said_yes}
    assert len(agreed) == 2
    told = [event.news for event in office.record.news(task)]
    assert (told.count(News.AGREED), told.count(News.DECIDED)) == (1, 1)
    office.work(task)
    assert "reports/a.txt" not in office.tree()
    database.close()


@pytest.mark.parametrize("is_after", [True, False])
def test_a_death_at_the_first_yes_neither_loses_nor_doubles_it(new_office, tmp_path, is_after):
    database = MortalDatabase(databases.sqlite(tmp_path).url)
    office, task, approval = asked(new_office, database=database)
    database.reborn(Death(at=1, is_after=is_after))
    with pytest.raises(Died):
        office.intake.decide(BEN, approval, YES, facts=FINANCE)
    database.reborn(None)

    assert len(office.pending(task).said_yes) == is_after
    if not is_after:
        office.intake.decide(BEN, approval, YES, facts=FINANCE)
    assert office.intake.decide(CLEO, approval, YES, facts=FINANCE).is_new
    database.close()


def test_nobody_edits_a_call_and_says_yes_to_it_where_no_one_decides_on_their_own(new_office):
    one = Authority(rules=(Rule(deciders=Deciders(groups=frozenset({"@finance"}), by_self=False)),))
    office, task, approval = asked(new_office, one)
    for person, name in ((BEN, "b.txt"), (CLEO, "c.txt")):
        _, given = delete(office, name)
        office.intake.edit(person, office.pending(task).id, 1, given, facts=FINANCE)
        office.work(task)

    approval = office.pending(task).id
    for_the_other = office.intake.decide(BEN, approval, YES, facts=FINANCE)
    assert (for_the_other.is_new, for_the_other.missing) == (
        False,
        "@finance (not who edited it or steers the task)",
    )
    with pytest.raises(
        NotAllowed, match=r"Only @finance \(not who edited it or steers the task\) can decide"
    ):
        office.intake.decide(CLEO, approval, YES, facts=FINANCE)
    assert office.intake.decide(DAN, approval, YES, facts=FINANCE).is_new


def test_one_yes_to_a_kind_does_not_open_a_place_that_a_rule_is_about(new_office):
    def move(_):
        given = {"source": f"{office.reports}/a.txt", "destination": f"{office.reports}/x.txt"}
        return calls(("move_file", given))

    office = new_office(move, text("Done."))
    task = office.begin().id
    finance = Rule(where=(f"{office.reports}/finance",), deciders=Deciders(admins=True))
    office.intake._authority = Authority(rules=(finance,))
    approval = office.pending(task).id

    with pytest.raises(NotAllowed, match="no kind of call to allow"):
        office.intake.decide(ANA, approval, Decision(state=ApprovalState.APPROVED, is_kind=True))
    office.intake._authority = Authority()
    yes = Decision(state=ApprovalState.APPROVED, is_kind=True)
    assert office.intake.decide(ANA, approval, yes).is_new
