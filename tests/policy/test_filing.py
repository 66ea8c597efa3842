"""connectors.toml: what it says, and what is told to whoever wrote something else."""

from __future__ import annotations

import pytest

from bot.domain.connector import Connector, Transport
from bot.domain.effect import Effect
from bot.domain.grant import FolderGrant, Permission
from bot.domain.tooling import Filed, Toggle
from bot.policy import filing
from bot.policy.filing import ConnectorsFile

WHOLE = """
approved = [["/opt/mcp/bin/server-memory", "--fast"], "https://MCP.example.com:443/mcp"]

[connectors.shop]
title = "Shop database"
command = "/opt/mcp/bin/dbhub"
args = ["--transport", "stdio"]
env = { DSN = "${SHOP_DSN}", LOG_LEVEL = "warn" }
folders = ["/srv/shop:ro"]
network = true
timeout = 20
slots = 1
instructions = "The role may only read."

[connectors.shop.tools]
execute_sql = { effect = "read", permission = "on" }
search_objects = {}

[connectors.wiki]
url = "https://wiki.example.com/mcp"
type = "sse"
headers = { Authorization = "Bearer ${WIKI_TOKEN}" }
personal = true
sampling = true

[connectors.notes]
url = "https://notes.example.com/mcp"
client_id = "cowork"
client_secret = "${NOTES_SECRET}"
issuer = "https://login.example.com"
"""


def folder(text: str) -> FolderGrant:
    path, _, mode = text.rpartition(":")
    return FolderGrant(path=path, writable=mode == "rw")


def read(text: str) -> ConnectorsFile:
    return filing.connectors(text, folder=folder)


def test_the_file_says_how_each_is_reached_and_what_its_tools_may_do() -> None:
    shop = Connector(
        slug="shop",
        title="Shop database",
        transport=Transport.STDIO,
        command=("/opt/mcp/bin/dbhub", "--transport", "stdio"),
        environment={"DSN": "${SHOP_DSN}", "LOG_LEVEL": "warn"},
        folders=(FolderGrant(path="/srv/shop", writable=False),),
        network=True,
        timeout=20,
        slots=1,
        instructions="The role may only read.",
    )
    wiki = Connector(
        slug="wiki",
        title="wiki",
        transport=Transport.SSE,
        url="https://wiki.example.com/mcp",
        headers={"Authorization": "Bearer ${WIKI_TOKEN}"},
        is_personal=True,
        sampling=True,
    )
    notes = Connector(
        slug="notes",
        title="notes",
        transport=Transport.AUTO,
        url="https://notes.example.com/mcp",
        client_id="cowork",
        client_secret="${NOTES_SECRET}",
        issuer="https://login.example.com",
    )
    toggles = {
        "execute_sql": Toggle(effect=Effect.READ, permission=Permission.ON),
        "search_objects": Toggle(),
    }

    assert read(WHOLE) == ConnectorsFile(
        connectors=(Filed(connector=shop, toggles=toggles), Filed(connector=wiki), Filed(connector=notes)),
        approved=('["/opt/mcp/bin/server-memory", "--fast"]', "https://mcp.example.com:443"),
    )
    assert read("") == ConnectorsFile()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[connectors.a]\nurl = "https://a.example"\nissuer = "https://b.example"',
            "[connectors.a] url: An issuer goes with the client_id and the client_secret that it gave.",
        ),
        (
            '[connectors.a]\nurl = "https://a.example"\nissuer = "b"\nclient_id = "c"\nclient_secret = "${D}"',
            "[connectors.a] url: issuer: b is no address of a server. It begins with https://.",
        ),
        (
            '[connectors.a]\ncommand = "/a"\nissuer = "https://b.example"',
            "[connectors.a] command: An issuer is for a remote server that lets Cowork in as itself, for everybody.",
        ),
        (
            "[connectors.shop",
            "it is not TOML: Expected ']' at the end of a table declaration (at end of document).",
        ),
        ("[connectors.shop]\n", "[connectors.shop] has to have a command or a url, and not both."),
        (
            '[connectors.shop]\ncommand = "dbhub"',
            "[connectors.shop] command: A command begins with the absolute path of a program, like "
            "/usr/local/bin/mcp-server.",
        ),
        (
            '[connectors.shop]\nurl = "ftp://x"',
            "[connectors.shop] url: ftp://x is no address of a server. It begins with https://.",
        ),
        (
            '[connectors.shop]\ncommand = "/bin/x"\ntimeout = "long"',
            "[connectors.shop] timeout: Input should be a valid number, unable to parse string as a number",
        ),
        (
            '[connectors.shop]\ncommand = "/bin/x"\ntype = "http"',
            "[connectors.shop] type: “http” has a url.",
        ),
        (
            '[connectors.shop]\ncommand = "/bin/x"\nenv = { DSN = "postgres://a:hunter2x@db/shop" }',
            "[connectors.shop] env: DSN looks like a secret. Keep it with `cowork secrets set NAME`, and write "
            '"${NAME}" here.',
        ),
        (
            '[connectors.shop]\ncommand = "/bin/x"\nargs = ["--dsn", "postgres://a:hunter2x@db/shop"]',
            "[connectors.shop] args: there is a secret in them, where every process can read it. "
            "Give it in env instead.",
        ),
        (
            '[connectors.shop]\ncommand = "/bin/x"\n[connectors.shop.tools]\n'
            'drop = { effect = "delete", permission = "on" }',
            "[connectors.shop] tools drop: what is to delete is never simply on. Write ask or off.",
        ),
        (
            '[connectors.cowork]\ncommand = "/bin/x"',
            "[connectors.cowork] “cowork” would be taken for Cowork itself. Choose another short name.",
        ),
        (
            'approved = ["npx -y server"]',
            "approved: “npx -y server” is neither the address of a server (https://…) nor a command with its "
            "arguments.",
        ),
    ],
)
def test_a_fault_is_told_with_its_place_and_the_remedy(text: str, said: str) -> None:
    with pytest.raises(ValueError) as refused:
        read(text)

    assert str(refused.value) == said


def test_a_setting_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(
        ValueError, match=r"^\[connectors\.shop\] comand: is no setting of it\. There are title, type, "
    ):
        read('[connectors.shop]\ncomand = "/bin/x"')
