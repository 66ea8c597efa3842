"""What went wrong with a connector, for the one who can act: the one door through which its errors come out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import httpx2

from bot.connectors.attempt import Attempt
from bot.connectors.guarded import MOST_BYTES, Refused
from bot.connectors.noticed import Noticed
from bot.connectors.owner import Lost, Owner, Resting
from bot.domain.cleaned import cleaned
from bot.domain.connector import Condition, Connector
from bot.domain.label import Audience, Source
from bot.errors import CoworkError, LeftRunning, ToolError, Unavailable
from bot.sdk.refusals import refusal

CLOSED: Final = -32000
TIMED_OUT: Final = -32001
_LONGEST: Final = 500
_PATIENT_STARTS: Final = 3
"""A server that did not start so often is not waited for any more: the model is told to do without."""
_GONE_SESSION: Final = ("Session terminated", "Session not found")
_TOO_LARGE: Final = "byte limit"
_BARE_REFUSAL: Final = "Server returned an error response"
_NOBODY: Final = "All connection attempts failed"


def of_call(
    error: BaseException, connector: Connector, owner: Owner, noticed: Noticed, attempt: Attempt
) -> CoworkError:
    """The error to raise for a call of a connector that its `owner` made, or could not make."""
    found = _of_call(error, connector.title, owner, noticed, attempt)
    if isinstance(found, ToolError) and not found.sources:
        audience = Audience.REQUESTER if connector.is_personal else Audience.WORKSPACE
        found.sources = (Source(name=connector.title, audience=audience),)
    return found


def is_forgotten(error: BaseException) -> bool:
    """Whether the server knows this session no more: it refused the call, and will refuse all others."""
    return _message(error) in _GONE_SESSION


def said(error: BaseException | None, noticed: Noticed) -> str:
    """The trouble in words for people, without secrets: with what the server itself said last."""
    if error is None or isinstance(error, Lost):
        return _with_last_words(noticed.ended or "the connection was lost", noticed)
    if isinstance(error, CoworkError):
        return str(error)
    text = cleaned(noticed.veil.masked(_words(error, noticed)))[:_LONGEST]
    return text if isinstance(error, httpx2.HTTPError) else _with_last_words(text, noticed)


def _of_call(
    error: BaseException, title: str, owner: Owner, noticed: Noticed, attempt: Attempt
) -> CoworkError:
    if isinstance(error, CoworkError):
        return error
    if not attempt.is_sent:
        return _of_start(error, title, owner, noticed)
    if isinstance(error, TimeoutError) or _code(error) == TIMED_OUT:
        what = f"{title} did not answer within {attempt.seconds:g} seconds; the call was cancelled there."
        return (
            ToolError(what)
            if attempt.is_harmless
            else LeftRunning(f"{what} What it did until then is not known.")
        )
    if _code(error) == CLOSED and _TOO_LARGE not in _message(error):
        return _of_lost(title, owner, noticed, attempt)
    if is_forgotten(error):
        return Unavailable("it has forgotten the session", 1, service=title, nothing_done=True)
    return _of_answer(error, title, noticed, attempt)


def _of_start(error: BaseException, title: str, owner: Owner, noticed: Noticed) -> CoworkError:
    cause, seconds = (owner.trouble, error.seconds) if isinstance(error, Resting) else (error, 1.0)
    if isinstance(error, TimeoutError) and owner.condition is Condition.READY:
        return Unavailable("it was busy with other calls all the time", 5, service=title, nothing_done=True)
    if isinstance(cause, CoworkError):
        return cause
    if isinstance(cause, FileNotFoundError | PermissionError) or owner.failures >= _PATIENT_STARTS:
        return ToolError(
            f"{title} cannot be reached: {said(cause, noticed)}. Nothing was done; an admin can mend it in its "
            "settings."
        )
    return Unavailable(said(cause, noticed), seconds, service=title, nothing_done=True)


def _of_lost(title: str, owner: Owner, noticed: Noticed, attempt: Attempt) -> CoworkError:
    cause = owner.trouble
    if isinstance(cause, CoworkError):
        return cause
    was_never_sent = isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | Refused)
    if attempt.is_harmless or (was_never_sent and attempt.was_alone):
        nothing_done = was_never_sent or attempt.is_looking
        return Unavailable(said(cause, noticed), 1, service=title, nothing_done=nothing_done)
    return LeftRunning(
        f"{title} was lost in the middle of the call: {said(cause, noticed)}. What it did is not known."
    )


def _of_answer(error: BaseException, title: str, noticed: Noticed, attempt: Attempt) -> CoworkError:
    """The server answered, and refused or said what it may not."""
    if noticed.refused is not None:
        return noticed.refused
    if _message(error) == _BARE_REFUSAL and noticed.status is not None:
        return _refusal(title, noticed.status)
    if _code(error) is None:
        done = "Nothing was done." if attempt.is_looking else "The call was made; what it did stands."
        return ToolError(
            f"{title} answered with what its own description rules out ({said(error, noticed)}). {done}"
        )
    return ToolError(f"{title} refused the call: {said(error, noticed)}")


def _refusal(title: str, status: int) -> CoworkError:
    if status in (401, 403):
        return ToolError(
            f"{title} refused what Cowork identifies itself by ({status}). An admin can mend it in its settings."
        )
    return refusal(title, status)


def _words(error: BaseException, noticed: Noticed) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time when the connection was made"
    if isinstance(error, FileNotFoundError):
        return f"its program {error.filename} is not there"
    if isinstance(error, PermissionError):
        return f"its program {error.filename} may not be run"
    if isinstance(error, httpx2.ConnectError) and str(error) == _NOBODY:
        return "nobody answers at its address"
    if _TOO_LARGE in _message(error):
        return f"it sent more than {MOST_BYTES >> 20} MB in one event, which was let go"
    if _code(error) == CLOSED:
        return noticed.ended or "the connection was lost"
    text = (_message(error) or str(error)).strip()
    if noticed.status is not None and text in (_BARE_REFUSAL, HTTPStatus(noticed.status).phrase):
        return f"its address answered {noticed.status} {HTTPStatus(noticed.status).phrase}"
    return text or type(error).__name__


def _with_last_words(text: str, noticed: Noticed) -> str:
    words = noticed.last_words
    return f"{text}; its last words: {words[:_LONGEST]}" if words else text


def _code(error: BaseException) -> int | None:
    from mcp import MCPError

    return error.error.code if isinstance(error, MCPError) else None


def _message(error: BaseException) -> str:
    from mcp import MCPError

    return error.error.message if isinstance(error, MCPError) else ""
