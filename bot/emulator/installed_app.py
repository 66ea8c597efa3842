"""The app as its manifest declares it: commands, shortcuts, scopes, subscriptions, tabs."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from bot.emulator.wire import Json


class InstalledApp:
    def __init__(self, manifest: Json, withheld: Collection[str] = ()) -> None:
        self.manifest = manifest
        self._features: Json = manifest.get("features") or {}
        self._settings: Json = manifest.get("settings") or {}
        scopes = (manifest.get("oauth_config") or {}).get("scopes") or {}
        asked = [*(scopes.get("bot") or []), *(scopes.get("bot_optional") or [])]
        self.scopes: tuple[str, ...] = tuple(scope for scope in asked if scope not in set(withheld))
        subscriptions = self._settings.get("event_subscriptions") or {}
        self.events: frozenset[str] = frozenset(subscriptions.get("bot_events") or [])

    @property
    def name(self) -> str:
        return str((self._features.get("bot_user") or {}).get("display_name") or self.title).lower()

    @property
    def title(self) -> str:
        return str((self.manifest.get("display_information") or {}).get("name") or "cowork")

    @property
    def description(self) -> str:
        agent = self._features.get("agent_view") or {}
        information = self.manifest.get("display_information") or {}
        return str(agent.get("agent_description") or information.get("description") or "")

    @property
    def commands(self) -> list[Json]:
        return list(self._features.get("slash_commands") or [])

    def command(self, name: str) -> Json | None:
        return next((command for command in self.commands if command["command"] == name), None)

    @property
    def shortcuts(self) -> list[Json]:
        return list(self._features.get("shortcuts") or [])

    def shortcut(self, callback_id: str) -> Json | None:
        return next((one for one in self.shortcuts if one["callback_id"] == callback_id), None)

    @property
    def suggested_prompts(self) -> list[Json]:
        return list((self._features.get("agent_view") or {}).get("suggested_prompts") or [])

    @property
    def home_tab(self) -> bool:
        return bool((self._features.get("app_home") or {}).get("home_tab_enabled"))

    @property
    def messages_tab(self) -> bool:
        home = self._features.get("app_home") or {}
        return bool(home.get("messages_tab_enabled")) and not home.get("messages_tab_read_only_enabled")

    @property
    def interactive(self) -> bool:
        return bool((self._settings.get("interactivity") or {}).get("is_enabled"))

    @property
    def rotates_tokens(self) -> bool:
        return bool(self._settings.get("token_rotation_enabled"))

    def may_redirect_to(self, url: str) -> bool:
        """Is this one of the manifest's redirect URLs, or on this machine?"""
        registered = (self.manifest.get("oauth_config") or {}).get("redirect_urls") or []
        if any(url.startswith(known) for known in registered):
            return True
        return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")

    @property
    def stoppable(self) -> bool:
        """Is the Stop button alive?"""
        return "agent_session_stopped" in self.events
