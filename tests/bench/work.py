"""The same work for everyone who is measured: what the model is asked, and the tools it calls.

The floor and LangGraph get the colleague's own prompt, tools and reading of files, so that all send the same requests
and read the same way: what differs is how a step is kept. This module imports nothing of the engine or its model
client: whoever is measured beside the colleague does not profit from its imports.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import anthropic

from bot.agent import prompt
from bot.registry.tools import BUILT_IN
from bot.tools.desk import Desk
from bot.tools.kept import Kept
from bot.tools.made import Made
from bot.tools.paths import Root
from bot.tools.workspace import Workspace

MODEL = "claude-opus-5-5"
GOAL = "Read the notes and say what they are about"
NOTES = "# Notes\n\nAna orders the paper. Ben writes the report.\n"
TOOLS = sorted((tool.definition for tool in BUILT_IN), key=lambda tool: str(tool["name"]))
MARK = {"type": "ephemeral"}
CHECKPOINT = "checkpoint"

Block = dict[str, Any]
Message = dict[str, Any]

_BY_NAME = {tool.name: tool for tool in BUILT_IN}


def opening(folder: Path, own: Path) -> Message:
    """The first message of a task, as long as the colleague's."""
    lines = [
        '<task id="1">',
        "<now>2026-05-04 09:30 UTC</now>",
        "<requester>Ana</requester>",
        "<place>C1</place>",
        "<folders>",
        f"{folder} (rw)",
        "</folders>",
        f"<own_folder>{own}</own_folder>",
        f"<goal>{GOAL}</goal>",
        "</task>",
    ]
    return {"role": "user", "content": [{"type": "text", "text": "\n".join(lines)}]}


def client(url: str) -> anthropic.Anthropic:
    """The SDK as it comes, but for its retries."""
    return anthropic.Anthropic(api_key="bench", base_url=url, max_retries=0)


def turn(client: anthropic.Anthropic, messages: Iterable[Message], **more: Any) -> Any:
    """The model's next message."""
    tools: Any = TOOLS
    system: Any = prompt.system_prompt()
    with client.beta.messages.stream(
        model=MODEL, max_tokens=32_000, system=system, tools=tools, messages=list(messages), **more
    ) as stream:
        return stream.get_final_message()


def content(answer: Any) -> list[Block]:
    return [block.to_dict() for block in answer.content]


class Tools:
    """The colleague's own tools without its policy and its record."""

    def __init__(self, folder: Path, own: Path) -> None:
        own.mkdir(parents=True, exist_ok=True)
        workspace = Workspace([Root(path=folder, writable=True)], own)
        self._desk = Desk(
            workspace=workspace,
            own_folder=own,
            handed_over=own,
            made=Made(lambda: frozenset()),
            kept=Kept(own.parent / "kept"),
        )

    def results(self, blocks: Iterable[Block]) -> list[Block]:
        return [result(block, self.text(block)) for block in blocks if block["type"] == "tool_use"]

    def text(self, block: Block) -> str:
        return _BY_NAME[block["name"]].function(self._desk, **block["input"]).text


def result(block: Block, text: str) -> Block:
    return {"type": "tool_result", "tool_use_id": block["id"], "content": [{"type": "text", "text": text}]}


def calls(blocks: Iterable[Block]) -> list[Block]:
    return [block for block in blocks if block["type"] == "tool_use"]


def prepared(blocks: Iterable[Block]) -> list[Block]:
    """The actions that a checkpoint among these blocks put before a person."""
    puts = [block for block in calls(blocks) if block["name"] == CHECKPOINT]
    return [
        {"type": "tool_use", "id": put["id"], "name": action["tool"], "input": action["input"]}
        for put in puts
        for action in put["input"]["actions"]
    ]
