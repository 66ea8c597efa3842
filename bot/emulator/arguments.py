"""The arguments of one Web API call, wherever they came from: query, form or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.emulator.schema import problem
from bot.emulator.wire import Json, SlackError, rejected


class Arguments:
    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = dict(given)

    def whole(self) -> Json:
        """For the log: everything but the token."""
        return {key: value for key, value in self._given.items() if key != "token"}

    def has(self, name: str) -> bool:
        return self._given.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        value = self._given.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def maybe(self, name: str) -> str | None:
        return self.text(name) if self.has(name) else None

    def required(self, name: str) -> str:
        if not self.has(name):
            raise rejected("invalid_arguments", [problem(f"missing required field: {name}", "")])
        return self.text(name)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._given.get(name)
        if value is None:
            return default
        return value is True or str(value).lower() in ("1", "true", "yes")

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to `most`."""
        if not self.has(name):
            return default
        try:
            value = int(self._given[name])
        except (TypeError, ValueError):
            raise rejected("invalid_arguments", [problem("must provide an integer", f"/{name}")]) from None
        if value < 1:
            raise SlackError("invalid_limit")
        return min(value, most)

    def nested(self, name: str, unreadable: str = "invalid_json") -> Any:
        """A nested value, which may come as a JSON string; None when it is absent."""
        value = self._given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(unreadable) from None

    def words(self, name: str) -> list[str]:
        """A comma-separated list, or a JSON array."""
        value = self._given.get(name)
        if isinstance(value, list):
            return [str(one) for one in value]
        return [part.strip() for part in self.text(name).split(",") if part.strip()]
