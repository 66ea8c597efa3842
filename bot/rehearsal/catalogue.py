"""The models the double knows: their limits, and what each of them refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

MILLION = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Model:
    """One model. Token limits are per request; `cached_from` is the shortest prefix that is cached."""

    id: str
    name: str
    line: str
    created_at: str
    thinking: frozenset[str] = frozenset({"adaptive"})
    forced_tools: bool = False
    system_messages: bool = True
    max_input_tokens: int = MILLION
    max_tokens: int = 128_000
    cached_from: int = 512
    lifecycle: str = "active"
    retires_at: str | None = None

    @property
    def images(self) -> int:
        """How many images one request may carry."""
        return 600 if self.max_input_tokens >= MILLION else 100

    def info(self) -> dict[str, Any]:
        """The model as `GET /v1/models/{id}` describes it."""
        return {
            "type": "model",
            "id": self.id,
            "display_name": self.name,
            "created_at": self.created_at,
            "lifecycle": self.lifecycle,
            "deprecated_at": None if self.lifecycle == "active" else self.created_at,
            "retires_at": self.retires_at,
            "line": self.line,
            "max_input_tokens": self.max_input_tokens,
            "max_tokens": self.max_tokens,
            "allowed_fallback_models": [],
            "capabilities": _capabilities(self),
        }


@cache
def known() -> Mapping[str, Model]:
    """Every model of the catalogue by id, newest first."""
    return {model.id: model for model in (*_CURRENT, *_OLDER)}


def permissive(id: str) -> Model:
    """A model nobody described: it refuses nothing."""
    kinds = frozenset({"adaptive", "between_tools", "disabled", "enabled"})
    return Model(
        id=id, name=id, line="unknown", created_at="1970-01-01T00:00:00Z", thinking=kinds, forced_tools=True
    )


_OLD_THINKING = frozenset({"adaptive", "enabled", "disabled"})

_CURRENT = (
    Model(id="rehearsal", name="Rehearsal", line="rehearsal", created_at="2026-11-22T00:00:00Z"),
    Model(id="claude-fable-5-2", name="Claude Fable 5.2", line="fable", created_at="2026-11-05T00:00:00Z"),
    Model(
        id="claude-haiku-5-5",
        name="Claude Haiku 5.5",
        line="haiku",
        created_at="2026-10-15T00:00:00Z",
        forced_tools=True,
    ),
    Model(id="claude-opus-5-5", name="Claude Opus 5.5", line="opus", created_at="2026-09-15T00:00:00Z"),
    Model(
        id="claude-sonnet-5-5",
        name="Claude Sonnet 5.5",
        line="sonnet",
        created_at="2026-09-15T00:00:00Z",
        thinking=frozenset({"adaptive", "between_tools"}),
    ),
    Model(id="claude-fable-5-1", name="Claude Fable 5.1", line="fable", created_at="2026-08-01T00:00:00Z"),
)

_OLDER = (
    Model(
        id="claude-opus-5",
        name="Claude Opus 5",
        line="opus",
        created_at="2026-05-01T00:00:00Z",
        thinking=frozenset({"adaptive", "disabled"}),
        forced_tools=True,
    ),
    Model(
        id="claude-sonnet-5",
        name="Claude Sonnet 5",
        line="sonnet",
        created_at="2026-05-01T00:00:00Z",
        thinking=frozenset({"adaptive", "disabled"}),
        forced_tools=True,
        system_messages=False,
        cached_from=1024,
    ),
    Model(
        id="claude-haiku-4-5",
        name="Claude Haiku 4.5",
        line="haiku",
        created_at="2025-10-01T00:00:00Z",
        thinking=_OLD_THINKING - {"adaptive"},
        forced_tools=True,
        system_messages=False,
        max_input_tokens=200_000,
        max_tokens=64_000,
        cached_from=4096,
    ),
    Model(
        id="claude-sonnet-4-5",
        name="Claude Sonnet 4.5",
        line="sonnet",
        created_at="2025-09-29T00:00:00Z",
        thinking=_OLD_THINKING - {"adaptive"},
        forced_tools=True,
        system_messages=False,
        max_input_tokens=200_000,
        max_tokens=64_000,
        cached_from=1024,
        lifecycle="deprecated",
        retires_at="2026-11-30T00:00:00Z",
    ),
)


def _capabilities(model: Model) -> dict[str, Any]:
    yes, modern = {"supported": True}, {"supported": model.system_messages}
    return {
        "batch": yes,
        "citations": yes,
        "code_execution": yes,
        "compaction": {**modern, "summarize": modern},
        "context_management": {
            **yes,
            "clear_thinking_20251015": yes,
            "clear_tool_uses_20250919": yes,
            "compact_20260112": yes,
        },
        "effort": {**modern, **{level: modern for level in ("low", "medium", "high", "xhigh", "max")}},
        "image_input": yes,
        "pdf_input": yes,
        "server_tools": {**yes, "web_search": yes, "code_execution": yes},
        "structured_outputs": yes,
        "thinking": {
            **yes,
            "types": {
                kind: {"supported": kind in model.thinking}
                for kind in ("adaptive", "between_tools", "disabled", "enabled")
            },
        },
    }
