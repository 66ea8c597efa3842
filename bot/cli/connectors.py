"""`cowork connectors`: MCP servers as tools and data of the colleague, as the operator sets them up."""

from __future__ import annotations

import typer

from bot.cli import bringing, reviewing, servers

connectors = typer.Typer(
    help="Connectors: MCP servers whose tools and data the colleague can use.\n\n"
    "Example: `cowork connectors add clock -- mcp-server-time`",
    no_args_is_help=True,
)
connectors.command("list")(reviewing.list_)
connectors.command("show")(reviewing.show)
connectors.command("add")(servers.add)
connectors.command("test")(servers.test)
connectors.command("set")(reviewing.set_)
connectors.command("review")(reviewing.review)
connectors.command("accept")(reviewing.accept)
connectors.command("on")(servers.on)
connectors.command("off")(servers.off)
connectors.command("remove")(servers.remove)
connectors.command("approve")(servers.approve)
connectors.command("approved")(servers.approved)
connectors.command("withdraw")(servers.withdraw)
connectors.command("import")(bringing.import_)
