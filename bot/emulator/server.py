"""The local Slack: one workspace behind one ASGI application, on this machine only."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from bot.emulator import channels, seed, users
from bot.emulator.call_log import Entry
from bot.emulator.control import Control, ControlApi
from bot.emulator.delivery import Timings
from bot.emulator.edge import Edge
from bot.emulator.ids import SEED
from bot.emulator.methods import scheduled
from bot.emulator.origin import LoopbackOnly
from bot.emulator.page_api import PageApi
from bot.emulator.person import Person
from bot.emulator.wire import Json
from bot.emulator.workspace import Workspace

DATABASE = "local-slack.sqlite"
_START_SECONDS = 10.0


class LocalSlack:
    """Stands in for Slack at the wire. Its data are in `home` and survive a restart.

    `manifest` is the parsed manifest of the app; `withheld` are scopes that it asks for and is not given
    (by default the optional right to post where it is no member, so that this case is met).
    """

    def __init__(
        self,
        home: Path,
        manifest: Json,
        *,
        seed_text: str = SEED,
        timings: Timings | None = None,
        clock: Callable[[], float] = time.time,
        withheld: Collection[str] = ("chat:write.public",),
    ) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.workspace = Workspace(
            home / DATABASE,
            manifest,
            seed=seed_text,
            timings=timings or Timings(),
            clock=clock,
            withheld=withheld,
        )
        with self.workspace.lock:
            seed.plant(self.workspace)
            for kept in self.workspace.store.every("scheduled"):
                scheduled.arm(self.workspace, kept)
        self.control = Control(self.workspace)
        self._edge = Edge(self.workspace)
        self.asgi = Starlette(routes=self.routes(), middleware=[Middleware(LoopbackOnly)])
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def bot_token(self) -> str:
        return self.workspace.installation.bot_token

    @property
    def app_token(self) -> str:
        return self.workspace.installation.app_token

    @property
    def signing_secret(self) -> str:
        return self.workspace.installation.signing_secret

    @property
    def client_id(self) -> str:
        return self.workspace.installation.client_id

    @property
    def client_secret(self) -> str:
        return self.workspace.installation.client_secret

    @property
    def url(self) -> str:
        """Where it is reached, such as `http://127.0.0.1:3999`."""
        return self.workspace.origin

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` must be."""
        return f"{self.url}/api/"

    def routes(self) -> list[BaseRoute]:
        """For a caller that serves them beside its own; wrap that application in `LoopbackOnly`."""
        control = ControlApi(self.workspace, self.control, self._edge)
        page = PageApi(self.workspace, self._edge)
        return [*self._edge.routes(), *control.routes(), *page.routes()]

    def serve_at(self, url: str) -> None:
        """Say where a caller serves `asgi` (links in payloads begin with it)."""
        self.workspace.origin = url.rstrip("/")

    def deliver_to(self, url: str | None) -> None:
        """Deliver events and gestures over HTTP, signed, to this URL; None goes back to sockets."""
        self.workspace.deliver_to(url)

    def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Serve on a thread of its own; the URL."""
        listener = socket.create_server((host, port))
        bound = listener.getsockname()[1]
        self.serve_at(f"http://{host}:{bound}")
        config = uvicorn.Config(
            self.asgi, ws="wsproto", log_level="warning", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="local-slack", daemon=True
        )
        self._thread.start()
        self._await_start()
        return self.url

    def let_go(self) -> None:
        """End the open pages and sockets: a server that serves `asgi` cannot shut down before."""
        self.workspace.delivery.close()
        self.workspace.broadcast.close()

    def stop(self) -> None:
        """End every connection and close the data."""
        self.let_go()
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=5)
        self._edge.close()
        self.workspace.close()

    def person(self, name: str) -> Person:
        """Act as this person: `slack.person("ana").say("general", "hello")`."""
        with self.workspace.lock:
            user = users.named(self.workspace, name)
        if user is None:
            raise LookupError(name)
        return Person(self.workspace, user["id"])

    def channel(self, name: str) -> str:
        """The id of this channel."""
        with self.workspace.lock:
            found = channels.named(self.workspace, name)
        if found is None:
            raise LookupError(name)
        return str(found["id"])

    def messages(self, channel: str) -> list[Json]:
        """What a channel (id) holds, oldest first, replies included, as stored."""
        with self.workspace.lock:
            store = self.workspace.store
            tops = store.timeline(channel)
            replies = [reply for top in tops for reply in store.replies(channel, top["ts"])]
        found = {one["ts"]: one for one in [*tops, *replies]}
        return [found[ts] for ts in sorted(found)]

    def log(self, name: str | None = None, kind: str | None = None) -> list[Entry]:
        """Calls, deliveries, faults and warnings so far."""
        return self.workspace.log.entries(name=name, kind=kind)

    def _await_start(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while self._server is not None and not self._server.started:
            if time.monotonic() > deadline or self._thread is None or not self._thread.is_alive():
                raise RuntimeError("the local Slack did not start")
            time.sleep(0.005)
