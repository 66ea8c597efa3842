"""What a program does, its person could: and a token never says yes to what was asked for through one of theirs."""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from bot.domain.approval import Action, Approval, ApprovalKind, ApprovalState, Decision, Draft
from bot.domain.budget import Budget
from bot.domain.call import Call
from bot.domain.deciders import Authority, Deciders, Facts, Rule
from bot.domain.effect import Effect
from bot.domain.event import News
from bot.domain.grant import FolderGrant
from bot.domain.label import Audience, Label
from bot.domain.person import NOWHERE
from bot.domain.task import Autonomy, TaskState
from bot.domain.token import Token, TokenScope
from bot.engine.serving import KeyUsed, NotThere, OutOfScope, Serving, Wish
from bot.engine.tokens import Tokens
from bot.errors import NotAllowed, Unavailable
from bot.policy import approvers
from bot.rehearsal.answer import calls, text
from bot.store import labels, outbox
from bot.web.mcp.desk import Desk
from bot.web.values import CheckpointValue
from tests.engine.furnished import offices
from tests.engine.office import ANA, BEN, GOAL, Office
from tests.laws import tried

YES = Decision(state=ApprovalState.APPROVED)
NO = Decision(state=ApprovalState.STOPPED)
_names = itertools.count(1)


def serving(office: Office, facts: Facts = Facts(), authority=Authority(), asked=None) -> Serving:
    """`facts` are what Slack says of everyone; `asked` stands for Slack itself."""
    return Serving(
        office.intake,
        office.record,
        authority,
        settings=office.settings,
        facts=asked or (lambda person, groups: facts),
        may_begin=lambda person, channel: None,
        veil=office.database.veil,
    )


def token(office: Office, person=ANA, scopes=tuple(TokenScope)) -> Token:
    tokens = Tokens(office.database, clock=office.clock)
    return tokens.known(tokens.make(person, f"t{next(_names)}", scopes, by="operator").secret)


def deleting(office: Office):
    return calls(("delete_file", {"path": f"{office.reports}/a.txt"}))


steps = st.lists(
    st.sampled_from(["say", "say_in_person", "redirect", "redirect_in_person", "words_of_another"]),
    max_size=3,
)
ways = st.sampled_from(["token", "other_token", "in_person"])
rules = st.sampled_from(
    [
        (),
        (Rule(deciders=Deciders(requester=True)),),
        (Rule(deciders=Deciders(requester=True, by_token=True)),),
        (Rule(deciders=Deciders(requester=True, by_token=True), effects=frozenset({Effect.SEND})),),
        (Rule(deciders=Deciders(requester=True, by_token=True), effects=frozenset({Effect.DELETE})),),
    ]
)


@settings(max_examples=tried(45), deadline=None)
@given(begun=ways, said=steps, decided=ways, rules=rules)
@example(begun="in_person", said=["redirect"], decided="token", rules=())
@example(begun="in_person", said=["say"], decided="other_token", rules=())
@example(begun="in_person", said=["words_of_another", "say_in_person"], decided="token", rules=())
def test_a_yes_of_a_token_counts_only_where_no_token_of_its_person_has_spoken_or_a_rule_says_so(
    begun, said, decided, rules
):
    with tempfile.TemporaryDirectory() as folder, offices(Path(folder)) as new_office:
        office = new_office(*[lambda _: deleting(office)] * 9, authority=Authority(rules=rules))
        mine, other, bens = token(office), token(office), token(office, BEN)
        who = {"token": mine.person, "other_token": other.person, "in_person": ANA}
        task = office.begin(person=who[begun]).id
        has_asked = begun != "in_person"
        for step in said:
            speaker = ANA if step.endswith("in_person") else bens.person if "another" in step else mine.person
            has_asked |= speaker is mine.person
            if step.startswith("redirect"):
                redirection = Decision(state=ApprovalState.REDIRECTED, words="Try again")
                office.intake.decide(speaker, office.pending(task).id, redirection)
            else:
                office.say(task, "Please try that again", person=speaker)
            office.work(task)

        allowed = [rule for rule in rules if not rule.effects or Effect.DELETE in rule.effects]
        counts = decided == "in_person" or not has_asked or any(one.deciders.by_token for one in allowed)
        event(f"asked by a token: {has_asked}, decided {decided}, counts: {counts}")
        try:
            office.intake.decide(who[decided], office.pending(task).id, YES)
            did = True
        except NotAllowed as refusal:
            assert approvers.TOKEN in str(refusal)
            did = False
        assert did is counts
        office.work(task)
        assert (office.reports / "a.txt").exists() is not counts


