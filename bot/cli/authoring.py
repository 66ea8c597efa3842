"""`cowork plugins new` and `check`: for those who write a plugin."""

from __future__ import annotations

import re
from importlib import import_module, resources
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from bot.cli import shared
from bot.registry.plugins import found
from bot.sdk.plugin import BadPlugin, Plugin
from bot.sdk.quality import RULES, faults

_FILES = {
    "pyproject.toml": "pyproject.toml",
    "cowork_$name/README.md": "README.md",
    "cowork_$name/__init__.py": "__init__.py",
    "cowork_$name/client.py": "client.py",
    "cowork_$name/actions.py": "actions.py",
    "tests/test_$name.py": "test_plugin.py",
}


def new(
    name: Annotated[str, typer.Argument(help="What it is called: lower-case letters and digits.")],
    folder: Annotated[Path, typer.Option(help="Where to write it.")] = Path(),
) -> None:
    """Write a small plugin that works, with its test, to begin from.

    Example: `cowork plugins new notes`
    """
    if not re.fullmatch(r"[a-z][a-z0-9]{1,30}", name):
        shared.fail("A plugin's name is 2 to 31 lower-case letters and digits. Nothing was written.")
    target = folder / f"cowork-plugin-{name}"
    if target.exists():
        shared.fail(f"{target} is there already. Nothing was written.")
    words = {"name": name, "NAME": name.upper(), "title": name.capitalize()}
    for path, kind in _FILES.items():
        file = target / Template(path).substitute(words)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template(_skeleton(kind)).safe_substitute(words), "utf-8")
    shared.out.print(
        f"Wrote {target}. Next: pip install -e {target}, then cowork plugins check cowork_{name}",
        markup=False,
    )


def check(
    package: Annotated[
        str, typer.Argument(help="An importable package, or the name of an installed plugin.")
    ],
) -> None:
    """Hold a plugin to the rules of quality. It is loaded, so run this only on code that you trust.

    Example: `cowork plugins check github`
    """
    plugin = found().there.get(package) or _imported(package)
    broken = faults(plugin)
    for rule in RULES:
        own = [fault for fault in broken if fault.rule == rule.name]
        shared.out.print(f"{'✗' if own else '✓'} {rule.name}: {rule.meaning}", markup=False, soft_wrap=True)
        for fault in own:
            shared.out.print(f"    {fault.where}: {fault.what}", markup=False, soft_wrap=True)
    if broken:
        raise typer.Exit(1)


def _skeleton(kind: str) -> str:
    return resources.files("bot.cli").joinpath("skeleton", f"{kind}.txt").read_text("utf-8")


def _imported(package: str) -> Plugin:
    try:
        plugin = getattr(import_module(package), "plugin", None)
    except ImportError as error:
        shared.fail(f"{package} cannot be imported ({error}). Install it here, or run this where it is.")
    except BadPlugin as error:
        shared.fail(str(error))
    if not isinstance(plugin, Plugin):
        shared.fail(f"{package} has no `plugin` that is a bot.sdk.Plugin.")
    return plugin
