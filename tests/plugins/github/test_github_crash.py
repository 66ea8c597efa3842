"""Killed anywhere between a yes and its record, an issue is opened once: what is there already is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.domain.choice import Choice
from bot.domain.grant import Permission
from bot.domain.task import TaskState
from bot.engine.services import Accounts
from bot.registry.tools import Toolset
from bot.rehearsal.answer import calls, text
from bot.sdk import Per
from bot.store import choices
from plugins.github import plugin
from tests.counterparts.emulate import Emulate
from tests.engine.furnished import offices
from tests.engine.mortal import Death, MortalDatabase, Story, lived
from tests.engine.office import ANA
from tests.plugins.github.conftest import REPO, connected
from tests.store import databases

OPEN = "github_create_issue"
INSTALLED = Choice(known=frozenset(plugin.tools), permissions={OPEN: Permission.ASK})


def test_wherever_the_process_dies_one_issue_is_opened(
    emulate: Emulate, github: Callable[..., Any], tmp_path: Path
) -> None:
    database = MortalDatabase(databases.sqlite_url(tmp_path))
    account = connected(emulate.github.url, emulate.github.token, per=Per.TEAM)
    accounts = Accounts(connection=lambda *_, **__: account, connected=lambda _: {"github"})
    titles = iter(f"Login fails {number}" for number in range(1_000))

    with offices(tmp_path) as made:

        def story(death: Death | None) -> tuple[Story, str]:
            title = next(titles)
            script = [calls((OPEN, {"repo": REPO, "title": title, "body": "It says 500."})), text("Done.")]
            turns = lambda request: script[sum(one["role"] == "assistant" for one in request["messages"])]  # noqa: E731
            database.reborn(None)
            databases.empty(database)
            office = made(mind=turns, database=database, tools=Toolset({"github": plugin}), accounts=accounts)
            with database.write("choices.choose") as session:
                choices.choose(session, ANA, "github", INSTALLED, now=office.clock())
            return lived(database, lambda: office, death, f"Open an issue in {REPO}"), title

        clean, _ = story(None)
        for at in range(clean.intents[0] - 1, clean.writes + 1):
            for is_after in (False, True):
                told, title = story(Death(at=at, is_after=is_after))
                issues = github("GET", f"/repos/{REPO}/issues?state=open&per_page=100")
                assert [one["title"] for one in issues].count(title) == 1, (at, is_after)
                assert told.task.state is TaskState.DONE
                assert [one.what for one in told.office.record.snapshot(1).receipts] == ["Opened issue"]
    database.close()