def test_words_to_a_finished_task_are_asked_for_by_the_token_that_said_them(new_office):
    office = new_office(text("Done."), lambda _: deleting(office))
    mine = token(office)
    task = office.begin().id
    office.say(task, "Delete a.txt", person=mine.person)
    office.work(task)
    with pytest.raises(NotAllowed, match="cannot say yes"):
        office.intake.decide(mine.person, office.pending(task).id, YES)
    assert office.decide(task, ApprovalState.APPROVED).is_new


def test_a_program_of_another_person_may_approve_what_a_token_asked_for(new_office):
    authority = Authority(approvers=frozenset({BEN.user}))
    office = new_office(lambda _: deleting(office), text("Done."), authority=authority)
    front = serving(office, authority=authority)
    ana, ben = token(office), token(office, BEN)
    task = front.start(ana, Wish(goal=GOAL)).task.id
    office.work(task)
    approval = office.pending(task).id
    with pytest.raises(NotAllowed, match="cannot say yes"):
        front.decide(ana, task, approval, YES)
    assert front.decide(ben, task, approval, YES).is_new
    office.work(task)
    assert not (office.reports / "a.txt").exists()
    told = [one for one in front.news(ana, task) if one.news is News.DECIDED]
    assert told[0].data["via"].startswith("API token t")


@pytest.mark.parametrize("facts", [Facts(is_guest=True), None])
def test_whom_slack_calls_a_guest_or_does_not_name_decides_nothing(new_office, facts):
    office = new_office(lambda _: deleting(office))
    task = office.begin()

    def silent(person, groups):
        raise Unavailable("it did not say who you are", service="Slack")

    front = serving(office, facts) if facts else serving(office, asked=silent)
    with pytest.raises((NotAllowed, Unavailable)):
        front.decide(token(office), task.id, office.pending(task.id).id, YES)
    assert office.pending(task.id).is_pending


def test_a_token_sees_and_does_what_its_scopes_say(new_office):
    office = new_office(lambda _: deleting(office))
    front = serving(office)
    whole, task = token(office), office.begin().id
    approval = office.pending(task).id
    tries = {
        TokenScope.READ: [
            lambda one: front.task(one, task),
            lambda one: front.snapshot(one, task),
            lambda one: front.tasks(one),
            lambda one: front.news(one, task),
            lambda one: front.pending(one, task),
            lambda one: front.approval(one, task, approval),
            lambda one: front.deliverables(one, task),
            lambda one: front.deliverable(one, task, "x"),
        ],
        TokenScope.WRITE: [
            lambda one: front.start(one, Wish(goal=GOAL)),
            lambda one: front.say(one, task, "Hello"),
            lambda one: front.stop(one, task),
            lambda one: front.retry(one, task),
        ],
        TokenScope.APPROVE: [
            lambda one: front.decide(one, task, approval, NO),
            lambda one: front.undo(one, task, 1),
        ],
        TokenScope.AUDIT: [lambda one: front.account(one, task)],
        TokenScope.CONNECTORS: [lambda one: front.admin(one)],
    }
    assert {scope for scope in tries} == set(TokenScope)
    for scope, verbs in tries.items():
        without = replace(whole, scopes=frozenset(TokenScope) - {scope})
        for verb in verbs:
            with pytest.raises(OutOfScope, match=f"takes the scope {scope}"):
                verb(without)
    assert office.pending(task).id == approval and len(front.tasks(whole)) == 1


def test_only_an_admin_looks_after_connectors(new_office):
    office = new_office()
    with pytest.raises(NotAllowed, match="Only an admin"):
        serving(office).admin(token(office))
    with pytest.raises(NotAllowed, match="Only an admin"):
        serving(office, Facts(is_admin=True, is_guest=True)).admin(token(office))
    assert serving(office, Facts(is_admin=True)).admin(token(office)).is_admin


