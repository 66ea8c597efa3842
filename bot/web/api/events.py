"""The news of a task as server-sent events, from where the client was cut off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from bot.domain.event import Event, News
from bot.domain.token import Token
from bot.engine.record import MOST_NEWS as MOST
from bot.errors import CoworkError
from bot.web.api.caller import Caller
from bot.web.api.served import Served, Services
from bot.web.api.tasks import TaskId
from bot.web.values import EventValue

router = APIRouter(tags=["events"])
_OVER = frozenset({News.DONE, News.FAILED, News.STOPPED})
_BEGINS = frozenset({News.STARTED, News.WORKING, News.STEERED, News.UNDOING})


class Until(StrEnum):
    """When the stream ends: with what there is `now`, when the task is `over`, or never."""

    NOW = "now"
    OVER = "over"
    NEVER = "never"


_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Each event has its `id`, its `event` (the type), and its `data` as JSON.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    204: {
        "description": "The task is over, and nothing was told of it since: there is no need to ask again."
    },
}


@router.get(
    "/tasks/{task_id}/events", summary="Watch a task", response_class=StreamingResponse, responses=_STREAM
)
def events(
    request: Request,
    served: Served,
    token: Caller,
    task_id: TaskId,
    last: Annotated[
        str, Header(alias="Last-Event-ID", description="The last one seen; a client sends it anew.")
    ] = "",
    after: Annotated[int, Query(ge=0, le=2**53, description="The same, for who cannot set headers.")] = 0,
    until: Until = Until.OVER,
) -> Response:
    """News of the task since the event that was seen last, and as it comes; a line of comment says that we live."""
    seen = int(last) if last.isascii() and last.isdigit() and len(last) < 16 else after
    seen = min(seen, served.serving.newest(token, task_id))  # nobody waits for what is yet to be numbered
    is_over = served.serving.seen(token, task_id).state.is_over
    told = served.serving.news(token, task_id, after=seen, limit=1)
    if is_over and until is not Until.NEVER and not told:
        return Response(status_code=204)
    is_own = served.serving.seen(token, task_id).person.is_same(token.person)
    watch = _Watch(served=served, token=token, task_id=task_id, is_own=is_own)
    lines = watch.so_far(seen) if until is Until.NOW else watch.on(seen, until)
    return StreamingResponse(lines, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


@dataclass(frozen=True, kw_only=True)
class _Watch:
    """Of one who watches: whether they still may is asked anew every beat; of others than the requester always."""

    served: Services
    token: Token
    task_id: int
    is_own: bool

    def so_far(self, seen: int) -> Iterator[str]:
        while some := self.served.serving.news(self.token, self.task_id, after=seen, limit=MOST):
            yield _lines(some, is_own=self.is_own)
            seen = some[-1].id

    async def on(self, seen: int, until: Until) -> AsyncIterator[str]:
        yield ": here\n\n"
        clock, beat = asyncio.get_running_loop().time, self.served.beat
        due = clock() + beat
        try:
            async for some in self.served.streams.watch(self.task_id, seen, beat=beat, whose=self.token.id):
                if clock() >= due or not self.is_own:
                    await to_thread.run_sync(self._look_again)
                    due = clock() + beat
                yield _lines(some, is_own=self.is_own) if some else ": still here\n\n"
                if until is Until.OVER and _is_over(some):
                    return
        except CoworkError as why:
            yield f"event: closed\ndata: {json.dumps({'why': str(why)})}\n\n"

    def _look_again(self) -> None:
        """Raises what the caller has to do, where they may not watch any more."""
        self.served.callers.again(self.token)
        self.served.serving.seen(self.token, self.task_id)


def _lines(some: Sequence[Event], *, is_own: bool) -> str:
    values = (EventValue.of(one, is_own=is_own) for one in some)
    return "".join(f"id: {one.id}\nevent: {one.type}\ndata: {one.model_dump_json()}\n\n" for one in values)


def _is_over(some: Sequence[Event]) -> bool:
    """Whether the last thing told is that a round ended, and no other began."""
    told = [one.news for one in some if one.news in _OVER | _BEGINS]
    return bool(told) and told[-1] in _OVER and len(some) < MOST
