"""The servers that people have already: each is taken or left with its reason, and no secret stays in the clear."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.connector import Connector, Transport
from bot.policy import importing
from bot.policy.importing import Left, Taken

THERE = {
    "node": "/usr/bin/node",
    "uvx": "/usr/bin/uvx",
    "npx": "/usr/bin/npx",
    "mcp-server-memory": "/usr/local/bin/mcp-server-memory",
    "mcp-server-time": "/usr/local/bin/mcp-server-time",
    "/opt/dbhub": "/opt/dbhub",
}
TOKEN = "ghp_" + "a1B2c3D4e5" * 4


def program(name: str) -> str:
    return THERE.get(name, "")


def of_this_machine(name: str, *command: str, **more: Any) -> Connector:
    slug = importing.slug_of(name)
    return Connector(slug=slug, title=name, transport=Transport.STDIO, command=command, **more)


def taken(name: str, **entry: Any) -> Taken | Left:
    return importing.imported(name, entry, program=program)


def test_a_program_is_named_by_its_absolute_path() -> None:
    assert taken("My Files!", command="node", args=["server.js", "/data"]) == Taken(
        name="My Files!", connector=of_this_machine("My Files!", "/usr/bin/node", "server.js", "/data")
    )
    assert importing.slug_of("My Files!") == "my-files"
    assert importing.slug_of("123") == "imported"


def test_what_a_runner_would_fetch_is_taken_where_it_is_installed() -> None:
    memory = taken(
        "memory", command="npx", args=["-y", "@modelcontextprotocol/server-memory@2026.8.31", "--fast"]
    )
    clock = taken("time", command="uvx", args=["mcp-server-time", "--local-timezone", "UTC"])

    assert memory == Taken(
        name="memory", connector=of_this_machine("memory", "/usr/local/bin/mcp-server-memory", "--fast")
    )
    assert clock == Taken(
        name="time",
        connector=of_this_machine("time", "/usr/local/bin/mcp-server-time", "--local-timezone", "UTC"),
    )


def test_secrets_that_were_written_out_are_to_be_kept_and_only_named() -> None:
    found = taken(
        "hub",
        command="/opt/dbhub",
        env={"GITHUB_TOKEN": TOKEN, "LOG": "debug", "DSN": "${env:SHOP_DSN}", "API_KEY": "${input:api-key}"},
    )
    remote = taken(
        "wiki", type="http", url="https://wiki.example.com/mcp", headers={"Authorization": f"Bearer {TOKEN}"}
    )

    assert found == Taken(
        name="hub",
        connector=of_this_machine(
            "hub",
            "/opt/dbhub",
            environment={
                "GITHUB_TOKEN": "${HUB_GITHUB_TOKEN}",
                "LOG": "debug",
                "DSN": "${SHOP_DSN}",
                "API_KEY": "${API_KEY}",
            },
        ),
        secrets={"HUB_GITHUB_TOKEN": TOKEN},
        needs=("SHOP_DSN", "API_KEY"),
    )
    assert remote == Taken(
        name="wiki",
        connector=Connector(
            slug="wiki",
            title="wiki",
            transport=Transport.HTTP,
            url="https://wiki.example.com/mcp",
            headers={"Authorization": "Bearer ${WIKI_AUTHORIZATION}"},
        ),
        secrets={"WIKI_AUTHORIZATION": TOKEN},
    )


def test_what_there_is_no_setting_for_is_told_and_one_that_was_off_stays_off() -> None:
    found = taken("x", command="/opt/dbhub", cwd="/srv", autoApprove=["drop"], disabled=True)

    assert isinstance(found, Taken)
    assert found.notes == (
        "cwd was not taken: its working folder: give it with --folder, if it needs one.",
        "autoApprove was not taken: what it may do unasked: choose that here, tool by tool.",
    )
    assert not found.is_on


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({}, "It has no command, and no url."),
        (
            {"command": "bash", "args": ["-c", "server"]},
            "It is run by a shell (bash). Give the program itself, with its arguments.",
        ),
        ({"command": "nowhere"}, "There is no program nowhere here. Install it, or write its absolute path."),
        (
            {"command": "npx", "args": ["-y", "@acme/server@latest"]},
            "npx would fetch and run @acme/server@latest anew at each start, whatever that is by then. Install one "
            "version (`npm install -g @acme/server@VERSION`), and write its program as command.",
        ),
        (
            {"command": "/opt/dbhub", "args": ["--dsn", "postgres://u:hunter2x@h/d"]},
            "There is a secret in its command, where others can read it. Give it in env or headers.",
        ),
        (
            {"command": "/opt/dbhub", "args": ["${workspaceFolder}/x"]},
            "There is ${workspaceFolder} in its command: write there what it stands for; a secret goes into env.",
        ),
        (
            {"url": f"https://x.example.com/mcp?token={TOKEN}"},
            "There is a secret in its address, where others can read it. Give it in env or headers.",
        ),
    ],
)
def test_what_cannot_be_taken_is_left_with_the_reason(entry: dict[str, Any], why: str) -> None:
    assert taken("x", **entry) == Left(name="x", why=why)


@pytest.mark.parametrize(
    "text",
    [
        '{"mcpServers": {"a": {"command": "x"}}}',
        '{"servers": {"a": {"command": "x"}}, "inputs": []}',
        '{"mcp": {"servers": {"a": {"command": "x"}}}}',
        '{"projects": {"/p": {"mcpServers": {"a": {"command": "x"}}}}}',
        '// ours\n{"mcpServers": {"a": {"command": "x" /* it */,},},}',
    ],
)
def test_every_programs_way_to_write_them_is_read(text: str) -> None:
    assert importing.servers(text) == {"a": {"command": "x"}}


def test_comments_and_commas_inside_texts_stay() -> None:
    entry = {"command": "x", "args": ["https://a//b", "/*no*/", ",}"]}

    assert importing.servers(json.dumps({"mcpServers": {"a": entry}})) == {"a": entry}


@pytest.mark.parametrize(("text", "said"), [("{", "it is not JSON: "), ("[]", "it has no mcpServers")])
def test_a_file_of_something_else_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        importing.servers(text)
