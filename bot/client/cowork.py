"""The way in: where Cowork is, and as whom."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self
from uuid import uuid4

import httpx2

from bot.client.errors import ClientError
from bot.client.task import Task
from bot.client.wire import Wire

_PAGE = 50


class Cowork:
    """`url` and `token` may stand in COWORK_URL and COWORK_TOKEN; a token is made by `cowork tokens create`.

    `timeout` is in seconds, of one request. What is safe to send again is tried `tries` times.
    """

    def __init__(
        self,
        url: str = "",
        token: str = "",
        *,
        timeout: float = 30.0,
        tries: int = 5,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        url, token = url or os.environ.get("COWORK_URL", ""), token or os.environ.get("COWORK_TOKEN", "")
        if not url or not token:
            raise ClientError(
                "Say where Cowork is and as whom: Cowork(url, token), or COWORK_URL and COWORK_TOKEN."
            )
        if not url.startswith(("http://", "https://")):
            raise ClientError(f"{url} is no address: it begins with https:// or http://.")
        self._wire = Wire(url, token, timeout=timeout, tries=tries, transport=transport, sleep=sleep)

    def start(
        self,
        goal: str,
        *,
        channel: str = "",
        autonomy: str | None = None,
        folders: Sequence[str] | None = None,
        budget: dict[str, float] | None = None,
        output: str = "",
        webhook: dict[str, Any] | None = None,
        key: str = "",
    ) -> Task:
        """Hand over a goal; returns at once. The same `key` again is the same task.

        `channel` is a Slack channel's id; without one the task lives in no thread. `autonomy` is supervised,
        checkpoint or autonomous. `folders` are some of those that are granted, each as path, path:ro or path:rw.
        `budget` has any of turns, tokens, dollars and minutes. `webhook` has url, secret and events.
        """
        asked = {
            "goal": goal,
            "place": {"channel": channel} if channel else None,
            "autonomy": autonomy,
            "folders": None if folders is None else [_folder(one) for one in folders],
            "budget": budget,
            "output": output,
            "webhook": webhook,
        }
        body = {name: one for name, one in asked.items() if one is not None}
        return Task(self._wire, self._wire.post("/api/v1/tasks", body, key=key or str(uuid4())))

    def task(self, task_id: int) -> Task:
        return Task(self._wire, self._wire.get(f"/api/v1/tasks/{task_id}"))

    def tasks(self, *, state: str | None = None) -> Iterator[Task]:
        """One's own, the newest first, fetched as they are asked for."""
        cursor: str | None = None
        while True:
            page = self._wire.get("/api/v1/tasks", state=state, cursor=cursor, limit=_PAGE)
            yield from (Task(self._wire, one) for one in page["tasks"])
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def close(self) -> None:
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _folder(text: str) -> dict[str, str]:
    path, _, mode = text.rpartition(":")
    return {"path": path, "mode": mode} if mode in ("ro", "rw") and path else {"path": text, "mode": "rw"}
