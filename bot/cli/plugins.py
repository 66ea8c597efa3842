"""`cowork plugins`: what there is, and what those need who write one."""

from __future__ import annotations

import typer

from bot.cli import authoring, connecting, shelf

plugins = typer.Typer(
    help="Plugins: the services the colleague can work with.\n\nExample: `cowork plugins list`",
    no_args_is_help=True,
)
plugins.command("list")(shelf.list_)
plugins.command("show")(shelf.show)
plugins.command("install")(shelf.install)
plugins.command("enable")(shelf.enable)
plugins.command("disable")(shelf.disable)
plugins.command("allow")(shelf.allow)
plugins.command("scope")(shelf.scope)
plugins.command("connect")(connecting.connect)
plugins.command("disconnect")(connecting.disconnect)
plugins.command("check")(authoring.check)
plugins.command("new")(authoring.new)
