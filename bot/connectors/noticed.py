"""What is noticed of a server beside its answers: what it wrote on stderr, how it ended, which tools it spoilt."""

from __future__ import annotations

import re
import threading
from collections import deque
from typing import Final

from bot.domain.cleaned import cleaned
from bot.domain.veil import Veil
from bot.errors import CoworkError

_LINES: Final = 200
_LONGEST: Final = 500
_MOST_SPOILT: Final = 1_000
_TELLING: Final = re.compile(r"(?!Node\.js v\d).*[^\W\d_]")


class Noticed:
    """One server's; written by the loop and by the thread that drains stderr, read by any."""

    def __init__(self) -> None:
        self.veil = Veil()
        """Hides the secrets that it was given."""
        self.dropped: dict[str, str] = {}
        """Tools that no client could call, each with the reason: the first of them since somebody looked."""
        self.confinement = ""
        self.status: int | None = None
        """Of the last answer over HTTP that was a refusal."""
        self.ended = ""
        """How its process came to its end by itself."""
        self._auth: object = None
        self._lock = threading.Lock()
        self._lines: deque[bytes] = deque(maxlen=_LINES)

    def began(self, veil: Veil) -> None:
        """A new start: what is said of the last one does not hold any more, but its last lines stay."""
        self.veil, self.status, self.ended = veil, None, ""

    def signed_by(self, auth: object) -> None:
        """What signs its requests, if anything does."""
        self._auth = auth

    @property
    def refused(self) -> CoworkError | None:
        """Why its last request was refused for want of a sign-in (see `bearer.Bearer`)."""
        trouble = getattr(self._auth, "trouble", None)
        return trouble if isinstance(trouble, CoworkError) else None

    def spoilt(self, tool: str, why: str) -> None:
        if len(self.dropped) < _MOST_SPOILT:
            self.dropped[tool[:_LONGEST]] = why

    def wrote(self, line: bytes) -> None:
        """A line of stderr, without its end."""
        with self._lock:
            self._lines.append(line[: 2 * _LONGEST])

    @property
    def stderr(self) -> tuple[str, ...]:
        with self._lock:
            lines = tuple(self._lines)
        return tuple(cleaned(self.veil.masked(line.decode(errors="replace")))[:_LONGEST] for line in lines)

    @property
    def last_words(self) -> str:
        """Of a trace the line that says what it was, and not one of those below it."""
        lines = [line for line in self.stderr if line.strip()]
        telling = [one for one in lines if not one[0].isspace() and _TELLING.match(one)]
        return (telling or lines or [""])[-1].strip()
