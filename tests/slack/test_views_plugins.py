"""Plugins with any words of any length, however many: Slack takes every view of them, and nobody is pinged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.choice import Choice
from bot.domain.connected import Connected
from bot.domain.grant import FolderGrant
from bot.domain.task import Autonomy, TaskState
from bot.emulator.validation import view_problems
from bot.engine.plugging import Shelved, effects
from bot.policy import choosing
from bot.sdk.connect import Blank, Form, OAuth, Per
from bot.slack.views import connect, home, permissions, preferences
from bot.slack.views.accounts import Account
from bot.slack.views.connect import Road
from bot.slack.views.plugins import Shelf
from bot.slack.views.setup import Setup
from tests.engine.tracker import ACTIONS, UPGRADED
from tests.slack.test_views_fuzz import ALIVE, FOREIGN, TEXTS, _folders, _objects, _task

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
COUNTS = st.sampled_from([0, 1, 5, 30])
sometimes = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
BOTH = (Per.PERSON, Per.TEAM)


@sometimes
@given(TEXTS, COUNTS, st.booleans(), st.booleans(), st.integers(0, 3))
def test_slack_takes_every_home_with_plugins(texts, count, is_admin, is_begun, others):
    say = cycle(texts)
    shelf = _shelf(say, count, is_admin, others)
    channels = ["C0GENERAL"] * count
    setup = Setup(
        folders=_folders(say, count), channels=channels, shelf=shelf, has_chosen=False, is_begun=is_begun
    )
    shown = home.Home(
        tasks=[_task(say, state, 1) for state in _states(count)],
        folders=[FolderGrant(path=next(say)) for _ in range(count)],
        model=next(say),
        is_rehearsal=False,
        autonomy=Autonomy.CHECKPOINT,
        setup=setup,
    )

    _shown(home.home(shown), "home")
    _shown(preferences.preferences(Autonomy.CHECKPOINT, shelf), "modal")
    _shown(connect.services(shelf), "modal")


@sometimes
@given(TEXTS, COUNTS, st.sampled_from(Per), st.booleans())
def test_slack_takes_every_settings_of_a_plugin(texts, count, per, is_admin):
    say = cycle(texts)
    for one in _plugins(say, 3):
        large = replace(one, plugin=replace(one.plugin, actions=_many(count)))
        shelf = _shelf(say, 3, is_admin, 1)
        for each in (one, large):
            if each.is_installed:
                _shown(permissions.permissions(each, per, shelf), "modal")
                _shown(permissions.one_by_one(each, per), "modal")


@sometimes
@given(TEXTS, st.sampled_from(Per), st.booleans())
def test_slack_takes_every_form_and_page_to_connect(texts, per, is_secret):
    say = cycle(texts)
    [one] = _plugins(say, 1)
    blanks = (Blank(name="token", label=next(say), hint=next(say), is_secret=is_secret, is_long=True),)
    form = Form(way="token", title=next(say), per=BOTH, blanks=blanks, where=next(say))
    page = OAuth(title=next(say), per=BOTH, authorize="{api}/a", token="{api}/t")
    roads = [Road(plugin=one.plugin, way=way, per=each) for way in (form, page) for each in BOTH]
    made = Connected(
        id="1", team="T", owner="U", plugin="p", way="token", account=next(say), made_by="U",
        made_at=NOW, checked_at=NOW, renewed_at=NOW, can=(next(say), next(say)),
    )  # fmt: skip

    for view in (
        connect.roads(one.plugin, roads, notes=["An admin can."]),
        connect.roads(one.plugin, [], notes=[]),
        connect.form(roads[0], {"token": next(say)}, refused=next(say), tries=3),
        connect.page(roads[2], "http://127.0.0.1:8080/connect/p1/start/nonce", writes=is_secret),
        connect.trying(one.plugin),
        connect.connected(one.plugin, made),
    ):
        _shown(view, "modal")


def test_a_secret_is_never_filled_in_again():
    [one] = _plugins(cycle(["x"]), 1)
    blanks = (Blank(name="user", label="User"), Blank(name="token", label="Token", is_secret=True))
    form = Form(way="token", title="Token", per=BOTH, blanks=blanks, where="There.")
    typed = {"user": "ana", "token": "a-secret"}

    view = connect.form(Road(plugin=one.plugin, way=form, per=Per.PERSON), typed, refused="No.").to_dict()

    assert "a-secret" not in json.dumps(view)
    assert '"initial_value": "ana"' in json.dumps(view)


def _shelf(say: Iterator[str], count: int, is_admin: bool, others: int) -> Shelf:
    plugins = tuple(_plugins(say, count))
    accounts = [
        Account(plugin=one.plugin.name, per=per, name=next(say), is_well=bool(at % 3))
        for at, one in enumerate(plugins)
        for per in BOTH
    ]
    return Shelf(
        plugins=plugins,
        accounts=accounts,
        others={one.plugin.name: others for one in plugins if others},
        is_admin=is_admin,
        admins="<@U0ANA0001>",
    )


def _plugins(say: Iterator[str], count: int) -> Iterator[Shelved]:
    """Installed ones as they came, with an upgrade, off, and narrowed; and every fourth not installed."""
    for at in range(count):
        plugin = replace(
            UPGRADED,
            name=f"p{at}x",
            title=next(say),
            description=next(say),
            icon=next(say),
            scope_kind=next(say),
        )
        known = effects(plugin) if at % 2 else [f"p{at}x_list_issues"]
        team = Choice(known=frozenset(known), version=next(say), is_on=bool(at % 5), scope=_scope(say, at))
        own = None if at % 2 else Choice(scope=("*",), is_on=bool(at % 3))
        yield Shelved(plugin=plugin, team=None if at % 4 == 3 else team, own=own)


def _scope(say: Iterator[str], at: int) -> tuple[str, ...]:
    """As it can have been chosen."""
    chosen = [next(say) for _ in range(at)] + [f"acme/{number}" for number in range(at * 30)]
    fit = tuple(dict.fromkeys(one for one in chosen if not choosing.trouble((one,), None)))[:100]
    return fit or ("*",)


def _many(count: int):
    """As many actions, of every kind that the tracker has."""
    kinds = cycle(ACTIONS)
    return tuple(
        replace(action, name=f"{action.name}_{number}")
        for number, action in zip(range(max(1, count * 2)), kinds, strict=False)
    )


def _states(count: int):
    return [state for _, state in zip(range(count), cycle(TaskState), strict=False)]


def _shown(view, kind):
    shown = view.to_dict()
    assert view_problems(shown, kind) == []
    assert len(json.dumps(shown)) < 250 * 1024
    for object_ in _objects(shown):
        if object_.get("type") == "mrkdwn":
            assert not ALIVE.search(object_["text"])
            assert not FOREIGN.search(object_["text"])
