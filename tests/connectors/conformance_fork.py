"""Forks `bot.connectors.conformance`, loaded once, for each scenario: two dozen at a time would load it for a minute.

`python -m tests.connectors.conformance_fork SOCKET`
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import sys
import threading
import traceback

import bot.connectors.answers
import bot.connectors.bearer
import bot.connectors.conformance
import bot.connectors.conformance_grants
import bot.connectors.logins
import bot.connectors.looking
import bot.connectors.opening
import bot.store.database  # noqa: F401 - loaded with all that they need
from bot.connectors import conformance


def main(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen(64)
        assert threading.active_count() == 1, "a thread is not forked along"
        print("ready", flush=True)
        while True:
            caller, _ = door.accept()
            if os.fork() == 0:
                _scenario(caller)
            caller.close()
            _bury()


def _bury() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0] > 0:
            pass


def _scenario(caller: socket.socket) -> None:
    """In the fork. It ends as the process of the scenario would."""
    url, named = json.loads(caller.makefile().readline())
    os.environ.update(named)
    words = io.StringIO()
    code = 0
    try:
        conformance.main(
            url,
            named[conformance.SCENARIO],
            json.loads(named.get(conformance.CONTEXT) or "{}"),
            named.get(conformance.VERSION, ""),
        )
    except BaseException:  # noqa: BLE001  (an exit, too, is said to the suite)
        code = 1
        traceback.print_exc(file=words)
    caller.sendall(f"{code}\n{words.getvalue()}".encode())
    caller.close()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
