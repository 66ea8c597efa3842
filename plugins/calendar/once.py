"""Requests of one account over HTTP: each is sent once, its answer is bounded, and a refusal is said in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from bot.sdk import ToolError, refusal, seconds_to_wait
from bot.sdk.reaching import TIMEOUT, UNREACHED, capped, unreached
from bot.sdk.trust import trusted


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, kw_only=True)
class Line:
    """To a service by its name. Redirects are not followed: what is asked, and the password, go to one address."""

    service: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    auth: tuple[str, str] | None = field(default=None, repr=False)

    def ask(self, method: str, url: str, **sent: Any) -> Answer:
        """Whatever is answered. Raises `Unavailable` where nothing is; `nothing_done` where nothing was sent."""
        try:
            with (
                httpx2.Client(
                    timeout=TIMEOUT,
                    headers=dict(self.headers),
                    auth=self.auth,
                    verify=trusted(),
                ) as client,
                client.stream(method, url, **sent) as answer,
            ):
                return Answer(
                    status=answer.status_code,
                    headers=answer.headers,
                    content=capped(answer.iter_bytes(), self.service),
                )
        except UNREACHED as error:
            raise unreached(self.service, error) from error
        except (httpx2.DecodingError, httpx2.InvalidURL) as error:
            raise ToolError(f"{self.service} cannot be understood at its address.") from error

    def refused(self, answer: Answer, sentence: str = "", what: str = "", ask: str = "") -> Exception:
        """What a refusal means; see `bot.sdk.refusal`."""
        if answer.status in (409, 412):
            return ToolError(
                "It was changed in the calendar since it was read, and nothing was written. Read it again first."
            )
        headers = answer.headers
        return refusal(
            self.service,
            answer.status,
            sentence=sentence,
            what=what,
            ask=ask or "the owner of the calendar",
            retry_after=seconds_to_wait(headers.get("retry-after"), headers.get("date")),
        )
