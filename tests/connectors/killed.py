"""A process with servers under it, to be killed: it says when they run. `python killed.py MARK cell|bare`."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from bot.connectors.hub import Hub
from bot.connectors.sandbox import Sandbox
from bot.domain.connector import Connector, Transport
from bot.domain.person import Person
from bot.sandbox.walls import Means
from bot.sdk.halt import Halt


def main(mark: str, by: str) -> None:
    hub = Hub(secret=str, sandbox=Sandbox(None if by == "cell" else Means()))
    for name in ("deaf", "family"):
        command = (sys.executable, "-IS", str(Path(__file__).parent / "hostile.py"), name, mark)
        server = Connector(slug=name, title=name, transport=Transport.STDIO, command=command)
        hub.call(server, Person(team="T1", user="U1", name="Ann"), "work", {}, halt=Halt())
    print("running", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
