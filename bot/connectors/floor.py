"""What a server says of its own accord while it is connected, and which of the calls under way it means."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bot.connectors.calling import declined, form_of, written
from bot.connectors.roots import roots
from bot.domain import form as forms
from bot.domain.asking import Reply, Said
from bot.domain.cleaned import cleaned
from bot.domain.connector import Connector
from bot.errors import ToolError

if TYPE_CHECKING:
    import mcp_types as types
    from mcp.client.session import ClientRequestContext

    from bot.connectors.attempt import Attempt
    from bot.connectors.lent import Lent
    from bot.connectors.live import Live

_LONGEST_LINE: Final = 500
_MOST_NOTES: Final = 20
_MORE: Final = "[There were more notes of Cowork about this server, which are left out.]"
_NOT_ALLOWED: Final = -1
_REFUSED: Final = "The client refused it."
"""All that a server is told: why is about our budgets and our model, and for the task alone."""

logger = logging.getLogger(__name__)


@dataclass(eq=False, kw_only=True)
class Speaker:
    """A call under way. `live`: it can wait for a person. `notes` are for the model, beside the result."""

    attempt: Attempt
    lent: Lent
    live: Live | None = None
    notes: list[str] = field(default_factory=list)

    def note(self, said: str) -> None:
        """Once, however often a server gives cause for it; and no more of them than somebody reads."""
        if said not in self.notes and len(self.notes) < _MOST_NOTES:
            self.notes.append(said if len(self.notes) < _MOST_NOTES - 1 else _MORE)

    @property
    def is_waiting(self) -> bool:
        return self.live is not None and self.live.is_waiting


class Floor:
    """Of one connection, on the loop. A question of the older protocol does not say which call it is about: where
    there could be two it is refused, and from then on this server is given one call at a time.
    """

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._speakers: list[Speaker] = []
        self._alone = asyncio.Semaphore(1)
        self.is_narrow = False

    def callbacks(self) -> dict[str, Any]:
        """Keywords of `mcp.Client`: what is declared there a server may ask."""
        asked = {
            "elicitation_callback": self._elicit,
            "list_roots_callback": self._roots,
            "logging_callback": self._log,
            "log_level": "info",
        }
        return asked | ({"sampling_callback": self._sample} if self._connector.sampling else {})

    @asynccontextmanager
    async def taken(self, speaker: Speaker) -> AsyncIterator[None]:
        if not self.is_narrow:
            with self._spoken(speaker):
                yield
            return
        speaker.attempt.is_sent = False
        async with self._alone:
            speaker.attempt.is_sent = True
            with self._spoken(speaker):
                yield

    @contextmanager
    def _spoken(self, speaker: Speaker) -> Iterator[None]:
        self._speakers.append(speaker)
        try:
            yield
        finally:
            self._speakers.remove(speaker)

    def _meant(self) -> Speaker | None:
        """Whoever waits for a person already is not asked anew."""
        able = [one for one in self._speakers if not one.is_waiting]
        if len(able) > 1:
            self.is_narrow = True
        return able[0] if len(able) == 1 else None

    async def _elicit(
        self, context: ClientRequestContext, params: types.ElicitRequestParams
    ) -> types.ElicitResult:
        import mcp_types as types

        reply = await self._reply(params)
        return types.ElicitResult.model_validate(written(reply))

    async def _reply(self, params: types.ElicitRequestParams) -> Reply:
        form, speaker = form_of(params), self._meant()
        if speaker is None:
            why = "it is not clear which call it belongs to"
        elif speaker.live is None:
            why = "nobody can be asked here"
        elif not (why := forms.objection(form)):
            return await speaker.live.reply_to(form, speaker.attempt)
        if speaker is not None:
            speaker.note(declined(form, why))
        logger.info("a question of the connector %s was declined: %s", self._connector.slug, why)
        return Reply(said=Said.DECLINE)

    async def _sample(
        self, context: ClientRequestContext, params: types.CreateMessageRequestParams
    ) -> types.CreateMessageResult | types.ErrorData:
        import mcp_types as types

        speaker = self._meant()
        if speaker is None:
            return types.ErrorData(code=_NOT_ALLOWED, message=_REFUSED)
        try:
            return types.CreateMessageResult.model_validate(await speaker.lent.word(params))
        except ToolError as no:
            speaker.note(f"[Cowork refused this server a word of the model: {no}]")
            return types.ErrorData(code=_NOT_ALLOWED, message=_REFUSED)

    async def _roots(self, context: ClientRequestContext) -> types.ListRootsResult:
        return roots(self._connector)

    async def _log(self, params: types.LoggingMessageNotificationParams) -> None:
        said = cleaned(str(params.data))[:_LONGEST_LINE]
        logger.debug("connector %s says (%s): %s", self._connector.slug, params.level, said)


def answers_of(
    connector: Connector, lent: Lent
) -> Callable[[types.InputRequest], Awaitable[Mapping[str, Any]]]:
    """What the newer protocol asks of us in the result of a call, as far as it is ours to answer."""

    async def ours(request: types.InputRequest) -> Mapping[str, Any]:
        if request.method == "roots/list":
            return roots(connector).model_dump(by_alias=True, mode="json", exclude_none=True)
        if request.method != "sampling/createMessage":
            raise ToolError("It asks for something that is not answered here.")
        return await lent.word(request.params)

    return ours
