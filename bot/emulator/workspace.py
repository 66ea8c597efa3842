"""The workspace: what it remembers, the app installed in it, and everyone who is to be told of news."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from pathlib import Path

from bot.emulator.alarms import Alarms
from bot.emulator.broadcast import Broadcast
from bot.emulator.call_log import CallLog
from bot.emulator.delivery import Delivery, Timings
from bot.emulator.faults import Faults
from bot.emulator.ids import Ids, team_id
from bot.emulator.installation import Installation
from bot.emulator.installed_app import InstalledApp
from bot.emulator.request_url import RequestUrl
from bot.emulator.store import Store
from bot.emulator.wire import Json

TEAM_NAME = "Acme"


class Workspace:
    """State is read and changed while `lock` is held, and never while waiting for the app."""

    def __init__(
        self,
        path: Path,
        manifest: Json,
        *,
        seed: str,
        timings: Timings,
        clock: Callable[[], float],
        withheld: Collection[str],
    ) -> None:
        self.lock = threading.RLock()
        self.timings = timings
        self._clock = clock
        self._ahead = 0.0
        self.store = Store(path)
        self.ids = Ids(self.store, seed, self.now)
        self.app = InstalledApp(manifest, withheld)
        self.installation = Installation(self.store, self.now)
        self.team_id = team_id(seed)
        self.app_id = self.ids.named("A", "app")
        self.bot_id = self.ids.named("B", "bot")
        self.bot_user = self.ids.named("U", "bot")
        self.origin = "http://127.0.0.1"
        self.faults = Faults()
        self.alarms = Alarms()
        self.broadcast = Broadcast()
        self.log = CallLog(self.broadcast, self.now)
        self.delivery = Delivery(
            self.app_id,
            alarms=self.alarms,
            faults=self.faults,
            log=self.log,
            broadcast=self.broadcast,
            timings=timings,
        )
        self.triggers: dict[str, Json] = {}
        self.ephemerals: dict[str, Json] = {}

    @property
    def team(self) -> Json:
        return {"id": self.team_id, "name": TEAM_NAME, "domain": TEAM_NAME.lower()}

    def now(self) -> float:
        return self._clock() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def deliver_to(self, url: str | None) -> None:
        secret = self.installation.signing_secret
        self.delivery.connect_to(RequestUrl(url, secret) if url else None)

    def close(self) -> None:
        self.delivery.close()
        self.broadcast.close()
        self.alarms.close()
        with self.lock:
            self.store.close()
