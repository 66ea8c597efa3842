"""Trigger ids: what a person did is good for one view, for three seconds."""

from __future__ import annotations

import secrets

from bot.emulator.wire import SlackError
from bot.emulator.workspace import Workspace


def fresh(ws: Workspace, person: str) -> str:
    trigger = f"{ws.ids.fresh('')}.{secrets.token_hex(8)}"
    ws.triggers[trigger] = {"person": person, "at": ws.now(), "used": False}
    return trigger


def use(ws: Workspace, trigger: str) -> str:
    """Whose screen the view goes to."""
    known = ws.triggers.get(trigger)
    if known is None:
        raise SlackError("invalid_trigger_id")
    if ws.now() - known["at"] > ws.timings.trigger:
        raise SlackError("expired_trigger_id")
    if known["used"]:
        raise SlackError("exchanged_trigger_id")
    known["used"] = True
    return str(known["person"])


def expire(ws: Workspace) -> None:
    for known in ws.triggers.values():
        known["at"] = float("-inf")
