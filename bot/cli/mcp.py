"""`cowork mcp`: for programs that start their MCP servers themselves, a way to a Cowork that runs."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.cli import shared
from bot.errors import NotConfigured

_PATH = "/mcp"

Url = Annotated[str, typer.Option(envvar="COWORK_URL", help="Where Cowork runs.")]
TokenFile = Annotated[
    Path | None, typer.Option(help="A file with the token and nothing else, instead of COWORK_TOKEN.")
]


def mcp(url: Url = "http://127.0.0.1:8080", token_file: TokenFile = None) -> None:
    """Hand other programs' models the tasks of a Cowork that runs: an MCP server on standard input and output.

    It starts no colleague: what it hears goes to /mcp at COWORK_URL, with the token in COWORK_TOKEN, which
    `cowork tokens create` makes. It ends when its input does; while Cowork is away, it says so and waits.

    Example: `cowork mcp --url https://cowork.example.com --token-file token.txt`

    For Claude Code:

    ```
    claude mcp add cowork --env COWORK_TOKEN=ck_… -- cowork mcp
    ```

    For programs that have a file of `mcpServers`:

    ```
    {
      "mcpServers": {
        "cowork": {
          "command": "cowork",
          "args": ["mcp", "--url", "http://127.0.0.1:8080"],
          "env": {"COWORK_TOKEN": "ck_…"}
        }
      }
    }
    ```
    """
    with shared.told():
        address, token = _address(url), _token(token_file)
        from bot.web.bridge.bridge import bridged  # the SDK takes half a second: not for what is mistyped

        logging.getLogger("mcp").setLevel(logging.ERROR)  # what is refused is told in our words
        told: list[str] = []
        try:
            asyncio.run(bridged(address, token, tell=lambda words: _tell(words, told)))
        except BaseExceptionGroup as group:
            if group.split(BrokenPipeError)[1] is not None:  # otherwise whoever asked is gone
                raise


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotConfigured(f"{url} is no address. Give one such as http://127.0.0.1:8080 in COWORK_URL.")
    return f"{url.rstrip('/').removesuffix(_PATH)}{_PATH}"


def _token(file: Path | None) -> str:
    token = (file.read_text("utf-8") if file else os.environ.get("COWORK_TOKEN", "")).strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        where = f"{file} has no token in it" if file else "There is no token in COWORK_TOKEN"
        raise NotConfigured(f"{where}. Make one with: cowork tokens create NAME --for U…")
    return token


def _tell(words: str, told: list[str]) -> None:
    """To the log of the program: again only where something else was said between."""
    if told != [words]:
        told[:] = [words]
        shared.err.print(shared.legible(words), markup=False, soft_wrap=True)
