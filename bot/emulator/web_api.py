"""The Web API: one call in, one answer out, with the faults that were ordered and a line in the log."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from bot.emulator.arguments import Arguments
from bot.emulator.faults import Fault
from bot.emulator.method import Call, Method
from bot.emulator.methods import (
    agents,
    apps,
    chat,
    conversations,
    people,
    reactions,
    scheduled,
    streaming,
    surfaces,
    uploads,
)
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace

logger = logging.getLogger(__name__)

_FAMILIES = (
    agents,
    apps,
    chat,
    conversations,
    people,
    reactions,
    scheduled,
    streaming,
    surfaces,
    uploads,
)
METHODS: dict[str, Method] = {name: method for family in _FAMILIES for name, method in family.METHODS.items()}
_WARNINGS = {
    "unknown_method": "unknown_method",
    "invalid_blocks": "rejected_blocks",
    "invalid_blocks_format": "rejected_blocks",
    "msg_blocks_too_long": "rejected_blocks",
    "missing_scope": "missing_scope",
    "ratelimited": "rate_limited",
}
_BAD_ARGUMENTS = ("invalid_arguments", "view_too_large", "invalid_chunks")


@dataclass(frozen=True)
class Answer:
    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False


def answer(ws: Workspace, name: str, args: Arguments, token: str) -> Answer:
    """What Slack answers to this call; `lost` when the connection is to break before the answer."""
    began = time.monotonic()
    _delay(ws, name)
    if ws.faults.take("drop_call", name) is not None:
        ws.log.add("call", name, error="dropped", request=args.whole())
        return Answer({}, lost=True)
    fault = ws.faults.take("fail", name)
    found = _faulty(fault) if fault else _answered(ws, name, args, token)
    lost = ws.faults.take("lose_answer", name) is not None
    ms = int((time.monotonic() - began) * 1000)
    _note(ws, name, args, found, ms, lost)
    return Answer(found.body, found.status, found.headers, lost)


def _answered(ws: Workspace, name: str, args: Arguments, token: str) -> Answer:
    method = METHODS.get(name)
    headers = {"x-oauth-scopes": ",".join(ws.app.scopes)}
    with ws.lock:
        try:
            if method is None:
                raise SlackError("unknown_method", req_method=name)
            call = Call(ws=ws, name=name, args=args, token=token)
            _admit(call, method)
            return Answer({"ok": True, **method.run(call)}, headers=headers)
        except SlackError as refusal:
            return Answer(refusal.answer(), headers=headers)
        except Exception:
            logger.exception("the local Slack failed in %s", name)
            return Answer({"ok": False, "error": "internal_error"}, 500, headers)


def _admit(call: Call, method: Method) -> None:
    if method.token == "bot":
        call.ws.installation.check_bot(call.token)
    elif method.token == "app":
        call.ws.installation.check_app(call.token)
    if method.scopes:
        call.need(*method.scopes)


def _delay(ws: Workspace, name: str) -> None:
    slow = ws.faults.take("slow", name)
    if slow is not None:
        time.sleep(slow.seconds)


def _faulty(fault: Fault) -> Answer:
    error = fault.error or ("ratelimited" if fault.status == 429 else "internal_error")
    headers = {"Retry-After": str(int(fault.retry_after))} if fault.retry_after is not None else {}
    return Answer({"ok": False, "error": error}, fault.status, headers)


def _note(ws: Workspace, name: str, args: Arguments, found: Answer, ms: int, lost: bool) -> None:
    error = found.body.get("error")
    given = args.whole()
    ws.log.add(
        "call",
        name,
        error=f"answer lost ({error or 'ok'})" if lost else error,
        status=found.status,
        ms=ms,
        request=given,
        response=found.body,
    )
    kind = _warning(name, str(error))
    if kind:
        detail = (found.body.get("response_metadata") or {}).get("messages") or []
        words = f"{name}: {error}" + (f" (needs {found.body['needed']})" if "needed" in found.body else "")
        channel, thread = args.maybe("channel"), args.maybe("thread_ts")
        ws.log.warn(kind, words, method=name, detail=detail, channel=channel, thread_ts=thread)


def _warning(name: str, error: str) -> str | None:
    if error in _BAD_ARGUMENTS:
        return "rejected_view" if name.startswith("views.") else "bad_arguments"
    return _WARNINGS.get(error)
