"""One line of news for everyone who looks: Slack, the terminal, the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class News(StrEnum):
    STARTED = "started"
    WORKING = "working"
    PLAN = "plan"
    SAID = "said"
    CALLING = "calling"
    CALLED = "called"
    SAMPLED = "sampled"
    PROGRESS = "progress"
    DENIED = "denied"
    ASKED = "asked"
    AGREED = "agreed"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    LAPSED = "lapsed"
    DECIDED = "decided"
    STEERED = "steered"
    CREWED = "crewed"
    OFFERED = "offered"
    HANDED_OVER = "handed_over"
    BRIEFED = "briefed"
    UNDOING = "undoing"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    SET_APART = "set_apart"
    SHARED = "shared"
    NEARLY_SPENT = "nearly_spent"
    SUMMED_UP = "summed_up"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Event:
    id: int
    task_id: int
    news: News
    at: datetime
    data: Mapping[str, Any]


class Choosing(StrEnum):
    """What people do with a plugin, as the audit log has it."""

    INSTALLED = "plugin_installed"
    ENABLED = "plugin_enabled"
    DISABLED = "plugin_disabled"
    CHOSEN = "plugin_chosen"
    ACCEPTED = "plugin_accepted"
    UNINSTALLED = "plugin_uninstalled"


class Connecting(StrEnum):
    """What people do with a connector, and what is seen of its server, as the audit log has it."""

    SAVED = "connector_saved"
    PERMITTED = "connector_permitted"
    ACCEPTED = "connector_accepted"
    ENABLED = "connector_enabled"
    DISABLED = "connector_disabled"
    REMOVED = "connector_removed"
    SEEN = "connector_seen"
    APPROVED = "connector_server_approved"
    WITHDRAWN = "connector_server_withdrawn"


class Hooking(StrEnum):
    """What becomes of a webhook, as the audit log has it."""

    MADE = "webhook_made"
    REMOVED = "webhook_removed"
    GIVEN_UP = "webhook_given_up"
    ENDED = "webhook_ended"


class Tokening(StrEnum):
    """What becomes of API tokens, as the audit log has it."""

    MADE = "token_made"
    REVOKED = "token_revoked"
