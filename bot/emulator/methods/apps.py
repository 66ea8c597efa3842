"""api.test, auth.*, apps.* and oauth.*: the app itself and its tokens."""

from __future__ import annotations

from typing import Any

from bot.emulator import events
from bot.emulator.method import Call, Method
from bot.emulator.schema import Problems, fields, items, problem, text
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace


def api_test(call: Call) -> Json:
    given = call.args.whole()
    if call.args.has("error"):
        raise SlackError(call.args.text("error"), args=given)
    return {"args": given}


def auth_test(call: Call) -> Json:
    ws = call.ws
    return {
        "url": f"{ws.origin}/",
        "team": ws.team["name"],
        "user": ws.app.name,
        "team_id": ws.team_id,
        "user_id": ws.bot_user,
        "bot_id": ws.bot_id,
        "is_enterprise_install": False,
    }


def auth_revoke(call: Call) -> Json:
    if call.args.flag("test"):
        return {"revoked": False}
    tokens = {"oauth": [], "bot": [call.ws.bot_user]}
    events.emit(call.ws, {"type": "tokens_revoked", "tokens": tokens})
    call.ws.installation.end(call.token, "token_revoked")
    return {"revoked": True}


def open_connection(call: Call) -> Json:
    host = call.ws.origin.removeprefix("http://")
    return {"url": f"ws://{host}/socket?ticket={call.ws.delivery.sockets.ticket()}"}


def uninstall(call: Call) -> Json:
    if call.args.required("client_id") != call.ws.installation.client_id:
        raise SlackError("bad_client_secret")
    remove_app(call.ws)
    return {}


def remove_app(ws: Workspace) -> None:
    """The app is gone from the workspace: it hears of it, and its tokens are dead."""
    events.emit(ws, {"type": "app_uninstalled"})
    ws.installation.end(None, "account_inactive")


def validate_manifest(call: Call) -> Json:
    manifest = call.args.nested("manifest")
    found = [_located(one) for one in _MANIFEST(manifest, "")]
    if found:
        raise SlackError("invalid_manifest", errors=found)
    return {"errors": []}


def oauth_access(call: Call) -> Json:
    _client(call)
    args = call.args
    if args.text("grant_type") == "refresh_token":
        tokens = call.ws.installation.refresh(args.required("refresh_token"))
    else:
        rotating = call.ws.app.rotates_tokens
        tokens = call.ws.installation.exchange(args.required("code"), rotating=rotating)
    return _installed(call, tokens)


def oauth_exchange(call: Call) -> Json:
    """A long-lived token for a rotating pair."""
    _client(call)
    call.ws.installation.check_bot(call.args.required("token"))
    return _installed(call, call.ws.installation.issue(rotating=True))


def _client(call: Call) -> None:
    known = call.ws.installation
    if call.args.text("client_id") != known.client_id:
        raise SlackError("invalid_client_id")
    if call.args.text("client_secret") != known.client_secret:
        raise SlackError("bad_client_secret")


def _installed(call: Call, tokens: Json) -> Json:
    ws = call.ws
    return {
        "app_id": ws.app_id,
        "authed_user": {"id": ws.store.every("user")[0]["id"]},
        "scope": ",".join(ws.app.scopes),
        "token_type": "bot",
        **tokens,
        "bot_user_id": ws.bot_user,
        "team": {"id": ws.team_id, "name": ws.team["name"]},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _anything(value: Any, at: str) -> Problems:
    if not isinstance(value, dict):
        yield problem("must provide an object", at)


_MANIFEST = fields(
    {
        "_metadata": _anything,
        "display_information": fields(
            {
                "name": text(35),
                "description": text(140),
                "long_description": text(4000),
                "background_color": text(7),
            },
            ["name"],
        ),
        "features": _anything,
        "oauth_config": fields({"scopes": _anything, "redirect_urls": items(text(3000), 1000, 0)}),
        "settings": _anything,
    },
    ["display_information"],
)


def _located(found: str) -> Json:
    words, _, pointer = found.partition(" [json-pointer:")
    return {"message": words, "pointer": pointer.rstrip("]")}


METHODS = {
    "api.test": Method(api_test, token="none"),
    "auth.test": Method(auth_test),
    "auth.revoke": Method(auth_revoke),
    "apps.connections.open": Method(open_connection, token="app"),
    "apps.uninstall": Method(uninstall),
    "apps.manifest.validate": Method(validate_manifest, token="none"),
    "oauth.v2.access": Method(oauth_access, token="none"),
    "oauth.v2.exchange": Method(oauth_exchange, token="none"),
}
