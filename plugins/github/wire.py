"""How GitHub is asked: at the configured address only, once for what changes something, and for 5 MB at most."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from github.Requester import (
    HTTPRequestsConnectionClass,
    HTTPSRequestsConnectionClass,
    Requester,
    RequestsResponse,
)
from urllib3 import Retry

from bot.sdk import ToolError
from bot.sdk.reaching import capped
from plugins.github.trouble import SERVICE, translated

PER_PAGE = 50
VERSION = "2022-11-28"
"""Of the API: its answers stay as they are."""

JSON = "application/vnd.github+json"
_CHUNK = 65_536
_MOVED = (301, 307, 308)

ONCE = Retry(
    total=1,
    status_forcelist=(502, 503, 504),
    allowed_methods={"GET"},
    respect_retry_after_header=False,
    raise_on_status=False,
)
"""Only reading is tried again, once: waiting is the task's part, not the thread's."""


class _Capped:
    """A connection that reads no more than it should, and does not follow a repository that has moved."""

    def getresponse(self: Any) -> RequestsResponse:
        answer = self.session.request(
            self.verb,
            f"{self.protocol}://{self.host}:{self.port}{self.url}",
            headers=self.headers,
            data=self.input,
            timeout=self.timeout,
            verify=self.verify,
            allow_redirects=False,
            stream=True,
        )
        with answer:
            if answer.status_code in _MOVED:
                raise ToolError("This was renamed or moved at GitHub: ask for its new name and use that.")
            answer._content = capped(answer.iter_content(_CHUNK), SERVICE)
        answer.encoding = "utf-8"
        return RequestsResponse(answer)


class _Http(_Capped, HTTPRequestsConnectionClass):
    pass


class _Https(_Capped, HTTPSRequestsConnectionClass):
    pass


class Wire(Requester):
    """PyGithub's own, with our connections, and errors in our words.

    The library lets its connections be replaced for everybody only, so here they are by the names it knows them by.
    """

    _Requester__httpConnectionClass = _Http
    _Requester__httpsConnectionClass = _Https

    def requestJsonAndCheck(
        self,
        verb: str,
        url: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        input: Any | None = None,
        follow_302_redirect: bool = False,
    ) -> tuple[dict[str, Any], Any]:
        with translated(url):
            return super().requestJsonAndCheck(
                verb,
                self._here(url),
                parameters,
                {"Accept": JSON, **(headers or {})},
                input,
                follow_302_redirect,
            )

    def _here(self, url: str) -> str:
        """Answers hold full addresses: whatever host they name, it is this one that is asked."""
        parts = urlsplit(url)
        path = parts.path.removeprefix(urlsplit(self.base_url).path) if parts.netloc else parts.path
        return f"{path}?{parts.query}" if parts.query else path