def test_somebody_elses_task_is_not_there_and_a_private_one_is_its_requesters_alone(new_office):
    authority = Authority(approvers=frozenset({BEN.user}))
    office = new_office(lambda _: deleting(office), authority=authority)
    task = office.begin().id
    stranger = token(office, replace(BEN, team="T2"))
    with pytest.raises(NotThere):
        serving(office, authority=authority).task(stranger, task)
    with pytest.raises(NotThere):
        serving(office).task(token(office, replace(BEN, user="UCY")), task)
    ben = token(office, BEN)
    assert serving(office, authority=authority).task(ben, task).id == task
    with office.database.write("test") as session:
        labels.grow(session, task, {Label.PRIVATE})
    with pytest.raises(NotThere):
        serving(office, authority=authority).task(ben, task)
    assert serving(office).task(token(office), task).id == task


def test_a_key_is_one_task_of_one_person(new_office):
    office = new_office()
    front, ana, ben = serving(office), token(office), token(office, BEN)
    secret = "my token is ghp_" + "a1" * 18
    first = front.start(ana, Wish(goal=f"{GOAL}, {secret}"), key="k")
    again = front.start(ana, Wish(goal=f"{GOAL}, {secret}"), key="k")
    assert (first.is_new, again.is_new, again.task.id) == (True, False, first.task.id)
    assert front.start(ben, Wish(goal=GOAL), key="k").is_new
    assert front.start(ana, Wish(goal=GOAL)).task.id != front.start(ana, Wish(goal=GOAL)).task.id
    with pytest.raises(KeyUsed):
        front.start(ana, Wish(goal="Another"), key="k")


@pytest.mark.parametrize(
    "less", [{"budget": Budget(turns=1)}, {"autonomy": Autonomy.SUPERVISED}, {"folders": ()}]
)
def test_a_key_that_comes_with_less_leave_is_refused(new_office, less):
    office = new_office()
    front, mine = serving(office), token(office)
    front.start(mine, Wish(goal=GOAL), key="k")

    with pytest.raises(KeyUsed):
        front.start(mine, Wish(goal=GOAL, **less), key="k")


def test_a_program_is_told_that_its_yes_was_kept_and_whose_it_still_takes(new_office):
    both = Deciders(users=frozenset({BEN.user, "UCY"}), people=2)
    authority = Authority(rules=(Rule(deciders=both, effects=frozenset({Effect.DELETE})),))
    office = new_office(lambda _: deleting(office), authority=authority)
    task = office.begin().id
    desk = Desk(
        serving(office, authority=authority), Tokens(office.database, clock=office.clock), office.record
    )

    told = desk.decide(token(office, BEN), task, office.pending(task).id, "approve", "")

    assert told.startswith("This yes was kept. It still takes ")


def test_a_model_approves_nothing_that_it_was_not_shown_whole(new_office):
    path = "/long.txt"
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}{path}", "content": "x" * 25_000}))
    )
    task = office.begin(autonomy=Autonomy.SUPERVISED).id
    desk = Desk(serving(office), Tokens(office.database, clock=office.clock), office.record)
    mine, asked = token(office), office.pending(task)

    shown = desk.look(mine, task).checkpoint
    assert shown is not None and "approve" not in shown.decisions
    assert shown.actions[0].detail.endswith("more characters: it can be approved in Slack only]")
    with pytest.raises(NotAllowed, match="decide in Slack"):
        desk.decide(mine, task, asked.id, "approve", "")
    assert office.pending(task).id == asked.id


