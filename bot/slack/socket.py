"""Socket Mode: connected until it works, watched, and connected anew when it has gone deaf."""

from __future__ import annotations

import logging
import threading
import time

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.slack.web import FAILURES, error_code, is_loopback

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0
_LOOK = 2.0
_DEAF = 60.0

logger = logging.getLogger(__name__)


class Socket:
    """The library reconnects by itself once it was connected; the first time, and when it fails to, we do."""

    def __init__(self, app: App, app_token: str, *, api_url: str) -> None:
        self._app = app
        self._app_token = app_token
        self._api_url = api_url
        self._handler: SocketModeHandler | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slack-socket", daemon=True)

    @property
    def is_connected(self) -> bool:
        return self._handler is not None and self._handler.client.is_connected()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._handler = self._connected()
            if self._handler is not None:
                self._watch()
                _close(self._handler)

    def _connected(self) -> SocketModeHandler | None:
        wait = _FIRST_WAIT
        while not self._stopping.is_set():
            handler = self._new()
            try:
                handler.client.connect()
            except FAILURES as error:
                logger.warning(
                    "Slack cannot be reached by socket: %s", error_code(error) or type(error).__name__
                )
            except Exception:
                logger.exception("Slack cannot be reached by socket")
            else:
                return handler
            _close(handler)
            self._stopping.wait(wait)
            wait = min(_LONGEST_WAIT, wait * 2)
        return None

    def _watch(self) -> None:
        """Returns when it is to stop, or was deaf for a minute."""
        heard = time.monotonic()
        while not self._stopping.wait(_LOOK):
            if self.is_connected:
                heard = time.monotonic()
            elif time.monotonic() - heard > _DEAF:
                logger.error("Slack was not heard for a minute: connecting anew")
                return

    def _new(self) -> SocketModeHandler:
        handler = SocketModeHandler(self._app, self._app_token, logger=_quiet)
        if is_loopback(self._api_url):
            handler.client.proxy = None
        return handler


_quiet = logging.getLogger("bot.slack.socket.client")
_quiet.setLevel(logging.CRITICAL)


def _close(handler: SocketModeHandler) -> None:
    """On a thread of its own: the library waits some seconds for its threads."""
    handler.client.auto_reconnect_enabled = False
    threading.Thread(target=_closed, args=(handler,), name="slack-socket-close", daemon=True).start()


def _closed(handler: SocketModeHandler) -> None:
    """Twice at most: the library stumbles over a socket that breaks while it is closed."""
    for _ in range(2):
        try:
            handler.client.close()
        except AttributeError:
            continue
        return
