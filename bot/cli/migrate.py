"""`cowork migrate`: bring the database to the schema of this release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import shared


def migrate(home: Annotated[Path | None, typer.Option(help="Where state is kept.")] = None) -> None:
    """Bring the database to the schema of this release. `cowork up` does this by itself.

    Example: `cowork migrate`
    """
    with shared.database(home):
        shared.out.print("The database is up to date.")
