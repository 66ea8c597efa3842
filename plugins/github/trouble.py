"""What went wrong at GitHub, told to the one who can act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from github import GithubException

from bot.sdk import NotFound, SignInNeeded, ToolError, Unavailable, seconds_to_wait
from bot.sdk.reaching import UNREACHED, unreached

SERVICE = "GitHub"
_SOON = 60.0
"""Seconds, where GitHub limits and does not say for how long."""


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Within it nothing of the vendor's is raised; `url` is what was asked for."""
    try:
        yield
    except GithubException as error:
        raise _refusal(error, url) from error
    except UNREACHED as error:
        raise unreached(SERVICE, error) from error


def _refusal(error: GithubException, url: str) -> Exception:
    headers = error.headers or {}
    match error.status:
        case 401:
            return SignInNeeded(
                "GitHub refused the token: it was taken back or has run out. Connect GitHub again.",
                plugin="github",
            )
        case status if status == 429 or (status == 403 and _is_limited(error, headers)):
            return Unavailable(
                "it takes no more calls of this account for now",
                _wait(headers),
                service=SERVICE,
                nothing_done=True,
            )
        case 403:
            return ToolError(_missing_right(error, headers))
        case 404:
            return NotFound(
                f"GitHub has no {_place(url)}, or this connection may not see it. Check the name; a private "
                "repository must be opened to the connection at GitHub by its owner."
            )
        case status if status >= 500:
            return Unavailable(f"it answered with the error {status}", service=SERVICE)
        case _:
            return ToolError(f"GitHub refused: {_sentence(error)}")


def _is_limited(error: GithubException, headers: Mapping[str, str]) -> bool:
    """The second limit (too much at once) shows in its sentence only."""
    return (
        "retry-after" in headers
        or headers.get("x-ratelimit-remaining") == "0"
        or "rate limit" in _sentence(error).lower()
    )


def _wait(headers: Mapping[str, str]) -> float:
    """By GitHub's own clock."""
    reset, date = headers.get("x-ratelimit-reset", ""), headers.get("date")
    if (after := seconds_to_wait(headers.get("retry-after"), date)) is not None:
        return after
    if reset.isdigit() and date and headers.get("x-ratelimit-remaining") == "0":
        return max(1.0, float(reset) - parsedate_to_datetime(date).timestamp() + 1)
    return _SOON


def _missing_right(error: GithubException, headers: Mapping[str, str]) -> str:
    needs = headers.get("x-accepted-github-permissions", "")
    missing = f" It needs the permission {needs}." if needs else ""
    if "url=" in (single := headers.get("x-github-sso", "")):
        missing += f" The organisation asks for single sign-on: open {single.partition('url=')[2]}"
    return (
        f"GitHub does not let this connection do that: {_sentence(error)}{missing} Ask an owner of the repository, "
        "or whoever set up the connection, to allow it at GitHub."
    )


def _sentence(error: GithubException) -> str:
    """GitHub's own words, with what it finds wrong in which field."""
    said: Any = error.data
    if not isinstance(said, dict):
        return f"error {error.status}."
    message = str(said.get("message") or f"error {error.status}").rstrip(".")
    details = said.get("errors")
    faults = [_fault(one) for one in details] if isinstance(details, list) else [str(details or "")]
    return f"{message}: {'; '.join(faults)}." if any(faults) else f"{message}."


def _fault(one: Any) -> str:
    if not isinstance(one, dict):
        return str(one)
    return str(
        one.get("message") or f"{one.get('field', one.get('resource', ''))} {one.get('code', '')}".strip()
    )


def _place(url: str) -> str:
    return unquote(urlsplit(url).path).rpartition("/repos/")[2].strip("/") or "such thing"
