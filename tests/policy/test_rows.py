"""Each row of the policy table, in order."""

from __future__ import annotations

from typing import Any

from bot.domain.brief import Boundary, Brief
from bot.domain.call import Call
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.grant import FolderGrant, Grants, KindGrant, Permission, ServiceGrant
from bot.domain.label import Label
from bot.domain.task import Autonomy
from bot.domain.verdict import Allow, Ask, Deny, Verdict
from bot.policy.check import check

CALL = Call(id="toolu_1", tool="github_create_issue", input={"repo": "acme/api", "title": "Login 500"})
GRANTS = Grants(
    folders=(FolderGrant(path="/srv/reports"), FolderGrant(path="/srv/wiki", writable=False)),
    services={"github": ServiceGrant(permissions={CALL.tool: Permission.ASK}, scope=("acme/*",))},
    sandbox=True,
)


def judged(*accesses: Access, **given: Any) -> Verdict:
    standing: dict[str, Any] = {"brief": Brief(), "grants": GRANTS, "autonomy": Autonomy.CHECKPOINT} | given
    return check(standing.pop("call", CALL), accesses, **standing)


def file(effect: Effect, path: str, *, existed: bool = False, own: bool = False) -> Access:
    return Access(effect=effect, resource=Resource(realm=Realm.FOLDER, name=path, existed=existed, own=own))


def github(effect: Effect, item: str = "acme/api", *, own: bool = False) -> Access:
    return Access(effect=effect, resource=Resource(realm=Realm.SERVICE, name="github", item=item, own=own))


def to_host(name: str) -> Access:
    return Access(effect=Effect.EGRESS, resource=Resource(realm=Realm.ADDRESS, name=name))


def switched(permission: Permission) -> Grants:
    return Grants(services={"github": ServiceGrant(permissions={CALL.tool: permission})})


def test_row_1_a_path_outside_every_granted_folder_is_denied() -> None:
    assert judged(file(Effect.READ, "/srv/reports-old/q4.pdf")) == Deny(
        rule=1, reason="/srv/reports-old/q4.pdf is not inside a folder granted to this task."
    )


def test_row_1_a_read_only_folder_may_be_read_and_nothing_else() -> None:
    assert judged(file(Effect.READ, "/srv/wiki/a.md")) == Allow(
        rule=10, reason="It may read /srv/wiki/a.md without asking."
    )
    assert judged(file(Effect.CREATE, "/srv/wiki/a.md")) == Deny(
        rule=1, reason="/srv/wiki/a.md may only be read: /srv/wiki was granted read-only."
    )


def test_row_1_of_nested_folders_the_innermost_decides() -> None:
    grants = Grants(folders=(FolderGrant(path="/srv"), FolderGrant(path="/srv/taxes/", writable=False)))
    assert judged(file(Effect.CREATE, "/srv/taxes/new.md"), grants=grants) == Deny(
        rule=1, reason="/srv/taxes/new.md may only be read: /srv/taxes/ was granted read-only."
    )


def test_row_1_a_folder_granted_both_ways_is_read_only() -> None:
    both = (FolderGrant(path="/srv"), FolderGrant(path="/srv", writable=False))
    assert isinstance(judged(file(Effect.CREATE, "/srv/new.md"), grants=Grants(folders=both)), Deny)


def test_row_1_the_tasks_own_files_need_no_grant() -> None:
    own = file(Effect.CREATE, "/state/tasks/12/notes.md", own=True)
    assert judged(own, grants=Grants()) == Allow(
        rule=10, reason="It may create /state/tasks/12/notes.md, which was granted."
    )


def test_row_1_to_call_a_path_ones_own_does_not_make_it_a_path() -> None:
    for name in ("/state/tasks/12/../13/notes.md", "notes.md", ""):
        assert isinstance(judged(file(Effect.READ, name, own=True)), Deny)


def test_row_1_a_service_that_nobody_switched_on_is_denied() -> None:
    assert judged(github(Effect.READ), grants=Grants()) == Deny(
        rule=1, reason="github is not switched on for this task."
    )


def test_row_1_a_tool_that_is_off_or_was_never_switched_is_denied() -> None:
    off = Deny(rule=1, reason="github_create_issue is switched off for github.")
    assert judged(github(Effect.READ), grants=switched(Permission.OFF)) == off
    assert judged(github(Effect.READ), grants=Grants(services={"github": ServiceGrant()})) == off


def test_row_1_an_item_outside_the_scope_is_denied() -> None:
    assert judged(github(Effect.READ, "evil/api")) == Deny(
        rule=1, reason="evil/api is outside what was granted of github (acme/*)."
    )


def test_row_1_a_connector_that_is_not_on_the_list_is_denied() -> None:
    unlisted = Access(effect=Effect.READ, resource=Resource(realm=Realm.CONNECTOR, name="github"))
    assert judged(unlisted) == Deny(rule=1, reason="github is not on the admin's list of connectors.")


