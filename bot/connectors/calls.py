"""The calls of tools, on the loop: each made once, and those that wait for a person found again by their effect id."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.connectors.attempt import Attempt
from bot.connectors.connections import Connections, Held, Key
from bot.connectors.live import Live
from bot.domain.asking import Asking
from bot.domain.connector import Answer, Connector, Definition, Heard, Sample
from bot.domain.person import Person
from bot.errors import LeftRunning

if TYPE_CHECKING:
    from mcp import Client


@dataclass(frozen=True, kw_only=True)
class Middle:
    """What may happen in the middle of a call. `effect_id` is what it is known by, wherever and however often it goes
    on; without one it cannot wait for a person. `asking` is what it asked, with the replies; `is_wanted`: whether
    somebody still waits for it. `sample` is what the model says to a server that asks it. `reader` is told of
    resources that were changed since they read them.
    """

    effect_id: str = ""
    asking: Asking | None = None
    is_wanted: Callable[[], bool] = lambda: True
    sample: Sample | None = None
    reader: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`accepted`: the tool is called only where it still is as it was accepted."""

    tool: str
    arguments: Mapping[str, Any]
    heard: Heard = lambda *_: None
    middle: Middle = Middle()
    accepted: Definition | None = None


class Calls:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._waiting: dict[str, Live] = {}

    def made(
        self, connector: Connector, person: Person, asked: Asked, attempt: Attempt
    ) -> asyncio.Future[Answer]:
        """To its end, or to its question."""
        middle = asked.middle
        if middle.asking is not None and middle.asking.question.is_live:
            waiting = self._waiting.pop(middle.effect_id, None)
            if waiting is not None:
                attempt.is_sent, waiting.asked = True, asked
                return waiting.answered(middle.asking)
            if not attempt.is_read:
                raise LeftRunning(
                    f"{connector.title} does not wait for this answer any more. What the call did is not known."
                )
            asked = replace(asked, middle=replace(middle, asking=None))
        key = middle.effect_id
        live = Live(
            asked,
            before=middle.asking,
            waits=lambda: self._waiting.update({key: live}),
            forgotten=lambda: self._waiting.pop(key, None),
        )
        return live.first(
            self._connections.asked(connector, person, self._spoken(connector, person, asked, live), attempt)
        )

    def _spoken(
        self, connector: Connector, person: Person, asked: Asked, live: Live
    ) -> Callable[[Client, Attempt], Any]:
        async def spoken(client: Client, attempt: Attempt) -> Answer:
            from bot.connectors.calling import called
            from bot.connectors.floor import Speaker, answers_of
            from bot.connectors.lent import Lent

            async def progress(progress: float, total: float | None, message: str | None) -> None:
                attempt.is_alive()
                live.asked.heard(progress, total, message or "")

            held = self._connections.found(Key.of(connector, person))
            assert held is not None  # it is this very connection that calls
            middle = asked.middle
            lent = Lent(lambda: live.asked.middle.sample if connector.sampling else None, attempt)
            speaker = Speaker(attempt=attempt, lent=lent, live=live if middle.effect_id else None)
            async with held.floor.taken(speaker):
                await _checked(held, client, asked, attempt)
                ours = answers_of(connector, lent)
                answer = await called(
                    client, asked.tool, asked.arguments, asking=middle.asking, ours=ours, progress=progress
                )
            return noted(answer, *speaker.notes, changes(held.news.since(middle.reader)))

        return spoken


async def _checked(held: Held, client: Client, asked: Asked, attempt: Attempt) -> None:
    """By the very connection that calls: another one may be to another server."""
    if asked.accepted is not None:
        with attempt.looking():
            await held.listing.check(client, asked.accepted, is_read=attempt.is_read)


def noted(answer: Answer, *notes: str) -> Answer:
    """With what the model is to know besides."""
    said = "\n".join(filter(None, [answer.text, *notes]))
    return answer if said == answer.text else replace(answer, text=said)


def changes(uris: Sequence[str]) -> str:
    return f"[Changed since you read it: {', '.join(uris)}]" if uris else ""
