"""One turn of the model: the request sent, the whole answer back, or an error that says who can act."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Sequence

import anthropic
import httpx2

from bot.domain.turn import Summary, Turn
from bot.errors import CoworkError, NotConfigured, Unavailable
from bot.model import capabilities, errors, request, stream, summing
from bot.model.assembly import Ears, Listener
from bot.model.capabilities import ANTHROPIC_ADDRESS, Capabilities, Endpoint
from bot.model.errors import AnswerTooLong, ContextFull, Cut, Discarded, ModelRefused, Refused, SummaryOut
from bot.model.report import ModelReport, report
from bot.model.request import Message, Prefix
from bot.model.stream import Answer
from bot.model.taking import Taking
from bot.model.wire import Wire, watch

MOST_TOKENS = 128_000
LOCAL_SILENCE = 600.0
KEPT = 20
KEPT_FOR = 3.0

log = logging.getLogger(__name__)


def _unheard(_: str) -> None:
    """Nobody listens."""


class Claude:
    """The model behind `/v1/messages`, at Anthropic or at any server that speaks it. Safe to share among threads.

    `endpoint` is "auto" (ask the server what it can do), "anthropic" (all of it) or "plain" (the bare protocol).
    `silence` is how many seconds the service may say nothing; local servers get ten minutes. `context` is how many
    tokens a conversation may grow to; 0 leaves that to what the endpoint tells.
    """

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str | None,
        model: str,
        endpoint: str = Endpoint.AUTO,
        max_tokens: int = 32_000,
        effort: str | None = None,
        silence: float = 90.0,
        context: int = 0,
    ) -> None:
        self.model = model
        self.address = _address(base_url)
        self._endpoint = Endpoint(endpoint)
        self.max_tokens, self._effort, self._silence = max_tokens, effort, silence
        self._context = context
        self._client = _client(_key(api_key, self.address), self.address, silence)
        self._known: dict[str, Capabilities] = {}
        self._unbound: set[str] = set()
        self._lock = threading.Lock()

    def turn(
        self,
        prefix: Prefix,
        messages: Sequence[Message],
        *,
        on_text: Listener = _unheard,
        on_thought: Listener = _unheard,
        wire: Wire | None = None,
        previous_message_id: str | None = None,
    ) -> Turn:
        """The model's next turn, whole. The listeners hear text and summarised thinking as they come: for the card.

        Raises `Cut`, `Unavailable`, `NotConfigured`, `ModelRefused`, `Refused`, `AnswerTooLong`, `ContextFull`.
        """

        with (wire or Wire()).watching():
            return self._turn(prefix, messages, previous_message_id, ears=(on_text, on_thought))

    def summary(
        self,
        prefix: Prefix,
        messages: Sequence[Message],
        *,
        instructions: str,
        wire: Wire | None = None,
        previous_message_id: str | None = None,
    ) -> Summary:
        """The conversation summed up: by the service itself where it can, else by the model in one plain request.

        Empty when neither can. Raises `Cut`, `Unavailable`, `NotConfigured`.
        """
        with (wire or Wire()).watching():
            found = self._summed_up(prefix, messages, previous_message_id, instructions)
            return self._told(prefix.model, messages, instructions) if found is None else found

    def context_of(self, model: str) -> int:
        """How many tokens a conversation with this model may grow to."""
        return self.capabilities_of(model).context(self._context)

    def check(self) -> ModelReport:
        """For `cowork doctor`: raises `NotConfigured` or `Unavailable` with the remedy when something is amiss."""
        try:
            return report(
                self._client, self.model, can=self.capabilities_of(self.model), address=self.address
            )
        except stream.TRANSPORT_ERRORS as error:
            raise self._unreachable() from error

    def close(self) -> None:
        self._client.close()

    def knows(self, model: str) -> bool:
        """What may be sent for this model has been asked already."""
        return model in self._known

    def capabilities_of(self, model: str) -> Capabilities:
        """What may be sent for this model: asked once, then kept."""
        if model in self._known:
            return self._known[model]
        try:
            found = capabilities.resolve(self._client, model, endpoint=self._endpoint, address=self.address)
        except stream.TRANSPORT_ERRORS as error:
            raise self._unreachable() from error
        with self._lock:
            return self._known.setdefault(model, found)

    def _turn(
        self,
        prefix: Prefix,
        messages: Sequence[Message],
        previous: str | None = None,
        *,
        ears: Ears = (_unheard, _unheard),
    ) -> Turn:
        def ask(messages: Sequence[Message], max_tokens: int, previous: str | None) -> Answer:
            return self._answer(prefix, messages, max_tokens=max_tokens, previous=previous, ears=ears)

        most = self.capabilities_of(prefix.model).max_tokens or MOST_TOKENS
        first = min(prefix.most or self.max_tokens, most)
        taking = Taking(prefix=prefix, ask=ask, max_tokens=first, most_tokens=most)
        return taking.turn(messages, previous=previous)

    def _summed_up(
        self, prefix: Prefix, messages: Sequence[Message], previous: str | None, instructions: str
    ) -> Summary | None:
        """By the service; None where it does not do that, or not with this conversation."""
        can = self.capabilities_of(prefix.model)
        if not (can.betas and can.compaction):
            return None
        most = min(self.max_tokens, can.max_tokens or MOST_TOKENS)
        try:
            answer = self._answer(
                prefix, messages, max_tokens=most, previous=previous, summarize=instructions
            )
        except SummaryOut as out:
            log.warning("%s", out)
            return Summary()
        except (ModelRefused, ContextFull) as refused:
            log.warning("The model service did not sum up a conversation: %s", refused)
            return None
        return summing.of_service(prefix.model, answer)

    def _told(self, model: str, messages: Sequence[Message], instructions: str) -> Summary:
        """By the model, as a request of its own: any endpoint takes it, and it fits."""
        said = summing.transcript(messages, self.context_of(model) // 2)
        asked = [{"role": "user", "content": [{"type": "text", "text": said}]}]
        try:
            turn = self._turn(Prefix(model=model, system=instructions), asked)
        except Discarded as discarded:
            return Summary(usage=discarded.usage)
        except ModelRefused as refused:
            log.warning("The model did not sum up a conversation: %s", refused)
            return Summary()
        return Summary(
            text=turn.text, request_id=turn.request_id, message_id=turn.message_id, usage=turn.usage
        )

    def _answer(
        self,
        prefix: Prefix,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        previous: str | None,
        ears: Ears = (_unheard, _unheard),
        summarize: str = "",
    ) -> Answer:
        """One request's answer; asked again without what the server turns out not to support."""
        while True:
            can = self.capabilities_of(prefix.model)
            if summarize and not can.compaction:
                raise ModelRefused("The model service does not sum up conversations.")
            body = request.body(
                prefix,
                messages,
                can,
                max_tokens=max_tokens,
                previous_message_id=previous,
                effort=self._effort,
                drops_unbound_thinking=_conversation(messages) in self._unbound,
                summarize=summarize,
            )
            patience = _timeout(self._silence if can.pings else LOCAL_SILENCE)
            try:
                return stream.answer(self._client, body, timeout=patience, ears=ears)
            except anthropic.APIStatusError as error:
                if not self._learnt_from(error, prefix.model, messages, can):
                    raise self._ours(error, prefix.model) from error

    def _learnt_from(
        self, error: anthropic.APIStatusError, model: str, messages: Sequence[Message], can: Capabilities
    ) -> bool:
        """Whether the next try is a different request."""
        if error.status_code not in (400, 422):
            return False
        if "bound to a different conversation" in error.message:
            return self._unbind(error, messages, can)
        with self._lock:
            less = self._known.get(model, can).without_what(error.message)
            self._known[model] = less
        if less != can:
            log.warning("%s does not support all we sent; left out from now on: %s", model, error.message)
        return less != can

    def _unbind(
        self, error: anthropic.APIStatusError, messages: Sequence[Message], can: Capabilities
    ) -> bool:
        key = _conversation(messages)
        with self._lock:
            is_new = key not in self._unbound
            self._unbound.add(key)
        log.error("The history of a conversation was altered: its thinking is dropped (%s)", error.request_id)
        return is_new and can.thinking and can.betas

    def _ours(self, error: anthropic.APIStatusError, model: str) -> CoworkError:
        log.warning(
            "The model service answered %s %s (request %s, workspace %s)",
            error.status_code,
            error.type,
            error.request_id,
            error.workspace_id,
        )
        return errors.ours(error, model=model, address=self.address)

    def _unreachable(self) -> Unavailable:
        return Unavailable(f"Nothing answers at {self.address}. Is the address right, and the network up?")


