"""`cowork plugins`: what there is, and what those need who write one."""

from __future__ import annotations

import typer

from bot.cli import authoring

plugins = typer.Typer(
    help="Plugins: the services the colleague can work with.\n\nExample: `cowork plugins check github`",
    no_args_is_help=True,
)
plugins.command("check")(authoring.check)
plugins.command("new")(authoring.new)
