"""One streamed answer, whole and sound, or an error: half an answer is never returned.

The request and the events go past the SDK's models: they are the API's own JSON, and building models of them is most
of what a turn would cost us. Connection, headers and errors are the SDK's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import anthropic
import httpx2
from anthropic import Stream
from pydantic_core import to_json

from bot.errors import Unavailable
from bot.model.assembly import Assembly, Ears, Event
from bot.model.errors import BrokenAnswer

TRANSPORT_ERRORS = (anthropic.APIConnectionError, httpx2.HTTPError, OSError)

_MALFORMED = (ValueError, LookupError, AttributeError, TypeError)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A whole message as the API sent it, and the id of its request."""

    message: dict[str, Any]
    request_id: str

    @property
    def content(self) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = self.message["content"]
        return blocks

    @property
    def stop_reason(self) -> str | None:
        reason: str | None = self.message.get("stop_reason")
        return reason


def answer(
    client: anthropic.Anthropic,
    body: Mapping[str, Any],
    *,
    timeout: httpx2.Timeout,
    ears: Ears,
) -> Answer:
    """Send the request and read the stream to its end; the ears hear it as it comes.

    Raises `Unavailable` if the line dropped or the stream just ended, `BrokenAnswer` if what came makes no
    sense, and `anthropic.APIStatusError` as it is.
    """
    assembly = Assembly(ears)
    try:
        with _asked(client, body, timeout) as stream:
            return Answer(
                message=_heard(stream, assembly), request_id=stream.response.headers.get("request-id", "")
            )
    except TRANSPORT_ERRORS as error:
        raise Unavailable(f"The connection to the model service failed ({type(error).__name__}).") from error


def _asked(client: anthropic.Anthropic, body: Mapping[str, Any], timeout: httpx2.Timeout) -> Stream[Event]:
    sent = {**body, "stream": True}
    headers = {"content-type": "application/json"}
    if betas := sent.pop("betas", None):
        headers["anthropic-beta"] = ",".join(betas)
    return client.post(
        "/v1/messages",
        content=to_json(sent),  # the whole history, every turn: several times as quick as `json`
        options={"headers": headers, "params": {"beta": "true"}, "timeout": timeout},
        cast_to=object,
        stream=True,
        stream_cls=Stream[Any],
    )


def _heard(stream: Iterable[Event], assembly: Assembly) -> dict[str, Any]:
    try:
        for event in stream:
            assembly.take(event)
        return assembly.whole()
    except (*TRANSPORT_ERRORS, anthropic.APIError):
        raise
    except _MALFORMED as error:
        raise BrokenAnswer(f"The model's answer came broken ({type(error).__name__}).") from error
