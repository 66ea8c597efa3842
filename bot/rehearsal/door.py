"""What stands in the headers: the version, the credential, and the betas a request's fields need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.rehearsal.prompt import as_blocks
from bot.rehearsal.refusal import Refusal, invalid

BETAS = {
    "compaction": ("compact-2026-09-04",),
    "context_management": ("context-management-2025-06-27",),
    "fallbacks": ("server-side-fallback-2026-07-01", "server-side-fallback-2026-06-01"),
    "fallback_credit_token": ("fallback-credit-2026-07-01", "fallback-credit-2026-06-01"),
    "mcp_servers": ("mcp-client-2026-09-15", "mcp-client-2025-11-20", "mcp-client-2025-04-04"),
    "thread": ("message-threads-2026-08-12",),
    "billing_policy": ("user-profiles-billing-2026-10-01",),
    "output_config.task_budget": ("task-budgets-2026-03-13",),
    "thinking.display.updates": ("thinking-display-updates-2026-08-18",),
    "thinking.block_binding": ("thinking-binding-controls-2026-08-01",),
    "clear_at": ("mid-conversation-system-clear-at-2026-08-21",),
    "system.output_config": ("mid-conversation-output-config-2026-07-01",),
    "tool_changes": ("mid-conversation-tool-changes-2026-07-01", "inline-tools-2026-09-15"),
}
"""A field, and the betas any one of which admits it."""


def refused(headers: Mapping[str, str]) -> Refusal | None:
    """Why this caller does not get in; `None` when they do. Header names are in lower case."""
    bearer = headers.get("authorization", "")
    if not (bearer.lower().startswith("bearer ") and bearer[7:].strip()) and not headers.get("x-api-key"):
        return Refusal(status=401, type="authentication_error", message="x-api-key header is required")
    if not headers.get("anthropic-version"):
        return invalid("anthropic-version: header is required")
    return None


def check(body: Mapping[str, Any], headers: Mapping[str, str]) -> list[str]:
    """Fields of a well-shaped body that were sent without their beta."""
    given = {beta.strip() for beta in headers.get("anthropic-beta", "").split(",")}
    return [
        f"{field}: Extra inputs are not permitted (needs `anthropic-beta: {BETAS[field][0]}`)"
        for field in dict.fromkeys(_fields(body))
        if given.isdisjoint(BETAS[field])
    ]


def _fields(body: Mapping[str, Any]) -> Iterator[str]:
    yield from (name for name in BETAS if body.get(name) is not None)
    if (body.get("output_config") or {}).get("task_budget") is not None:
        yield "output_config.task_budget"
    thinking = body.get("thinking") or {}
    if thinking.get("display") == "updates":
        yield "thinking.display.updates"
    if thinking.get("block_binding"):
        yield "thinking.block_binding"
    for message in body["messages"]:
        if message["role"] == "system":
            yield from _system(message)


def _system(message: Mapping[str, Any]) -> Iterator[str]:
    if message.get("clear_at"):
        yield "clear_at"
    if message.get("output_config"):
        yield "system.output_config"
    if any(block["type"] in ("tool_addition", "tool_removal") for block in as_blocks(message.get("content"))):
        yield "tool_changes"
