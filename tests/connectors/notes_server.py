"""A server of the newer protocol, on the SDK: it asks in the middle of calls, and tells of changes. A script."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.resolve import Elicit, ListRoots, Resolve, Sample
from mcp.server.request_state import RequestStateSecurity
from mcp_types import CreateMessageResult, ListRootsResult, SamplingMessage, TextContent
from pydantic import BaseModel, Field

DONE = Path(sys.argv[1])
"""A line for everything that was really done."""

server = MCPServer(
    "notes",
    instructions="Notes of the team.",
    request_state_security=RequestStateSecurity(keys=["a key that outlives the process, 32"], ttl=86_400),
)
notes = {"text": "Milk"}


class Table(BaseModel):
    people: int = Field(ge=1, le=12)
    room: Literal["garden", "hall"]


class Entry(BaseModel):
    password: str


def which_table(restaurant: str) -> Elicit[Table]:
    return Elicit(f"Which table at {restaurant}?", Table)


def let_in() -> Elicit[Entry]:
    return Elicit("Who is there?", Entry)


def short() -> Sample:
    said = TextContent(type="text", text="Sum it up: Milk, bread, and forty-one other things.")
    return Sample([SamplingMessage(role="user", content=said)], max_tokens=50)


def folders() -> ListRoots:
    return ListRoots()


@server.tool()
def book_table(restaurant: str, table: Annotated[Table, Resolve(which_table)]) -> str:
    with DONE.open("a") as file:
        file.write(f"{restaurant}: {table.people} in the {table.room}\n")
    return f"Booked at {restaurant}: {table.people} in the {table.room}."


@server.tool()
def open_vault(entry: Annotated[Entry, Resolve(let_in)]) -> str:
    return f"Opened with {entry.password}"


@server.tool()
def sum_up(said: Annotated[CreateMessageResult, Resolve(short)]) -> str:
    return said.content.text if said.content.type == "text" else ""


@server.tool()
def list_folders(found: Annotated[ListRootsResult, Resolve(folders)]) -> str:
    return ", ".join(str(root.uri) for root in found.roots)


@server.tool()
async def change_note(text: str, context: Context) -> str:
    notes["text"] = text
    await context.notify_resource_updated("note://today")
    return "Changed."


@server.tool()
async def learn(name: str, context: Context) -> str:
    server.add_tool(lambda: f"I am {name}.", name=name, description=f"Says who {name} is.")
    await context.notify_tools_changed()
    return f"Learned {name}."


@server.resource("note://today")
def today() -> str:
    return notes["text"]


if __name__ == "__main__":
    server.run("stdio")
