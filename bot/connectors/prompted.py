"""What a server gives for one of its prompts, as words: cleaned, and who is to say them where there are several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.domain.cleaned import cleaned

if TYPE_CHECKING:
    from mcp import Client
    from mcp_types import ContentBlock, PromptMessage

_LEFT_OUT = "({}: only the words of a prompt are taken along.)"


async def prompted(client: Client, name: str, arguments: Mapping[str, str]) -> str:
    found = await client.get_prompt(name, dict(arguments))
    if len(found.messages) == 1:
        return _words(found.messages[0].content)
    return "\n\n".join(map(_said, found.messages))


def _said(message: PromptMessage) -> str:
    return f"{message.role}: {_words(message.content)}"


def _words(part: ContentBlock) -> str:
    """Nothing that it links to is followed."""
    match part.type:
        case "text":
            return cleaned(part.text)
        case "resource" if hasattr(part.resource, "text"):
            return f"{cleaned(part.resource.uri)}:\n{cleaned(part.resource.text)}"
        case "resource" | "resource_link":
            uri = part.uri if part.type == "resource_link" else part.resource.uri
            return f"resource: {cleaned(str(uri))}"
        case _:
            return _LEFT_OUT.format(part.type)
