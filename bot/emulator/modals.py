"""Submitting and closing modals, and what the app's acknowledgement does with them."""

from __future__ import annotations

from typing import Any

from bot.emulator import channels, payloads, rendering, responses, view_state, views
from bot.emulator.gestures import WORDS, acknowledged
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace


def submit(ws: Workspace, person: str, view_id: str, sent: Json) -> Json:
    """`{"result": closed | errors | updated | pushed | cleared, …}`."""
    with ws.lock:
        view = _own(ws, person, view_id)
        values = view_state.view_state(ws, view["blocks"], {**view["state"]["values"], **sent})
        empty = view_state.missing(view["blocks"], values)
        if empty:
            return {"result": "errors", "errors": empty}
        view = views.remember_state(ws, view, values)
        payload = payloads.view_submission(ws, person, view, _response_urls(ws, person, view))
    outcome = ws.delivery.ask("interactive", payload)
    answer = acknowledged(ws, person, outcome, view["title"]["text"])
    with ws.lock:
        try:
            return _answered(ws, person, view, answer if isinstance(answer, dict) else {})
        except SlackError as refusal:
            raise _failed(ws, person, view, refusal) from refusal


def close(ws: Workspace, person: str, view_id: str, *, everything: bool = False) -> Json | None:
    """Close one view, or the whole stack; the app hears of it if it asked to. Answers with the new top."""
    with ws.lock:
        view = _own(ws, person, view_id)
        cleared = everything or view["clear_on_close"]
        ids = reversed(views.stack(ws, person)) if cleared else [view_id]
        below: Json | None = None
        for one in ids:
            closing = views.found(ws, one)
            below = views.close(ws, person, one)
            if closing["notify_on_close"]:
                ws.delivery.tell("interactive", payloads.view_closed(ws, person, closing, cleared=cleared))
        return below


def _own(ws: Workspace, person: str, view_id: str) -> Json:
    if view_id not in views.stack(ws, person):
        raise SlackError("view_not_found")
    return views.found(ws, view_id)


def _answered(ws: Workspace, person: str, view: Json, answer: Json) -> Json:
    match answer.get("response_action"):
        case None:
            below = views.close(ws, person, view["id"])
            return {"result": "closed", "view": views.page_shape(below) if below else None}
        case "clear":
            for one in reversed(views.stack(ws, person)):
                views.close(ws, person, one)
            return {"result": "cleared"}
        case "errors":
            return {"result": "errors", "errors": _errors(view, answer.get("errors"))}
        case "update":
            changed = views.update(ws, view, answer.get("view"))
            return {"result": "updated", "view": views.page_shape(changed)}
        case "push":
            pushed = views.push(ws, person, answer.get("view"))
            return {"result": "pushed", "view": views.page_shape(pushed)}
        case other:
            raise SlackError(f"unknown response_action: {other}")


def _errors(view: Json, errors: Any) -> dict[str, str]:
    """Errors must name input blocks of the view; Slack shows a general failure for any other."""
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    if not isinstance(errors, dict) or not errors or any(key not in inputs for key in errors):
        raise SlackError("errors must name input blocks of the view")
    return {str(key): str(words) for key, words in errors.items()}


def _failed(ws: Workspace, person: str, view: Json, refusal: SlackError) -> SlackError:
    detail = (refusal.details.get("response_metadata") or {}).get("messages") or []
    words = WORDS["dispatch_failed"].format(what=view["title"]["text"])
    ws.log.warn("rejected_view", f"The answer to a submission was rejected: {refusal.code}", detail=detail)
    ws.log.warn("dispatch_failed", words, to=[person])
    return SlackError("dispatch_failed", message=words)


def _response_urls(ws: Workspace, person: str, view: Json) -> list[Json]:
    """One for each conversation chosen in a select that asks for it."""
    urls = []
    for block_id, element in rendering.elements(view["blocks"]):
        value = view["state"]["values"].get(block_id, {}).get(element["action_id"], {})
        chosen = value.get("selected_conversation") or value.get("selected_channel")
        if element.get("response_url_enabled") and chosen:
            channel = channels.found(ws, chosen)
            urls.append(
                {
                    "block_id": block_id,
                    "action_id": element["action_id"],
                    "channel_id": chosen,
                    "response_url": responses.url(ws, person, channel),
                }
            )
    return urls