def test_row_1_a_command_needs_a_granted_sandbox() -> None:
    command = Access(effect=Effect.EXECUTE, resource=Resource(realm=Realm.SANDBOX, name="sandbox"))
    assert judged(command, grants=Grants()) == Deny(
        rule=1, reason="No sandbox was granted to this task, so no command can be run."
    )
    assert judged(command) == Allow(rule=10, reason="It may run something in the sandbox, which was granted.")


def test_row_2_a_boundary_is_quoted_back() -> None:
    brief = Brief(boundaries=(Boundary(effects=frozenset({Effect.CREATE}), quote="do not create files"),))
    assert judged(file(Effect.CREATE, "/srv/reports/new.md"), brief=brief) == Deny(
        rule=2, reason='You said "do not create files"; this would create /srv/reports/new.md.'
    )


def test_row_2_a_boundary_on_one_place_leaves_the_others_alone() -> None:
    boundary = Boundary(effects=frozenset({Effect.CREATE}), quote="no new test files", where="Test")
    brief = Brief(boundaries=(boundary,))
    assert judged(file(Effect.CREATE, "/srv/reports/tests/a.py"), brief=brief) == Deny(
        rule=2, reason='You said "no new test files"; this would create /srv/reports/tests/a.py.'
    )
    assert isinstance(judged(file(Effect.CREATE, "/srv/reports/gaps.md"), brief=brief), Allow)


def test_row_2_only_one_place_means_no_other() -> None:
    boundary = Boundary(
        effects=frozenset(Effect), quote="only the payments repo", only=frozenset({"Payments"})
    )
    brief = Brief(boundaries=(boundary,))
    assert judged(github(Effect.READ, "acme/payments-old"), brief=brief) == Deny(
        rule=2, reason='You said "only the payments repo"; this would read from github (acme/payments-old).'
    )
    assert isinstance(judged(github(Effect.READ, "acme/payments"), brief=brief), Allow)
    assert isinstance(judged(file(Effect.CREATE, "/state/12/a.md", own=True), brief=brief), Allow)


def test_row_3_the_plan_comes_before_anything_but_reading() -> None:
    brief = Brief(plan_first=True)
    assert judged(file(Effect.CREATE, "/srv/reports/new.md"), brief=brief) == Ask(
        rule=3,
        reason="You asked to see the plan first; this would already create /srv/reports/new.md.",
        before_plan=True,
    )
    assert isinstance(judged(file(Effect.READ, "/srv/reports/new.md"), brief=brief), Allow)
    approved = Brief(plan_first=True, plan_approved=True)
    assert isinstance(judged(file(Effect.CREATE, "/srv/reports/new.md"), brief=approved), Allow)


def test_row_4_a_spent_budget_pauses_even_what_touches_nothing() -> None:
    pause = Ask(
        rule=4, reason="A budget is used up: 200 turns of this task. The work so far is kept.", pause=True
    )
    assert judged(file(Effect.READ, "/srv/wiki/a.md"), spent_out="200 turns of this task") == pause
    assert judged(spent_out="200 turns of this task") == pause


def test_row_5_an_approved_call_goes_through() -> None:
    assert judged(github(Effect.SEND), approved=frozenset({CALL.digest})) == Allow(
        rule=5, reason="Exactly this call was approved: to send something with github (acme/api)."
    )


def test_row_5_a_kind_goes_through_inside_its_place() -> None:
    kind = KindGrant(tool="edit_file", effect=Effect.CHANGE, where="/srv/reports/2026")
    grants = Grants(folders=GRANTS.folders, kinds=(kind,))
    edit = Call(id="toolu_2", tool="edit_file", input={})
    inside = file(Effect.CHANGE, "/srv/reports/2026/q4.md", existed=True)
    beside = file(Effect.CHANGE, "/srv/reports/2025/q4.md", existed=True)
    assert judged(inside, grants=grants, call=edit) == Allow(
        rule=5,
        reason="All calls of this kind were approved for this task: to change /srv/reports/2026/q4.md.",
    )
    assert isinstance(judged(beside, grants=grants, call=edit), Ask)
    assert isinstance(judged(inside, grants=grants), Ask)


def test_row_5_a_kind_that_deletes_holds_in_one_exact_place_only() -> None:
    delete = Call(id="toolu_3", tool="delete_file", input={})
    access = file(Effect.DELETE, "/srv/reports/old.md", existed=True)
    rules = {}
    for where in ("", "/srv/reports", "/srv/reports/old.md"):
        kind = KindGrant(tool="delete_file", effect=Effect.DELETE, where=where)
        grants = Grants(folders=GRANTS.folders, kinds=(kind,))
        rules[where] = judged(access, grants=grants, call=delete).rule
    assert rules == {"": 6, "/srv/reports": 6, "/srv/reports/old.md": 5}


