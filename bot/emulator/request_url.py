"""HTTP delivery: signed requests to the app's request URL."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.emulator.outcome import Acked, Failed, Outcome, TimedOut
from bot.emulator.wire import Json

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class RequestUrl:
    url: str
    signing_secret: str

    def post(self, envelope: Json, timeout: float) -> Outcome:
        """Deliver one envelope's payload; every 2xx within the time is an acknowledgement."""
        body, content_type = _body(envelope["type"], envelope["payload"])
        request = urllib.request.Request(self.url, data=body, method="POST")
        for name, value in {**self._signed(body), **_retry(envelope), "Content-Type": content_type}.items():
            request.add_header(name, value)
        try:
            with _opener.open(request, timeout=timeout) as response:
                return Acked(_payload(response.headers, response.read()))
        except urllib.error.HTTPError as refusal:
            return Failed("http_error", final=refusal.headers.get("X-Slack-No-Retry") == "1")
        except TimeoutError:
            return TimedOut()
        except OSError as broken:
            return TimedOut() if isinstance(getattr(broken, "reason", None), TimeoutError) else _lost()

    def _signed(self, body: bytes) -> dict[str, str]:
        now = str(int(time.time()))
        base = b"v0:" + now.encode() + b":" + body
        digest = hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": f"v0={digest}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }


def _lost() -> Outcome:
    return Failed("connection_failed")


def _body(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"


def _retry(envelope: Json) -> dict[str, str]:
    if not envelope.get("retry_attempt"):
        return {}
    return {
        "X-Slack-Retry-Num": str(envelope["retry_attempt"]),
        "X-Slack-Retry-Reason": str(envelope["retry_reason"]),
    }


def _payload(headers: Mapping[str, str], body: bytes) -> Any:
    if not body.strip():
        return None
    text = body.decode("utf-8", "replace")
    if "json" in (headers.get("Content-Type") or ""):
        return json.loads(text)
    return {"text": text}
