"""Without a model's key: the open issues of a repository are summarised on whatever GitHub is connected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.choice import Choice
from bot.domain.person import Person
from bot.domain.task import TaskState
from bot.engine.services import Accounts
from bot.registry.tools import Toolset
from bot.rehearsal.mind import rehearse
from bot.sdk import Connection, Per, Plugin
from bot.store import choices
from plugins.github import plugin
from tests.counterparts.emulate import Emulate
from tests.engine.furnished import offices
from tests.engine.office import ANA, Office
from tests.plugins.github.conftest import connected

GOAL = (
    "Prepare a summary of all open issues in the hello-world repository, grouped by severity, with suggested "
    "priorities for the next sprint."
)
ISSUES = [
    ("Checkout fails", ["critical"]),
    ("Slow list · of open things", ["severity: high"]),
    ("Typo", ["low", "docs"]),
    ("Ideas | <!channel>", []),
]


@pytest.fixture
def office(emulate: Emulate, tmp_path: Path) -> Iterator[Office]:
    def connection(person: Person, plugin: Plugin, **_: object) -> Connection:
        return connected(emulate.github.url, emulate.github.token, per=Per.TEAM)

    accounts = Accounts(connection=connection, connected=lambda _: {"github"})
    with offices(tmp_path) as made:
        opened = made(mind=rehearse, tools=Toolset({"github": plugin}), accounts=accounts)
        with opened.database.write("choices.choose") as session:
            installed = Choice(known=frozenset(plugin.tools))
            choices.choose(session, ANA, "github", installed, now=opened.clock())
        yield opened


@pytest.mark.parametrize(
    "goal", [GOAL, GOAL.replace("the hello-world repository", "github.com/octocat/hello-world")]
)
def test_open_issues_are_counted_at_a_checkpoint_and_handed_over_in_order(
    office: Office, github: Callable[..., Any], goal: str
) -> None:
    before = len(github("GET", "/repos/octocat/hello-world/issues?state=open"))
    numbers = [
        github("POST", "/repos/octocat/hello-world/issues", title=title, labels=labels)["number"]
        for title, labels in ISSUES
    ]

    task = office.begin(goal)
    asked = office.pending(task.id).draft
    done = office.approve(task.id)

    assert asked.title == f"Found {before + 4} open issues in octocat/hello-world"
    assert "- Critical: 1\n- High: 1\n" in asked.summary
    assert done.state is TaskState.DONE
    (report,) = office.record.snapshot(task.id).deliverables
    written = Path(report.path).read_text()
    order = [written.index(f"[#{number}]") for number in numbers]
    assert order[0] < order[1] < order[2]
    assert "critical, open since" in written and "needs an owner" in written
    assert "Ideas \\| \\<!channel\\>" in written and "Slow list · of open things" in written


def test_where_github_is_not_installed_it_says_who_can_install_it(tmp_path: Path) -> None:
    with offices(tmp_path) as made:
        office = made(mind=rehearse)

        task = office.begin(GOAL)

    assert task.state is TaskState.DONE
    assert "an admin installs it in my Home tab" in task.answer