def test_row_6_delete_send_and_publish_ask_even_when_autonomous_and_switched_on() -> None:
    verdicts = [
        judged(github(effect, own=True), grants=switched(Permission.ON), autonomy=Autonomy.AUTONOMOUS)
        for effect in (Effect.DELETE, Effect.SEND, Effect.PUBLISH)
    ]
    reason = "Nothing is {} without a person's approval."
    assert verdicts == [
        Ask(rule=6, reason=reason.format("deleted")),
        Ask(rule=6, reason=reason.format("sent")),
        Ask(rule=6, reason=reason.format("published")),
    ]


def test_row_7_a_supervised_task_asks_even_to_read() -> None:
    assert judged(file(Effect.READ, "/srv/wiki/a.md"), autonomy=Autonomy.SUPERVISED) == Ask(
        rule=7,
        reason="This task is supervised, so each call is approved first.",
    )


def test_row_8_after_others_text_a_place_nobody_named_asks() -> None:
    seen = frozenset({Label.UNTRUSTED})
    new = file(Effect.CREATE, "/srv/reports/new.md")
    assert judged(new, labels=seen) == Ask(
        rule=8,
        reason="This would create /srv/reports/new.md, a place you did not name, after the task has read text "
        "that someone else could have written.",
    )
    named = Brief(named=frozenset({"/srv/reports"}))
    assert judged(new, labels=seen, brief=named).rule == 10
    assert judged(file(Effect.CREATE, "/state/12/a.md", own=True), labels=seen).rule == 10


def test_row_8_after_private_data_and_others_text_an_address_nobody_named_asks() -> None:
    both = frozenset(Label)
    assert judged(to_host("evil.example"), labels=both) == Ask(
        rule=8,
        reason="This would send text to evil.example, which neither you nor an admin named, after the task has "
        "read what not everyone may read, and text that someone else could have written.",
    )
    assert judged(to_host("evil.example"), labels=frozenset({Label.UNTRUSTED})).rule == 10
    assert (
        judged(to_host("acme.example"), labels=both, brief=Brief(named=frozenset({"acme.example"}))).rule
        == 10
    )
    admins = Grants(addresses=frozenset({"ACME.example."}))
    assert judged(to_host("acme.example"), labels=both, grants=admins).rule == 10


def test_row_9_to_change_what_was_there_asks_at_checkpoint_and_passes_when_autonomous() -> None:
    change = file(Effect.CHANGE, "/srv/reports/q4.md", existed=True)
    assert judged(change) == Ask(rule=9, reason="This changes what was there before the task.")
    assert judged(change, autonomy=Autonomy.AUTONOMOUS) == Allow(
        rule=9, reason="An autonomous task may change /srv/reports/q4.md; there is a receipt."
    )


def test_row_9_to_create_what_is_already_there_is_to_change_it() -> None:
    assert judged(file(Effect.CREATE, "/srv/reports/q4.md", existed=True)).rule == 9


def test_row_9_a_tool_set_to_ask_asks_even_when_autonomous() -> None:
    for autonomy in (Autonomy.CHECKPOINT, Autonomy.AUTONOMOUS):
        assert judged(github(Effect.CREATE), autonomy=autonomy) == Ask(
            rule=9,
            reason="This would create something in github (acme/api), "
            "and “create issue” is set to ask each time.",
        )


def test_row_9_a_tool_switched_on_does_not_ask() -> None:
    assert judged(github(Effect.CREATE), grants=switched(Permission.ON)) == Allow(
        rule=9, reason="github_create_issue is switched on, so it may create something in github (acme/api)."
    )


def test_row_10_what_the_task_made_itself_it_may_change_and_delete() -> None:
    made = [file(effect, "/srv/reports/draft.md", own=True) for effect in (Effect.CHANGE, Effect.DELETE)]
    assert [judged(access) for access in made] == [
        Allow(rule=10, reason="It may change /srv/reports/draft.md, which this task made itself."),
        Allow(rule=10, reason="It may delete /srv/reports/draft.md, which this task made itself."),
    ]


def test_row_10_a_call_that_touches_nothing_is_allowed() -> None:
    assert judged(autonomy=Autonomy.SUPERVISED) == Allow(rule=10, reason="It touches nothing.")


def test_silence_denies_at_every_autonomy() -> None:
    remote = Access(
        effect=Effect.EXECUTE, resource=Resource(realm=Realm.SERVICE, name="github", item="acme/api")
    )
    for autonomy in Autonomy:
        assert judged(remote, autonomy=autonomy) == Deny(
            rule=0, reason="No rule allows it to run something in github (acme/api)."
        )
