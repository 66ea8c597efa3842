"""Tokens and secrets of the app in this workspace: made once, kept with the data, revocable."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from bot.emulator.store import Store
from bot.emulator.wire import Json, SlackError

_ROTATION_SECONDS = 43_200


class Installation:
    def __init__(self, store: Store, now: Callable[[], float]) -> None:
        self._store = store
        self._now = now
        self._secrets = store.get("installation", "secrets") or self._first()

    @property
    def bot_token(self) -> str:
        return str(self._secrets["bot_token"])

    @property
    def app_token(self) -> str:
        return str(self._secrets["app_token"])

    @property
    def signing_secret(self) -> str:
        return str(self._secrets["signing_secret"])

    @property
    def verification_token(self) -> str:
        return str(self._secrets["verification_token"])

    @property
    def client_id(self) -> str:
        return str(self._secrets["client_id"])

    @property
    def client_secret(self) -> str:
        return str(self._secrets["client_secret"])

    def check_bot(self, token: str) -> None:
        """Pass a living bot token; raise the error Slack has for any other."""
        if not token:
            raise SlackError("not_authed")
        if token == self.app_token:
            raise SlackError("not_allowed_token_type")
        known = self._store.get("token", token)
        if known is None:
            raise SlackError("invalid_auth")
        if known["state"] != "live":
            raise SlackError(str(known["state"]))
        if known["expires"] and known["expires"] < self._now():
            raise SlackError("token_expired")

    def check_app(self, token: str) -> None:
        if not token:
            raise SlackError("not_authed")
        if token != self.app_token:
            known = self._store.get("token", token)
            raise SlackError("not_allowed_token_type" if known else "invalid_auth")

    def end(self, token: str | None, state: str) -> None:
        """Make a token (or all of them) answer `token_revoked` or `account_inactive` from now on."""
        for known in self._store.every("token"):
            if token in (None, known["token"]):
                self._store.put("token", known["token"], {**known, "state": state})

    def revive(self) -> None:
        """Install the app again after an uninstall."""
        for known in self._store.every("token"):
            self._store.put("token", known["token"], {**known, "state": "live"})

    def code(self, redirect_uri: str) -> str:
        """What the consent page hands back: good for one exchange."""
        code = secrets.token_urlsafe(24)
        self._store.put("oauth_code", code, {"redirect_uri": redirect_uri})
        return code

    def exchange(self, code: str, *, rotating: bool) -> Json:
        if self._store.get("oauth_code", code) is None:
            raise SlackError("invalid_code")
        self._store.drop("oauth_code", code)
        return self.issue(rotating=rotating)

    def refresh(self, refresh_token: str) -> Json:
        """A new pair for a refresh token, which works once."""
        if self._store.get("refresh_token", refresh_token) is None:
            raise SlackError("invalid_refresh_token")
        self._store.drop("refresh_token", refresh_token)
        return self.issue(rotating=True)

    def issue(self, *, rotating: bool) -> Json:
        token = f"{'xoxe.' if rotating else ''}xoxb-local-{secrets.token_hex(16)}"
        expires = self._now() + _ROTATION_SECONDS if rotating else 0
        self._store.put("token", token, {"token": token, "state": "live", "expires": expires})
        if not rotating:
            return {"access_token": token}
        refresh = f"xoxe-1-{secrets.token_hex(16)}"
        self._store.put("refresh_token", refresh, {})
        return {"access_token": token, "refresh_token": refresh, "expires_in": _ROTATION_SECONDS}

    def _first(self) -> Json:
        made = {
            "bot_token": f"xoxb-local-{secrets.token_hex(16)}",
            "app_token": f"xapp-1-local-{secrets.token_hex(16)}",
            "signing_secret": secrets.token_hex(16),
            "verification_token": secrets.token_hex(12),
            "client_id": f"{secrets.randbelow(10**10):010d}.{secrets.randbelow(10**10):010d}",
            "client_secret": secrets.token_hex(16),
        }
        self._store.put("installation", "secrets", made)
        token = made["bot_token"]
        self._store.put("token", token, {"token": token, "state": "live", "expires": 0})
        return made