def _conversation(messages: Sequence[Message]) -> str:
    return hashlib.sha256(json.dumps(messages[:1]).encode()).hexdigest()


def _address(base_url: str | None) -> str:
    address = (base_url or ANTHROPIC_ADDRESS).rstrip("/").removesuffix("/v1")
    if not address.startswith(("http://", "https://")):
        raise NotConfigured("ANTHROPIC_BASE_URL must begin with http:// or https://.")
    return address


def _key(api_key: str, address: str) -> str:
    if not api_key and address == ANTHROPIC_ADDRESS:
        raise NotConfigured("There is no API key. Set ANTHROPIC_API_KEY and restart Cowork.")
    return api_key or "local"


def _client(api_key: str, address: str, silence: float) -> anthropic.Anthropic:
    """No retries (they are rows, not sleeps). A connection is kept for less time than servers keep theirs."""
    http = anthropic.DefaultHttpxClient(
        event_hooks={"request": [watch]},
        limits=httpx2.Limits(max_keepalive_connections=KEPT, keepalive_expiry=KEPT_FOR),
        timeout=_timeout(silence),
    )
    return anthropic.Anthropic(
        api_key=api_key, base_url=address, max_retries=0, http_client=http, open_telemetry=False
    )


def _timeout(silence: float) -> httpx2.Timeout:
    return httpx2.Timeout(600, connect=5, read=silence)


__all__ = [
    "AnswerTooLong",
    "Claude",
    "ContextFull",
    "Cut",
    "ModelRefused",
    "ModelReport",
    "Prefix",
    "Refused",
    "Wire",
]