def test_a_task_of_no_place_is_worked_on_by_any_worker_and_wants_no_message(new_office):
    office = new_office(text("Done."))
    task = serving(office).start(token(office), Wish(goal="What can you do?")).task
    assert task.place.channel == NOWHERE
    pool = office.pool()
    pool.start()
    assert office.until(task.id, TaskState.DONE).answer == "Done."
    pool.stop()
    with office.database.read() as session:
        assert outbox.due(session, now=office.clock()) == []


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ("{home}", "is not granted"),
        ("{reports}/../home", "is not granted"),
        ("{reports}/link", "is not granted"),
        ("{reports}/none", "There is no folder"),
        ("reports", "is not granted"),
        ("{wiki}", "for reading only"),
    ],
)
def test_a_folder_is_inside_a_granted_one_by_its_real_path(new_office, wanted, why):
    office = new_office()
    (office.reports / "link").symlink_to(office.home)
    path = wanted.format(home=office.home, reports=office.reports, wiki=office.wiki)
    with pytest.raises(NotAllowed, match=why):
        serving(office).start(token(office), Wish(goal=GOAL, folders=(FolderGrant(path=path),)))


budgets = st.builds(
    Budget,
    turns=st.none() | st.integers(1, 9),
    tokens=st.none() | st.integers(1, 9),
    charge=st.none() | st.integers(1, 9),
    worked=st.none() | st.integers(1, 9),
)


@given(budgets, budgets)
def test_no_budget_is_wider_than_what_was_granted(granted, wanted):
    found = granted.least(wanted)
    for name in ("turns", "tokens", "charge", "worked"):
        both = [most for most in (getattr(granted, name), getattr(wanted, name)) if most is not None]
        assert getattr(found, name) == (min(both) if both else None)


def test_who_may_not_begin_a_task_any_more_has_none_go_on_either(new_office):
    office = new_office(text("Done."), text("Never said."))
    here = [True]

    def may_begin(person, channel):
        if not here[0]:
            raise NotAllowed(f"{person.name} is not here any more.")

    front = Serving(
        office.intake,
        office.record,
        Authority(),
        settings=office.settings,
        facts=lambda person, groups: Facts(),
        may_begin=may_begin,
    )
    mine = token(office)
    task = front.start(mine, Wish(goal=GOAL)).task.id
    office.work(task)
    here[0] = False

    for act in (lambda: front.say(mine, task, "And now list it"), lambda: front.retry(mine, task)):
        with pytest.raises(NotAllowed, match="not here any more"):
            act()
    assert front.stop(mine, task).state is TaskState.DONE


def test_a_retry_allows_as_much_as_was_asked_for_and_no_more(new_office):
    office = new_office(*[lambda _: calls(("list_folder", {"path": f"{office.reports}"}))] * 9)
    front, mine = serving(office), token(office, scopes=(TokenScope.READ, TokenScope.WRITE))
    task = front.start(mine, Wish(goal=GOAL, budget=Budget(turns=2))).task.id
    turns = []
    for _ in range(3):
        office.work(task)
        turns.append(front.task(mine, task).spent.turns)
        front.retry(mine, task)

    assert turns == [2, 4, 6]


def withheld(kind: ApprovalKind, audience=Audience.REQUESTER, call_id="") -> Approval:
    call = Call(id="c", tool="slack_send_message", input={"text": "Layoffs on Friday"})
    action = Action(
        call=call, preview="Send “Layoffs on Friday”", detail="Layoffs on Friday", audience=audience
    )
    draft = Draft(
        kind=kind,
        title="Send “Layoffs on Friday”",
        summary="- Send “Layoffs on Friday”",
        actions=() if kind is ApprovalKind.PLAN else (action,),
        call_id=call_id,
    )
    return Approval(id="a", task_id=1, draft=draft, digest=draft.digest, created_at=datetime.now(UTC))


@pytest.mark.parametrize(
    "asked",
    [
        withheld(ApprovalKind.CALLS),
        withheld(ApprovalKind.BATCH, call_id="c0"),
        withheld(ApprovalKind.OUTCOME, Audience.ANYONE),
        withheld(ApprovalKind.PLAN),
    ],
)
def test_what_only_the_requester_may_read_is_in_no_word_of_what_others_are_shown(asked):
    assert "Layoffs" not in CheckpointValue.of(asked.for_others()).model_dump_json()


def test_what_anyone_may_read_is_shown_to_others_as_it_is():
    asked = withheld(ApprovalKind.CALLS, Audience.ANYONE)

    assert asked.for_others() == asked
