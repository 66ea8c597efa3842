"""Deliveries to the app: events with their retries, and questions that a person waits for."""

from __future__ import annotations

import threading
import time
import uuid
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass

from bot.emulator.alarms import Alarms
from bot.emulator.broadcast import Broadcast
from bot.emulator.call_log import CallLog
from bot.emulator.faults import Faults
from bot.emulator.outcome import Acked, Failed, NotConnected, Outcome, TimedOut, settle
from bot.emulator.request_url import RequestUrl
from bot.emulator.socket_mode import SocketHub
from bot.emulator.wire import Json


@dataclass(kw_only=True)
class Timings:
    """Seconds. Tests shorten them; the defaults are Slack's."""

    ack: float = 3.0
    trigger: float = 3.0
    stream: float = 300.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    response_url: float = 1800.0
    file_share: float = 0.15


@dataclass(frozen=True)
class _Waiting:
    payload: Json
    attempt: int
    reason: str | None


class Delivery:
    def __init__(
        self,
        app_id: str,
        *,
        alarms: Alarms,
        faults: Faults,
        log: CallLog,
        broadcast: Broadcast,
        timings: Timings,
    ) -> None:
        self.sockets = SocketHub(app_id, self._connected)
        self.endpoint: RequestUrl | None = None
        self._alarms = alarms
        self._faults = faults
        self._log = log
        self._broadcast = broadcast
        self._timings = timings
        self._posting = ThreadPoolExecutor(8, thread_name_prefix="local-slack-delivery")
        self._waiting: deque[_Waiting] = deque(maxlen=1000)
        self._lock = threading.Lock()

    @property
    def connected(self) -> bool:
        return self.endpoint is not None or self.sockets.count > 0

    def connect_to(self, endpoint: RequestUrl | None) -> None:
        """Deliver over HTTP from now on (or by sockets again, when None)."""
        self.endpoint = endpoint
        self._connected(self.sockets.count)

    def event(self, payload: Json) -> None:
        """Deliver an event, again and again while it is not acknowledged."""
        late = self._faults.take("delay_event")
        if late is not None:
            self._alarms.after(late.seconds, lambda: self._attempt(payload, 0, None))
        else:
            self._attempt(payload, 0, None)
        if self._faults.take("duplicate_event") is not None:
            self._attempt(payload, 1, "timeout")

    def ask(self, kind: str, payload: Json) -> Outcome:
        """Deliver what a person did and wait for the acknowledgement. Hold no lock while calling this."""
        return self._send(kind, payload, 0, None).result(timeout=self._timings.ack + 5)

    def tell(self, kind: str, payload: Json) -> None:
        """Deliver without waiting for the acknowledgement."""
        self._send(kind, payload, 0, None)

    def close(self) -> None:
        self.sockets.kill()
        self._posting.shutdown(wait=False, cancel_futures=True)

    def _attempt(self, payload: Json, attempt: int, reason: str | None) -> None:
        pending = self._send("events_api", payload, attempt, reason)
        pending.add_done_callback(lambda done: self._after_event(done.result(), payload, attempt, reason))

    def _after_event(self, outcome: Outcome, payload: Json, attempt: int, reason: str | None) -> None:
        match outcome:
            case Acked():
                return
            case NotConnected():
                with self._lock:
                    self._waiting.append(_Waiting(payload, attempt, reason))
            case TimedOut():
                self._retry(payload, attempt + 1, "timeout")
            case Failed(why, final) if not final:
                self._retry(payload, attempt + 1, why)

    def _retry(self, payload: Json, attempt: int, reason: str) -> None:
        if attempt <= len(self._timings.retries):
            wait = self._timings.retries[attempt - 1]
            self._alarms.after(wait, lambda: self._attempt(payload, attempt, reason))

    def _send(self, kind: str, payload: Json, attempt: int, reason: str | None) -> Future[Outcome]:
        envelope = _envelope(kind, payload, attempt, reason)
        began = time.monotonic()
        outcome: Future[Outcome] = Future()
        outcome.add_done_callback(lambda done: self._note(envelope, done.result(), began))
        raw = self._transport(envelope)
        self._alarms.after(self._timings.ack, lambda: settle(outcome, TimedOut()))
        raw.add_done_callback(lambda done: self._arrived(outcome, done.result()))
        return outcome

    def _transport(self, envelope: Json) -> Future[Outcome]:
        endpoint = self.endpoint
        if endpoint is None:
            return self.sockets.send(envelope)
        return self._posting.submit(endpoint.post, envelope, self._timings.ack)

    def _arrived(self, outcome: Future[Outcome], what: Outcome) -> None:
        if isinstance(what, Acked) and self._faults.take("drop_ack") is not None:
            return
        settle(outcome, what)

    def _note(self, envelope: Json, outcome: Outcome, began: float) -> None:
        error = None if isinstance(outcome, Acked) else type(outcome).__name__
        self._log.add(
            "delivery",
            _title(envelope),
            error=error,
            ms=int((time.monotonic() - began) * 1000),
            request=envelope,
            response=asdict(outcome),
        )

    def _connected(self, sockets: int) -> None:
        self._broadcast.publish("connection", {"connected": self.connected, "sockets": sockets})
        if not self.connected:
            return
        with self._lock:
            waiting = list(self._waiting)
            self._waiting.clear()
        for one in waiting:
            self._attempt(one.payload, one.attempt, one.reason)


def _envelope(kind: str, payload: Json, attempt: int, reason: str | None) -> Json:
    envelope: Json = {
        "envelope_id": str(uuid.uuid4()),
        "type": kind,
        "payload": payload,
        "accepts_response_payload": kind != "events_api",
    }
    if kind == "events_api":
        envelope |= {"retry_attempt": attempt, "retry_reason": reason or ""}
    return envelope


def _title(envelope: Json) -> str:
    payload = envelope["payload"]
    if envelope["type"] == "events_api":
        return f"events_api {payload['event']['type']}"
    if envelope["type"] == "slash_commands":
        return f"slash_commands {payload['command']}"
    return f"interactive {payload['type']}"
