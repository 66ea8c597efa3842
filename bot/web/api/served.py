"""What the endpoints work with: tasks as programs may use them, who asks, and the news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from bot.engine.connectors import Connectors
from bot.engine.serving import Serving
from bot.engine.webhooks import Webhooks
from bot.web.api.caller import Callers
from bot.web.streams import Streams

BEAT = 15.0


@dataclass(frozen=True, kw_only=True)
class Services:
    """`beat` is after how many seconds without news a watcher is told that we live."""

    serving: Serving
    callers: Callers
    streams: Streams
    webhooks: Webhooks
    connectors: Connectors | None = None
    beat: float = BEAT


def services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


Served = Annotated[Services, Depends(services)]
