"""Connectors whose servers say anything at any length: Slack takes every view of them, and nobody is pinged."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.connector import Catalogue, Condition, Connector, Definition, Health, Offer, Transport
from bot.domain.effect import Effect
from bot.domain.grant import FolderGrant, Permission
from bot.domain.label import Audience
from bot.domain.task import Autonomy, TaskState
from bot.domain.tooling import Shown, Toggle, Tooling
from bot.emulator.validation import view_problems
from bot.engine.prompting import Prompt
from bot.policy.connecting import OF_RESOURCES
from bot.slack.drafts import Draft
from bot.slack.views import (
    connector_form,
    connector_review,
    connector_settings,
    connectors,
    home,
    prompts,
)
from bot.slack.views.connector_settings import Leaf
from bot.slack.views.connectors import Rack, SignIn
from bot.slack.views.setup import Setup, setup
from tests.slack.test_views_fuzz import TEXTS, _folders, _harmless, _task
from tests.slack.test_views_plugins import _shelf

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
COUNTS = st.sampled_from([0, 1, 9, 25, 70])
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
sometimes = settings(max_examples=8, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))


def test_a_connector_that_works_is_a_service_that_is_connected():
    works = _one(cycle(["Shop *db*"]), 2, Condition.READY, True)
    reads = replace(works, tools=(replace(works.tools[1], accepted=works.tools[1].definition),))
    unread = replace(reads, resources={}, catalogue=replace(reads.catalogue, resources=()), tools=())

    def said(one: Shown) -> str:
        return json.dumps([block.to_dict() for block in setup(Setup(connectors=[one]))], ensure_ascii=False)

    assert "☑ *2. Connect services*" in said(reads) and "MCP connectors: Shop *db*" in said(reads)
    assert "No plugin is installed" not in said(reads) and "☑ Read in connected services" in said(reads)
    assert "☐ Create and change there" in said(reads) and "☐ Read in connected services" in said(unread)
    for none in (replace(reads, is_on=False), replace(reads, is_approved=False)):
        assert "☐ *2. Connect services*" in said(none) and "☐ Read in connected services" in said(none)


@sometimes
@given(TEXTS, COUNTS, st.sampled_from(Condition), st.booleans(), st.booleans())
def test_slack_takes_every_list_and_the_whole_home(texts, count, condition, is_admin, is_on):
    say = cycle(texts)
    rack = Rack(
        connectors=[_one(say, 1, condition, is_on, f"db-{n}") for n in range(count)],
        is_admin=is_admin,
        sign_ins={
            f"db-{n}": SignIn(is_there=bool(n % 2), is_well=bool(n % 3), others=n) for n in range(count)
        },
    )
    _taken(connectors.connectors(rack), "modal")
    steps = Setup(
        folders=_folders(say, count),
        channels=["C0GENERAL"],
        shelf=_shelf(say, 30, is_admin, 3),
        connectors=rack.connectors,
    )
    shown = home.Home(
        tasks=[_task(say, TaskState.DONE, 1) for _ in range(count)],
        folders=[FolderGrant(path=next(say))],
        model="claude",
        is_rehearsal=False,
        autonomy=Autonomy.CHECKPOINT,
        setup=steps,
        connectors=rack,
    )
    whole = home.home(shown).to_dict()
    assert view_problems(whole, "home") == []
    assert "*Model*" in json.dumps(whole["blocks"][-1])


def test_a_fault_in_the_operators_file_is_shown_to_admins_alone():
    said = "In /etc/connectors.toml, [connectors.shop] <!channel> is no setting of it."

    def seen(rack: Rack) -> list[str]:
        views = (connectors.home_rows(rack), connectors.connectors(rack).blocks)
        return [json.dumps([block.to_dict() for block in view], ensure_ascii=False) for view in views]

    for view in seen(Rack(trouble=said, is_admin=True)):
        assert "⚠️ In /etc/connectors.toml" in view and "<!channel>" not in view
        assert "What stood there before stays in force." in view
    assert not any("/etc/" in view for view in seen(Rack(trouble=said)))


@sometimes
@given(TEXTS, COUNTS, st.integers(0, 9), st.booleans())
def test_slack_takes_every_settings_and_every_review(texts, count, page, is_new):
    say = cycle(texts)
    one = _one(say, count, Condition.BACKOFF, is_on=True)
    at = Leaf(slug="db", page=page, is_new=is_new, chosen={f"{n:08x}": "ask-delete" for n in range(count)})
    _taken(connector_settings.settings(one, at), "modal")
    _taken(connector_review.review(one, page, next(say)), "modal")


@sometimes
@given(TEXTS, COUNTS, st.sampled_from(Transport))
def test_slack_takes_every_form_with_what_came_of_the_test(texts, count, kind):
    say = cycle(texts)
    typed = Draft(
        name=next(say)[:500],
        kind=kind,
        command=next(say)[:500],
        arguments=next(say)[:3000],
        url=next(say)[:500],
        app=next(say)[:3000],
    )
    granted = [FolderGrant(path=f"/srv/{number}/{next(say)}") for number in range(count)]
    made = _connector(say, kind)
    for outcome in (
        connector_form.testing(made),
        connector_form.tested(made, _one(say, count, Condition.READY, is_on=True).catalogue),
        connector_form.failed(next(say), made),
        connector_form.wants_sign_in(made),
        connector_form.unapproved(made),
    ):
        _taken(connector_form.form(typed, granted, outcome), "modal")


@sometimes
@given(TEXTS, COUNTS)
def test_slack_takes_every_prompt(texts, count):
    say = cycle(texts)
    arguments = tuple((next(say), next(say), bool(number % 2)) for number in range(count))
    offer = Offer(name=next(say), title=next(say), description=next(say), arguments=arguments)
    one = Prompt(slug="db", owner=next(say), offer=offer, audience=Audience.WORKSPACE)
    _taken(prompts.pick("C0GENERAL", any_there=bool(count)), "modal")
    _taken(prompts.arguments(one, "C0GENERAL", {}, refused=next(say)), "modal")
    goal = prompts.goal(one, {name: next(say) for name, _, _ in arguments})[:3000]
    _taken(prompts.preview(one, goal, next(say) * 9, "key"), "modal")
    for option in prompts.options([one] * 3, ""):
        assert len(option.to_dict()["value"]) <= 150


def test_a_difference_shows_what_cannot_be_seen_and_only_what_is_otherwise():
    before = Definition.of("read", {"description": "Reads.", "inputSchema": {"type": "object"}})
    after = Definition.of(
        "read", {"description": "Reads.\u200b\nAnd mails.", "inputSchema": {"type": "object"}}
    )

    said = connector_review.difference(_tool(before, after))

    assert said.splitlines()[3:7] == ["-Reads.", "+Reads.‹U+200B›", "+And mails.", " {"]


def _tool(accepted: Definition | None, now: Definition) -> Tooling:
    return Tooling(definition=now, accepted=accepted, toggle=Toggle(), suggested=Effect.READ)


def _one(say, count: int, condition: Condition, is_on: bool, slug: str = "db") -> Shown:
    catalogue = Catalogue(
        tools=tuple(Definition.of(f"{n}{next(say)}", {"description": next(say)}) for n in range(count)),
        resources=tuple(Offer(name=next(say)) for _ in range(count)),
        prompts=tuple(Offer(name=next(say)) for _ in range(count)),
        server=next(say),
        version=next(say),
        dropped=((next(say), next(say)),),
    )
    toggles = (Toggle(), Toggle(effect=Effect.READ, permission=Permission.ON))
    tools = tuple(
        Tooling(
            definition=tool,
            accepted=(None, tool, Definition.of(tool.name, {"description": next(say)}))[number % 3],
            toggle=toggles[number % 2],
            suggested=Effect.CREATE,
        )
        for number, tool in enumerate(catalogue.tools)
    )
    health = Health(
        condition=condition,
        trouble=next(say),
        next_try=NOW,
        last_success=NOW,
        restarts=count,
        stderr=(next(say),) * 20,
    )
    return Shown(
        connector=replace(_connector(say, Transport.STDIO if slug == "db" else Transport.AUTO), slug=slug),
        catalogue=catalogue,
        tools=tools,
        is_on=is_on,
        is_from_file=bool(count % 2),
        health=health,
        added_by=next(say),
        is_approved=bool(count),
        missing=(next(say),) * count,
        resources={"list_resources": OF_RESOURCES, "read_resource": OF_RESOURCES},
    )


def _connector(say: Callable[[], str], kind: Transport) -> Connector:
    command = ("/usr/bin/server", next(say), next(say)) if kind is Transport.STDIO else ()
    return Connector(
        slug="db",
        title=next(say),
        transport=kind,
        command=command,
        url="https://a.example/" + next(say),
        is_personal=kind is not Transport.STDIO,
    )


def _taken(view, kind: str) -> None:
    shown = view.to_dict()
    assert view_problems(shown, kind) == []
    assert len(json.dumps(shown)) < 250 * 1024
    shown.pop("private_metadata", None)
    _harmless(shown)
