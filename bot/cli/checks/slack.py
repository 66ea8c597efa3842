"""Slack: tokens of the right kind, accepted, and with the scopes that the manifest asks for."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.cli.checks.finding import Finding, failed, fine, warning
from bot.settings import Settings

BOT, APP = "Slack", "Slack events"
_SECONDS = 5
_APPS = "api.slack.com/apps"
_BOT_PAGE = f"“OAuth & Permissions” of the app at {_APPS}"
_APP_PAGE = f"“Basic Information” → “App-Level Tokens” of the app at {_APPS}"
_AGAIN = f"Install the app again ({_BOT_PAGE}), and set SLACK_BOT_TOKEN to its new token."
_REINSTALL = (
    "Reinstall the app with the new manifest: paste manifest.yml under “App Manifest” of the app at "
    f"{_APPS}, then press “Reinstall”."
)
_BOT_REMEDIES = {
    "invalid_auth": f"Copy the Bot User OAuth Token from {_BOT_PAGE}, and set SLACK_BOT_TOKEN to it.",
    "not_allowed_token_type": f"Set SLACK_BOT_TOKEN to the Bot User OAuth Token from {_BOT_PAGE}.",
    "account_inactive": _AGAIN,
    "token_revoked": _AGAIN,
    "token_expired": f"Switch token rotation off. {_AGAIN}",
    "ratelimited": "Wait a minute, and run `cowork doctor` again.",
}
_APP_REMEDIES = {
    "invalid_auth": f"Copy the token from {_APP_PAGE}, and set SLACK_APP_TOKEN to it.",
    "missing_scope": f"Make a token with the scope connections:write at {_APP_PAGE}, and set SLACK_APP_TOKEN to it.",
    "not_allowed_token_type": f"Set SLACK_APP_TOKEN to an app-level token (xapp-…) from {_APP_PAGE}.",
    "ratelimited": "Wait a minute, and run `cowork doctor` again.",
}


def bot(settings: Settings, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """The bot token: its shape, whether Slack takes it, and its scopes."""
    token, app_token = (
        settings.slack_bot_token.get_secret_value(),
        settings.slack_app_token.get_secret_value(),
    )
    if not token and not app_token:
        yield fine(
            BOT,
            "the local Slack of `cowork up`; set SLACK_BOT_TOKEN and SLACK_APP_TOKEN to use your workspace",
        )
    elif not token:
        remedy = f"Set SLACK_BOT_TOKEN to the Bot User OAuth Token from {_BOT_PAGE}."
        yield warning(
            BOT, "SLACK_APP_TOKEN is set but SLACK_BOT_TOKEN is not, so the local Slack is used.", remedy
        )
    elif not token.startswith(("xoxb-", "xoxe.xoxb-")):
        yield _misshapen(token, app_token)
    else:
        yield from _asked(settings, manifest)


def events(settings: Settings) -> Iterator[Finding]:
    """How events come in: by Socket Mode with an app-level token, or over HTTP with the signing secret."""
    bot_token, token = (
        settings.slack_bot_token.get_secret_value(),
        settings.slack_app_token.get_secret_value(),
    )
    if not bot_token or _are_swapped(bot_token, token):
        return
    if token.startswith("xoxb-"):
        remedy = f"Set SLACK_APP_TOKEN to an app-level token (xapp-…) from {_APP_PAGE}."
        yield failed(APP, "SLACK_APP_TOKEN holds a bot token (xoxb-…).", remedy)
    elif token and not token.startswith("xapp-"):
        remedy = f"Set it to an app-level token (xapp-…) from {_APP_PAGE}."
        yield failed(APP, "SLACK_APP_TOKEN does not look like an app-level token.", remedy)
    elif token:
        yield _connected(settings, token)
    elif settings.slack_signing_secret.get_secret_value():
        yield fine(APP, "over HTTP at /slack/events, which Slack must be able to reach")
    else:
        remedy = f"Set SLACK_APP_TOKEN (xapp-…, from {_APP_PAGE}), or SLACK_SIGNING_SECRET to take events over HTTP."
        yield failed(APP, "There is no way for events to come in.", remedy)


def client(settings: Settings, token: str = "") -> WebClient:
    """With the bot's token, or this one. One try, and silence: what went wrong is said by the finding."""
    quiet = logging.Logger("slack")
    quiet.addHandler(logging.NullHandler())
    return WebClient(
        token=token or settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=_SECONDS,
        retry_handlers=[],
        logger=quiet,
    )


def _misshapen(token: str, app_token: str) -> Finding:
    if _are_swapped(token, app_token):
        return failed(BOT, "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are mixed up.", "Swap the two values.")
    kinds = {"xapp-": "an app-level token (xapp-…)", "xoxp-": "a user token (xoxp-…)"}
    kind = next((words for shape, words in kinds.items() if token.startswith(shape)), None)
    found = f"SLACK_BOT_TOKEN holds {kind}." if kind else "SLACK_BOT_TOKEN does not look like a bot token."
    return failed(BOT, found, f"Set it to the Bot User OAuth Token (xoxb-…) from {_BOT_PAGE}.")


def _are_swapped(bot_token: str, app_token: str) -> bool:
    return bot_token.startswith("xapp-") and app_token.startswith("xoxb-")


def _asked(settings: Settings, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        said = client(settings).auth_test()
    except SlackApiError as refusal:
        yield _refused(BOT, refusal, _BOT_REMEDIES)
        return
    except (URLError, OSError) as error:
        yield _unreachable(BOT, settings, error)
        return
    yield fine(BOT, f"{said['team']} as @{said['user']}, at {said['url']}")
    yield _scopes(said.headers.get("x-oauth-scopes", ""), manifest)


def _scopes(header: str | list[str], manifest: Mapping[str, Any]) -> Finding:
    given = set((header if isinstance(header, str) else ",".join(header)).replace(" ", "").split(","))
    asked = manifest["oauth_config"]["scopes"]
    missing = [scope for scope in asked["bot"] if scope not in given]
    if missing:
        found = f"The token lacks {', '.join(missing)}."
        return failed("Slack scopes", found, _REINSTALL)
    without = [scope for scope in asked.get("bot_optional", ()) if scope not in given]
    return fine(
        "Slack scopes",
        f"all {len(asked['bot'])}" + (f"; optional ones not given: {', '.join(without)}" if without else ""),
    )


def _connected(settings: Settings, token: str) -> Finding:
    try:
        client(settings, token).apps_connections_open(app_token=token)
    except SlackApiError as refusal:
        return _refused(APP, refusal, _APP_REMEDIES)
    except (URLError, OSError) as error:
        return _unreachable(APP, settings, error)
    return fine(APP, "by Socket Mode")


def _refused(name: str, refusal: SlackApiError, remedies: Mapping[str, str]) -> Finding:
    error = str(refusal.response.get("error", "")) or f"status {refusal.response.status_code}"
    variable = "SLACK_BOT_TOKEN" if name == BOT else "SLACK_APP_TOKEN"
    otherwise = f"Look at the app at {_APPS}: is Socket Mode on, and is {variable} one of its tokens?"
    return failed(name, f"Slack refused {variable} ({error}).", remedies.get(error, otherwise))


def _unreachable(name: str, settings: Settings, error: OSError) -> Finding:
    why = getattr(error, "reason", None) or error
    remedy = "Check the network, HTTPS_PROXY if you are behind a proxy, and SLACK_API_URL if you set it."
    return failed(name, f"{settings.slack_api_url} cannot be reached ({why}).", remedy)
