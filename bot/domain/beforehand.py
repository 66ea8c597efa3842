"""What others wrote before a goal: people in its thread, or a connector's server, whose prompt it begins with."""

from __future__ import annotations

import re

_OF_PROMPT = re.compile(
    r"The prompt ‹[^\n]*› as the MCP server of the connector ‹(?P<owner>[^\n]+)› gives it:\n\n"
)


def of_prompt(name: str, owner: str, text: str) -> str:
    """As the task reads it, with whose words it is."""
    return f"The prompt ‹{name}› as the MCP server of the connector ‹{owner}› gives it:\n\n{text}"


def source(context: str) -> str:
    """Whose words they are, as people are told; "" for nobody's."""
    if not context.strip():
        return ""
    prompt = _OF_PROMPT.match(context)
    return f"a prompt of {prompt['owner']}" if prompt else "earlier messages in this thread"
