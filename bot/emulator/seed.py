"""The workspace on its first day: who works at Acme, and where they talk."""

from __future__ import annotations

from bot.emulator import channels, users
from bot.emulator.workspace import Workspace

_LISBON = {"tz": "Europe/Lisbon", "tz_label": "Western European Time", "tz_offset": 0}
_BERLIN = {"tz": "Europe/Berlin", "tz_label": "Central European Time", "tz_offset": 3600}
_NEW_YORK = {"tz": "America/New_York", "tz_label": "Eastern Standard Time", "tz_offset": -18000}


def plant(ws: Workspace) -> None:
    """Fill an empty workspace; one that has people is left as it is."""
    if ws.store.every("user"):
        return
    ana = _person(ws, "ana", "Ana Silva", title="Engineering manager", color="4a8f5c", **_LISBON)
    ben = _person(ws, "ben", "Ben Okafor", title="Head of finance", color="3f6fb0", **_BERLIN)
    mia = _person(ws, "mia", "Mia Chen", title="Workspace admin", color="a0548c", is_admin=True, **_NEW_YORK)
    gil = _person(ws, "gil", "Gil Moreau", title="Contractor", color="b0713f", is_guest=True, **_BERLIN)
    bot = _person(ws, ws.app.name, ws.app.title, title="Digital colleague", color="5b5bd6", is_bot=True)
    everyone = [ana, ben, mia, gil, bot]
    _channel(ws, "general", mia, everyone, "Company-wide announcements and work")
    _channel(ws, "engineering", ana, [ana, ben, mia], "Building and running the product")
    _channel(ws, "reports", ben, [ana, ben, mia, bot], "Weekly and monthly reports")
    _channel(ws, "leads", ana, [ana, ben], "Leads only", private=True)
    for person in (ana, ben, mia, gil):
        channels.direct(ws, person, bot)
    ws.store.put(
        "usergroup",
        ws.ids.named("S", "leads"),
        {
            "id": ws.ids.named("S", "leads"),
            "name": "Leads",
            "handle": "leads",
            "users": [ana, ben],
            "by": mia,
        },
    )


def _channel(
    ws: Workspace, name: str, creator: str, members: list[str], topic: str, *, private: bool = False
) -> None:
    channel = channels.create(ws, name, creator, members, private=private)
    channels.change(ws, {**channel, "topic": topic})


def _person(ws: Workspace, name: str, real_name: str, **traits: object) -> str:
    return str(users.add(ws, name, real_name, **traits)["id"])
