"""Many tools, a small prompt: the model is shown a few actions of services, and looks for the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from bot.domain.call import BY_NAME, Result, canonical
from bot.errors import SignInNeeded, ToolError
from bot.registry.ranking import Ranking
from bot.sdk.plugin import Plugin
from bot.sdk.tool import Tool, tool
from bot.tools.desk import Desk

SHOWN = 25
"""Actions of services that are shown outright: selection gets worse past that (notes/model.md §5)."""

MOST_FOUND = 8


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The actions that a task may take by name, and the services that are on but wait for someone to sign in.

    It is asked anew for each search: what was connected a moment ago is found.
    """

    tools: Callable[[], Mapping[str, Tool]]
    examples: Mapping[str, Mapping[str, Any]]
    unconnected: Callable[[], Sequence[Plugin]]


def shown(
    built_in: Mapping[str, Tool], actions: Mapping[str, Tool], finders: Mapping[str, Tool]
) -> list[Tool]:
    """What the prompt defines: everything where that is little, else the first of each service, which are used most."""
    direct = list(actions.values()) if len(actions) <= SHOWN else _first_of_each(actions)
    return [*built_in.values(), *direct, *finders.values()]


def finders(reach: Reach) -> dict[str, Tool]:
    """The tools that find actions, run them by name, and ask people to sign in."""

    @tool(preview=lambda desk, query: f"Look for an action: {query}")
    def find_actions(
        desk: Desk,
        query: Annotated[str, 'What you want to do, in a few words: "github comment on a pull request".'],
    ) -> Result:
        """Find actions of connected services (issues, documents, messages, calendars) that are not among your tools.

        Gives each with its arguments and an example; call them with run_action. An empty answer means that no connected
        service can do it.
        """
        return Result(text="\n\n".join([*_found(query, reach), *_waiting(reach)]) or "No action fits.")

    @tool(preview=lambda desk, action, input: f"Run {action}")
    def run_action(
        desk: Desk,
        action: Annotated[str, 'Its name, as find_actions gave it: "github_create_issue".'],
        input: Annotated[dict[str, Any], "Its arguments."],
    ) -> Result:
        """Call an action that find_actions named. It is allowed, asked for or refused like any tool."""
        raise ToolError(f"There is no action {action!r} here. Look for it with find_actions.")

    @tool(preview=lambda desk, service: f"Ask for a sign-in to {service}")
    def ask_to_connect(
        desk: Desk, service: Annotated[str, 'A service that find_actions says nobody signed in to: "jira".']
    ) -> Result:
        """Ask the requester to sign in to a service that the goal needs. The task goes on when they have."""
        for plugin in reach.unconnected():
            if service.lower() in (plugin.name, plugin.title.lower()):
                raise SignInNeeded(f"{plugin.title} is needed for this.", plugin=plugin.name)
        if any(
            service.lower() in (name.partition("_")[0], one.service.lower())
            for name, one in reach.tools().items()
        ):
            return Result(text=f"{service} is connected. Look for its actions with find_actions.")
        raise ToolError(f"There is no {service!r} here. What there is, find_actions says.")

    return {one.name: one for one in (find_actions, run_action, ask_to_connect)}


def _first_of_each(actions: Mapping[str, Tool]) -> list[Tool]:
    of_service: dict[str, list[Tool]] = {}
    for one in actions.values():
        of_service.setdefault(one.service, []).append(one)
    return [one for some in of_service.values() for one in some[: SHOWN // len(of_service)]]


def _found(query: str, reach: Reach) -> list[str]:
    tools = reach.tools()
    ranking = Ranking.of({name: one.description for name, one in tools.items()})
    return [_told(tools[name], reach.examples.get(name, {})) for name in ranking.best(query, MOST_FOUND)]


def _told(found: Tool, example: Mapping[str, Any]) -> str:
    return "\n".join(
        [
            f"{found.name}: {found.description}",
            f"arguments: {canonical(found.schema)}",
            f"example: {canonical({'action': found.name, 'input': example})}",
        ]
    )


def _waiting(reach: Reach) -> list[str]:
    return [
        f"{plugin.title} ({plugin.description}) is installed, but nobody signed in: ask_to_connect with "
        f'service="{plugin.name}" if the goal needs it.'
        for plugin in reach.unconnected()
    ]


assert BY_NAME == "run_action"
