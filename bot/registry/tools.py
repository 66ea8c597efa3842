"""Which tools there are: those that come with the colleague, and the actions of plugins."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property

from bot.domain.veil import Veil
from bot.registry.finding import Reach, finders, shown
from bot.registry.plugged import tools_of, undo_tools_of
from bot.registry.veiled import veiled
from bot.sdk.plugin import Plugin
from bot.sdk.tool import Tool
from bot.tools import (
    asking,
    charting,
    commanding,
    editing,
    files,
    folders,
    handing_over,
    making,
    placing,
    querying,
)
from bot.tools.undoing import undo_change

BUILT_IN: tuple[Tool, ...] = (
    asking.update_plan,
    asking.checkpoint,
    asking.ask_person,
    folders.list_folder,
    folders.search_files,
    folders.make_folder,
    files.read_file,
    files.write_file,
    files.edit_file,
    placing.copy_file,
    placing.move_file,
    placing.delete_file,
    making.make_document,
    editing.edit_document,
    charting.make_chart,
    querying.query_data,
    querying.profile_data,
    commanding.run_command,
    handing_over.deliver,
)


class Toolset:
    """Everything that a call can name, behind the veil. Whether it may is policy's matter, whatever stands here.

    `has_sandbox`: this machine can confine commands; where it cannot there is no tool for them.
    """

    def __init__(
        self,
        plugins: Mapping[str, Plugin] | None = None,
        veil: Veil = Veil(),
        has_sandbox: Callable[[], bool] = lambda: False,
    ) -> None:
        self.plugins = plugins or {}
        self._veil = veil
        self._has_sandbox = has_sandbox

    @cached_property
    def built_in(self) -> Mapping[str, Tool]:
        return self.veiled({tool.name: tool for tool in BUILT_IN})

    @cached_property
    def actions(self) -> Mapping[str, Tool]:
        """Those of all plugins, by name."""
        return self.veiled({k: v for plugin in self.plugins.values() for k, v in tools_of(plugin).items()})

    @cached_property
    def undoing(self) -> Mapping[str, Tool]:
        """What takes calls back, which no model is given."""
        backward = {k: v for plugin in self.plugins.values() for k, v in undo_tools_of(plugin).items()}
        return self.veiled({undo_change.name: undo_change, **backward})

    @property
    def known(self) -> Mapping[str, Tool]:
        """All that a person can be shown a call of."""
        return {**self.built_in, **self.actions}

    def offered(self, names: Collection[str]) -> Mapping[str, Tool]:
        """Of the actions those with these names."""
        return {name: tool for name, tool in self.actions.items() if name in names}

    def examples(self) -> Mapping[str, Mapping[str, object]]:
        return {
            name: action.example for plugin in self.plugins.values() for name, action in plugin.tools.items()
        }

    def for_task(self, reach: Reach | None) -> tuple[Mapping[str, Tool], list[Tool]]:
        """All that its calls can name, and what of it the model is shown. None: no service is installed."""
        lacking = () if self._has_sandbox() else (commanding.run_command.name,)
        built_in = {name: tool for name, tool in self.built_in.items() if name not in lacking}
        known = {**built_in, **self.actions}
        if reach is None:
            return known, list(built_in.values())
        finding = finders(reach)
        return {**known, **finding}, shown(built_in, reach.tools(), finding)

    def veiled(self, tools: Mapping[str, Tool]) -> Mapping[str, Tool]:
        """None of them tells a secret, or writes what stands for one."""
        return {name: veiled(tool, self._veil) for name, tool in tools.items()}
