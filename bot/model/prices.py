"""What a call cost, from the token counts the API reports and the prices in `prices.toml`."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MILLION = 1_000_000
US_ONLY = 1.1


@dataclass(frozen=True, kw_only=True)
class Price:
    """US dollars per million tokens, for prompts up to `prompt_up_to` tokens; None = unknown (or no limit)."""

    input: float
    output: float
    write_5m: float | None = None
    write_1h: float | None = None
    read: float | None = None
    prompt_up_to: int | None = None

    def covers(self, prompt: int) -> bool:
        return self.prompt_up_to is None or prompt <= self.prompt_up_to


def cost(model: str, usage: Mapping[str, Any]) -> float | None:
    """US dollars of one answer, or None if a price it needs is not known.

    Summed over `usage.iterations` when present: the top level leaves some of them out.
    """
    parts = [_cost_of(part.get("model") or model, part) for part in iterations(usage)]
    if usage.get("speed") == "fast" or any(part is None for part in parts):
        return None
    tokens = sum(part for part in parts if part is not None)
    if usage.get("inference_geo") == "us":
        tokens *= US_ONLY
    searches = (usage.get("server_tool_use") or {}).get("web_search_requests") or 0
    return tokens + searches * float(_table()["web_search"]["each"])


def most(model: str, prompt: int, answer: int) -> float | None:
    """US dollars that a request of so many tokens can cost, were all of it new; None where the price is unknown."""
    price = _price(model, prompt=prompt)
    if price is None:
        return None
    dearest = max(price.input, price.write_5m or 0, price.write_1h or 0)
    return (prompt * dearest + answer * price.output) * US_ONLY / MILLION


def iterations(usage: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The parts whose tokens make up the whole."""
    return list(usage.get("iterations") or [usage])


def _cost_of(model: str, part: Mapping[str, Any]) -> float | None:
    written = part.get("cache_creation_input_tokens") or 0
    split = part.get("cache_creation") or {}
    written_1h = split.get("ephemeral_1h_input_tokens") or 0
    plain, read = part.get("input_tokens") or 0, part.get("cache_read_input_tokens") or 0
    price = _price(model, prompt=plain + written + read)
    if price is None:
        return None
    amounts = [
        (plain, price.input),
        (part.get("output_tokens") or 0, price.output),
        (written - written_1h, price.write_5m),
        (written_1h, price.write_1h),
        (read, price.read),
    ]
    charged = [(tokens, dollars) for tokens, dollars in amounts if tokens]
    if any(dollars is None for _, dollars in charged):
        return None
    return sum(tokens * dollars for tokens, dollars in charged if dollars is not None) / MILLION


def _price(model: str, *, prompt: int) -> Price | None:
    rows = (Price(**row) for row in _table()["models"].get(model, []))
    return next((row for row in rows if row.covers(prompt)), None)


@functools.cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(importlib.resources.files("bot.model").joinpath("prices.toml").read_text("utf-8"))
