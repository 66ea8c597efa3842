"""Whole calls as tasks make them: each gets the verdict a requester would expect."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from bot.domain.brief import Boundary, Brief
from bot.domain.call import Call
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.grant import FolderGrant, Grants, KindGrant, Permission, ServiceGrant
from bot.domain.label import Label
from bot.domain.task import Autonomy
from bot.domain.verdict import Allow, Ask, Deny, Verdict
from bot.policy.check import check

GRANTS = Grants(
    folders=(FolderGrant(path="/home/ana/reports"), FolderGrant(path="/home/ana/wiki", writable=False)),
    services={
        "github": ServiceGrant(
            permissions={
                "github_list_issues": Permission.ASK,
                "github_create_issue": Permission.ON,
                "github_comment": Permission.ASK,
                "github_push": Permission.OFF,
                "github_move": Permission.ON,
            },
            scope=("acme/payments", "acme/frontend"),
        )
    },
    connectors={"db": ServiceGrant(permissions={"db__query": Permission.ON, "db__wipe": Permission.ON})},
    sandbox=True,
)
NO_FILES = Brief(boundaries=(Boundary(effects=frozenset({Effect.CREATE}), quote="do not create files"),))
NO_CHANGES = Brief(boundaries=(Boundary(effects=frozenset({Effect.CHANGE}), quote="change nothing"),))
NAMED = Brief(named=frozenset({"/home/ana/reports", "GitHub"}))


@dataclass(frozen=True, kw_only=True)
class Case:
    story: str
    tool: str
    does: tuple[Access, ...]
    ends: type[Verdict]
    rule: int
    brief: Brief = field(default_factory=Brief)
    autonomy: Autonomy = Autonomy.CHECKPOINT
    labels: frozenset[Label] = frozenset()


def at(path: str, effect: Effect, *, existed: bool = False, own: bool = False) -> Access:
    path = path if path.startswith("/") else f"/home/ana/reports/{path}"
    return Access(effect=effect, resource=Resource(realm=Realm.FOLDER, name=path, existed=existed, own=own))


def on(service: str, item: str, effect: Effect, realm: Realm = Realm.SERVICE) -> Access:
    return Access(effect=effect, resource=Resource(realm=realm, name=service, item=item))


MOVE = (at("a.pdf", Effect.CHANGE, existed=True), at("Q4/a.pdf", Effect.CREATE))
MOVE_OUT = (at("a.pdf", Effect.CHANGE, existed=True), at("/etc/cron.d/a", Effect.CREATE))
COPY_TO_WIKI = (at("a.md", Effect.READ), at("/home/ana/wiki/a.md", Effect.CREATE))
QUERY = on("db", "", Effect.READ, Realm.CONNECTOR)
SEARCH = Access(effect=Effect.EGRESS, resource=Resource(realm=Realm.ADDRESS, name="search.example"))
SHELL = Access(effect=Effect.EXECUTE, resource=Resource(realm=Realm.SANDBOX, name="sandbox"))
ALL = frozenset(Label)
READ_OTHERS = frozenset({Label.UNTRUSTED})
ALONE = Autonomy.AUTONOMOUS

CASES = [
    Case(story="list a folder", tool="list_folder", does=(at("", Effect.READ),), ends=Allow, rule=10),
    Case(
        story="write a new report", tool="write_file", does=(at("r.md", Effect.CREATE),), ends=Allow, rule=10
    ),
    Case(
        story="overwrite a report",
        tool="write_file",
        does=(at("r.md", Effect.CHANGE, existed=True),),
        ends=Ask,
        rule=9,
    ),
    Case(
        story="rewrite ones own draft",
        tool="write_file",
        does=(at("r.md", Effect.CHANGE, existed=True, own=True),),
        ends=Allow,
        rule=10,
    ),
    Case(story="move a file", tool="move_file", does=MOVE, ends=Ask, rule=9),
    Case(story="move a file alone", tool="move_file", does=MOVE, ends=Allow, rule=9, autonomy=ALONE),
    Case(story="move a file out", tool="move_file", does=MOVE_OUT, ends=Deny, rule=1, autonomy=ALONE),
    Case(story="copy into what is read-only", tool="copy_file", does=COPY_TO_WIKI, ends=Deny, rule=1),
    Case(
        story="delete a file alone",
        tool="delete_file",
        does=(at("a.pdf", Effect.DELETE, existed=True),),
        ends=Ask,
        rule=6,
        autonomy=ALONE,
    ),
    Case(
        story="write a file against the brief",
        tool="write_file",
        does=(at("r.md", Effect.CREATE),),
        ends=Deny,
        rule=2,
        brief=NO_FILES,
        autonomy=ALONE,
    ),
    Case(
        story="move a file before the plan is seen",
        tool="move_file",
        does=MOVE,
        ends=Ask,
        rule=3,
        brief=Brief(plan_first=True),
        autonomy=ALONE,
    ),
    Case(
        story="write where a page said to",
        tool="write_file",
        does=(at("r.md", Effect.CREATE),),
        ends=Ask,
        rule=8,
        labels=READ_OTHERS,
        autonomy=ALONE,
    ),
    Case(
        story="write where the requester said to",
        tool="write_file",
        does=(at("r.md", Effect.CREATE),),
        ends=Allow,
        rule=10,
        labels=READ_OTHERS,
        brief=NAMED,
    ),
    Case(
        story="list issues",
        tool="github_list_issues",
        does=(on("github", "acme/payments", Effect.READ),),
        ends=Allow,
        rule=10,
    ),
    Case(
        story="list issues of all that the key can see",
        tool="github_list_issues",
        does=(on("github", "", Effect.READ),),
        ends=Deny,
        rule=1,
    ),
    Case(
        story="file an issue in a service the requester named",
        tool="github_create_issue",
        does=(on("github", "acme/payments", Effect.CREATE),),
        ends=Allow,
        rule=9,
        labels=READ_OTHERS,
        brief=NAMED,
    ),
    Case(
        story="file an issue in a service nobody named",
        tool="github_create_issue",
        does=(on("github", "acme/payments", Effect.CREATE),),
        ends=Ask,
        rule=8,
        labels=READ_OTHERS,
        autonomy=ALONE,
    ),
    Case(
        story="publish a comment",
        tool="github_comment",
        does=(on("github", "acme/payments", Effect.PUBLISH),),
        ends=Ask,
        rule=6,
    ),
    Case(
        story="push a branch",
        tool="github_push",
        does=(on("github", "acme/payments", Effect.CHANGE),),
        ends=Deny,
        rule=1,
    ),
    Case(
        story="move an issue out of scope",
        tool="github_move",
        does=(on("github", "acme/payments", Effect.CHANGE), on("github", "evil/sink", Effect.CREATE)),
        ends=Deny,
        rule=1,
    ),
    Case(story="query a database", tool="db__query", does=(QUERY,), ends=Allow, rule=10),
    Case(
        story="wipe a database",
        tool="db__wipe",
        does=(on("db", "", Effect.DELETE, Realm.CONNECTOR),),
        ends=Ask,
        rule=6,
        autonomy=ALONE,
    ),
    Case(story="run a command", tool="run_command", does=(SHELL,), ends=Allow, rule=10, labels=ALL),
    Case(story="search the web", tool="search", does=(SEARCH,), ends=Allow, rule=10),
    Case(story="search after private text", tool="search", does=(SEARCH,), ends=Ask, rule=8, labels=ALL),
    Case(story="note the plan", tool="update_plan", does=(), ends=Allow, rule=10, labels=ALL),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.story)
def test_a_call_gets_the_verdict_a_requester_would_expect(case: Case) -> None:
    call = Call(id="toolu_1", tool=case.tool, input={})
    verdict = check(
        call, case.does, brief=case.brief, grants=GRANTS, autonomy=case.autonomy, labels=case.labels
    )
    assert (type(verdict), verdict.rule) == (case.ends, case.rule), verdict.reason


@pytest.mark.parametrize("order", [1, -1])
def test_of_equally_strict_verdicts_the_topmost_row_speaks(order: int) -> None:
    kind = KindGrant(tool="move_file", effect=Effect.CHANGE, where="/home/ana/reports")
    grants = replace(GRANTS, kinds=(kind,))
    call = Call(id="toolu_1", tool="move_file", input={})
    by_kind = check(call, MOVE[::order], brief=Brief(), grants=grants, autonomy=Autonomy.CHECKPOINT)
    denied = check(call, MOVE_OUT[::order], brief=NO_CHANGES, grants=grants, autonomy=Autonomy.CHECKPOINT)
    assert (type(by_kind), by_kind.rule) == (Allow, 5)
    assert (type(denied), denied.rule) == (Deny, 1)
