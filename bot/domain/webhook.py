"""A webhook: where news of somebody's tasks is posted, signed as Standard Webhooks has it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.domain.event import News
from bot.domain.person import Person

HEARD: Final = (
    News.STARTED,
    News.ASKED,
    News.DECIDED,
    News.LAPSED,
    News.DELIVERED,
    News.PAUSED,
    News.STOPPED,
    News.FAILED,
    News.DONE,
)
"""What a webhook can be told of: what another program would act on, and not every step."""

PREFIX: Final = "whsec_"
LASTS: Final = timedelta(days=1)
"""So long a piece of news is tried."""
_FIRST: Final = timedelta(seconds=5)
_LONGEST: Final = timedelta(hours=4)
_TOLD: Final = {"approval": "checkpoint_id", "decision": "decision", "title": "title", "note": "note"}
_LONGEST_WORDS: Final = 300


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """`task_id` 0: of all the tasks of its owner. `made_by` names the token; `trouble` says why it was ended."""

    id: str
    owner: Person
    url: str
    news: tuple[News, ...]
    made_at: datetime
    task_id: int = 0
    made_by: str = ""
    ended_at: datetime | None = None
    trouble: str = ""


def type_of(news: News) -> str:
    """Its name for receivers, such as `task.done`."""
    return f"task.{news}"


def body(task_id: int, news: News, data: Mapping[str, Any], *, at: datetime) -> str:
    """What is posted: which task, what happened, and how to ask for more. None of the work's own content."""
    told = {name: str(data[key])[:_LONGEST_WORDS] for key, name in _TOLD.items() if data.get(key)}
    return json.dumps(
        {"type": type_of(news), "timestamp": at.isoformat(), "data": {"task_id": task_id, **told}},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def signed(secret: str, body: str, *, id: str, now: datetime) -> dict[str, str]:
    """The headers by which a receiver knows that it is ours, and new: of `id.timestamp.body`, by HMAC-SHA256."""
    timestamp = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    mac = hmac.new(key, f"{id}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature}


def pause_after(attempt: int) -> timedelta:
    """How long to wait after the nth try (from 1) that failed."""
    times: int = 3 ** min(attempt - 1, 12)
    return min(_FIRST * times, _LONGEST)
