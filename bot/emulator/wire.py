"""What travels between Slack and its clients: JSON objects, and the errors Slack answers with."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """An answer with `ok: false`; `details` are the keys that stand beside the error's name."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def answer(self) -> Json:
        return {"ok": False, "error": self.code, **self.details}


def rejected(code: str, problems: list[str]) -> SlackError:
    """The answer to a body that breaks the published limits, with a pointer to each place."""
    return SlackError(
        code,
        errors=problems,
        response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]},
    )
