"""A process with a hub, beside servers that send without end: `python bounded.py URL`. It says how each made it grow.

A line of JSON: by what was tried, kilobytes that the process was larger at its largest than before, and what was told.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bot.connectors.hub import Hub
from bot.domain.connector import Connector, Transport
from bot.domain.person import Person
from bot.errors import CoworkError
from bot.sdk.halt import Halt

ANN = Person(team="T1", user="U1", name="Ann")
HOSTILE = str(Path(__file__).parent / "hostile.py")
LARGE = 50 << 20
STDIO = ("large", "endless", "chatter", "deep", "wordy", "pages")
HTTP = ("json", "events", "endless", "chatter")
SSE = ("sse_endless", "sse_chatter")
_WITHOUT_END = 0.5


def main(url: str) -> None:
    hub = Hub(secret=str)
    _tried(hub, Connector(slug="first", title="First", transport=Transport.HTTP, url=f"{url}/events"), size=9)
    _tried(hub, _stdio("noise"))
    found = {f"stdio {name}": _grown(hub, _stdio(name)) for name in STDIO}
    for name in (*HTTP, *SSE):
        transport = Transport.SSE if name in SSE else Transport.HTTP
        far = Connector(
            slug=name, title="Far", transport=transport, url=f"{url}/{name}", timeout=_seconds(name)
        )
        found[f"{transport} {name}"] = _grown(hub, far)
    hub.close()
    print(json.dumps(found), flush=True)


def _stdio(name: str) -> Connector:
    command = (sys.executable, "-IS", HOSTILE, name)
    return Connector(
        slug=f"near-{name}", title="Near", transport=Transport.STDIO, command=command, timeout=_seconds(name)
    )


def _seconds(name: str) -> float:
    """What is well formed and never ends is only ended by its time."""
    return _WITHOUT_END if "chatter" in name else 60.0


def _grown(hub: Hub, connector: Connector) -> tuple[int, str]:
    Path("/proc/self/clear_refs").write_text("5")  # the most that it held is from now on
    before = _kilobytes("VmRSS")
    said = _tried(hub, connector, size=LARGE)
    grown = _kilobytes("VmHWM") - before
    hub.forget("T1", connector.slug)
    return grown, said


def _tried(hub: Hub, connector: Connector, **given: int) -> str:
    try:
        if connector.slug == "near-pages":
            return f"{len(hub.look(connector, ANN).tools)} tools"
        return hub.call(connector, ANN, "work", given, halt=Halt(), is_read=True).text[:200]
    except CoworkError as error:
        return str(error)


def _kilobytes(what: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:"))


if __name__ == "__main__":
    main(sys.argv[1])
