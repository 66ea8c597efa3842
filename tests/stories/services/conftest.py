"""An office whose services are real plugins on counterparts that nobody here wrote; every write asks first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.domain.approval import Action
from bot.domain.choice import Choice
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.domain.person import Person
from bot.domain.task import Task
from bot.engine.services import Accounts
from bot.errors import SignInNeeded
from bot.registry.tools import Toolset
from bot.rehearsal.answer import Answer, Mind
from bot.sdk import Connection, Plugin
from bot.store import choices
from plugins.calendar import plugin as calendar_plugin
from plugins.confluence import plugin as confluence_plugin
from plugins.github import plugin as github_plugin
from plugins.google import plugin as google_plugin
from plugins.jira import plugin as jira_plugin
from plugins.linear import plugin as linear_plugin
from plugins.notion import plugin as notion_plugin
from plugins.slack import plugin as slack_plugin
from tests.engine.furnished import offices
from tests.engine.office import ANA, Office
from tests.plugins.confluence.conftest import confluence
from tests.plugins.github.conftest import github, pull
from tests.plugins.jira.conftest import jira

__all__ = ["confluence", "github", "jira", "pull"]

PLUGINS = {
    one.name: one
    for one in (
        calendar_plugin,
        confluence_plugin,
        github_plugin,
        google_plugin,
        jira_plugin,
        linear_plugin,
        notion_plugin,
        slack_plugin,
    )
}


@dataclass(frozen=True, kw_only=True)
class Staffed:
    """Makes an office of what its model says. `connections` are Ana's accounts; what she has none at is not on."""

    made: Callable[..., Office]

    def __call__(
        self,
        connections: Mapping[str, Connection],
        *script: Answer | Mind,
        scopes: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Office:
        def connection(person: Person, plugin: Plugin, **_: object) -> Connection:
            if not person.is_same(ANA) or plugin.name not in connections:
                raise SignInNeeded(f"Nobody connected {plugin.title} here.", plugin=plugin.name)
            return connections[plugin.name]

        accounts = Accounts(connection=connection, connected=lambda _: set(connections))
        office = self.made(*script, tools=Toolset(PLUGINS), accounts=accounts)
        with office.database.write("choices.choose") as session:
            for name in connections:
                chosen = asking(PLUGINS[name], (scopes or {}).get(name, ("*",)))
                choices.choose(session, ANA, name, chosen, now=office.clock())
        return office


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[Staffed]:
    with offices(tmp_path) as made:
        yield Staffed(made=made)


def asking(plugin: Plugin, scope: tuple[str, ...]) -> Choice:
    """An admin's: reads are on, and everything else asks each time."""
    asked = {name: Permission.ASK for name, one in plugin.tools.items() if one.effect is not Effect.READ}
    return Choice(known=frozenset(plugin.tools), permissions=asked, scope=scope)


def told(request: dict[str, Any]) -> str:
    """What the model's last calls came to."""
    blocks = request["messages"][-1]["content"]
    return "\n".join(one["content"][0]["text"] for one in blocks if one["type"] == "tool_result")


def asked(office: Office, task: Task) -> tuple[Action, ...]:
    """The exact calls on the card that waits."""
    return office.pending(task.id).draft.actions
