"""What the API answers when it will not: a status, a type and a message, in the API's own envelope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An error answer. `details` carries the stable `error_code` where the API has one."""

    status: int
    type: str
    message: str
    details: dict[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def error(self) -> dict[str, Any]:
        """The inner object, as it also stands in an `error` event of a stream."""
        error: dict[str, Any] = {"type": self.type, "message": self.message}
        return error if self.details is None else {**error, "details": self.details}

    def body(self, request_id: str) -> dict[str, Any]:
        """The whole JSON body."""
        return {"type": "error", "error": self.error(), "request_id": request_id}


def invalid(message: str) -> Refusal:
    """400: the request is wrong, sending it again will not help."""
    return Refusal(status=400, type="invalid_request_error", message=message)


def not_found(message: str) -> Refusal:
    """404: no such model, no such page."""
    return Refusal(status=404, type="not_found_error", message=message)
