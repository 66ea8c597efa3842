"""A desk for the built-in tools, and files on it."""

from __future__ import annotations

import itertools
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain.call import Call, Result
from bot.registry.tools import BUILT_IN
from bot.tools.desk import Desk
from bot.tools.kept import Kept
from bot.tools.made import Made
from tests.tools.conftest import Grounds

TOOLS = {tool.name: tool for tool in BUILT_IN}

_numbers = itertools.count(1)


def desk_in(grounds: Grounds) -> Desk:
    return Desk(
        workspace=grounds.workspace,
        own_folder=grounds.own,
        handed_over=grounds.own.parent / "delivered" / "1",
        made=Made(frozenset),
        kept=Kept(grounds.own.parent / "kept"),
    )


def run(desk: Desk, tool: str, **given: Any) -> Result:
    desk = desk if desk.effect_id else desk.under(desk.halt, f"effect-{next(_numbers)}")
    arguments = TOOLS[tool].parsed(Call(id="c1", tool=tool, input=given))
    return TOOLS[tool].function(desk, **arguments)


def put(folder: Path, name: str, content: str | bytes = "x", at: str = "2026-01-02 03:04") -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    moment = datetime.strptime(at, "%Y-%m-%d %H:%M").replace(tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))
    return str(path)
