"""Which tools a task may have."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.task import Task
from bot.domain.veil import Veil
from bot.registry.veiled import veiled
from bot.sdk.tool import Tool
from bot.tools import asking, files, folders, handing_over, placing

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
    handing_over.deliver,
)


def tools_for(task: Task, veil: Veil = Veil()) -> Mapping[str, Tool]:
    """By name, each behind the veil. What stays inside the task is always there; reach is policy's matter."""
    return {tool.name: veiled(tool, veil) for tool in BUILT_IN}
