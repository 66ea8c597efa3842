"""The MCP servers that people have already, as other programs write them down: taken, or left with the reason.

Claude Desktop, Claude Code, Cursor, Windsurf and Gemini write `mcpServers`, VS Code `servers`; some with comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.connector import Connector, Transport
from bot.policy import confiding
from bot.policy.filing import TYPES
from bot.policy.serving import REFERENCE

Program = Callable[[str], str]
"""The absolute path of a program by its name or its path, "" where there is none."""

_TOKENS = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.S)
_LAST_COMMA = re.compile(r',(?=\s*[}\]])|"(?:\\.|[^"\\])*"', re.S)
_INPUT = re.compile(r"\$\{input:([^}]+)\}")
_OF_ENVIRONMENT = re.compile(r"\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-[^}]*)?\}")
_LEFT_OPEN = re.compile(r"\$\{[^}]*\}|%\w+%")
_VERSION = re.compile(r"(?<=.)@[^/@]*$")
_RUNNERS = {
    "npx": "npm install -g",
    "bunx": "npm install -g",
    "pnpx": "npm install -g",
    "uvx": "uv tool install",
}
_SHELLS = frozenset({"sh", "bash", "zsh", "fish", "dash", "cmd", "cmd.exe", "powershell", "pwsh"})
_KNOWN = frozenset(
    {
        "type",
        "transport",
        "command",
        "args",
        "env",
        "url",
        "serverUrl",
        "httpUrl",
        "headers",
        "disabled",
        "timeout",
    }
)
_NOT_TAKEN = {
    "cwd": "its working folder: give it with --folder, if it needs one",
    "envFile": "its file of settings: put what it needs into env",
    "autoApprove": "what it may do unasked: choose that here, tool by tool",
    "alwaysAllow": "what it may do unasked: choose that here, tool by tool",
}


@dataclass(frozen=True, kw_only=True)
class Taken:
    """`secrets` were written out, and are to be kept under these names. `notes` say what is otherwise than there."""

    name: str
    connector: Connector
    secrets: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_on: bool = True


@dataclass(frozen=True, kw_only=True)
class Left:
    """One that cannot be taken, and what to do about it."""

    name: str
    why: str


def servers(text: str) -> dict[str, Mapping[str, Any]]:
    """Every server in such a file by its name. Raises `ValueError` for what is none."""
    try:
        book = json.loads(_plain(text))
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}.") from error
    found = dict(_servers(book)) if isinstance(book, Mapping) else {}
    if not found:
        raise ValueError("it has no mcpServers (or servers, as VS Code writes it).")
    return found


def imported(name: str, entry: object, *, program: Program) -> Taken | Left:
    """One server as a connector."""
    if not isinstance(entry, Mapping):
        return Left(name=name, why="It is no object with a command or a url.")
    try:
        return _remote(name, entry) if _address(entry) else _of_this_machine(name, entry, program)
    except ValueError as error:
        return Left(name=name, why=str(error))


def slug_of(name: str) -> str:
    """What it is called here: `My Files!` → `my-files`."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return re.sub(r"^[^a-z]+", "", plain)[:24].rstrip("-") or "imported"


def _servers(book: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """At the top, in VS Code's settings, and by project, as Claude Code keeps them."""
    inner = [book, book.get("mcp"), *(book.get("projects") or {}).values()]
    found = []
    for one in inner:
        for key in ("mcpServers", "servers"):
            some = one.get(key) if isinstance(one, Mapping) else None
            found += list(some.items()) if isinstance(some, Mapping) else []
    return found


def _plain(text: str) -> str:
    """Without comments and last commas, which JSON has none of and editors allow."""
    bare = _TOKENS.sub(lambda one: one[0] if one[0].startswith('"') else " ", text.lstrip("\ufeff"))
    return _LAST_COMMA.sub(lambda one: one[0] if one[0].startswith('"') else "", bare)


def _address(entry: Mapping[str, Any]) -> str:
    return str(entry.get("url") or entry.get("serverUrl") or entry.get("httpUrl") or "")


def _remote(name: str, entry: Mapping[str, Any]) -> Taken:
    kind = (
        str(entry.get("type") or entry.get("transport") or "auto").lower().replace("streamablehttp", "http")
    )
    url = _address(entry)
    _closed("its address", [url])
    headers, secrets = _kept(slug_of(name), entry.get("headers"))
    return _taken(name, entry, secrets, transport=TYPES.get(kind, Transport.AUTO), url=url, headers=headers)


def _of_this_machine(name: str, entry: Mapping[str, Any], program: Program) -> Taken:
    given = [entry.get("command"), *(entry.get("args") or ())]
    if not given[0] or not all(isinstance(one, str) for one in given):
        raise ValueError("It has no command, and no url.")
    _closed("its command", given)
    command = _resolved([str(one) for one in given], program)
    environment, secrets = _kept(slug_of(name), entry.get("env"))
    return _taken(name, entry, secrets, transport=Transport.STDIO, command=command, environment=environment)


def _taken(name: str, entry: Mapping[str, Any], secrets: dict[str, str], **how: Any) -> Taken:
    slug = slug_of(name)
    connector = Connector(slug=slug, title=name.strip() or slug, **how)
    texts = (*connector.environment.values(), *connector.headers.values())
    needs = dict.fromkeys(one for text in texts for one in REFERENCE.findall(text) if one not in secrets)
    notes = [
        f"{key} was not taken: {_NOT_TAKEN.get(key, 'there is no such setting here')}."
        for key in _others(entry)
    ]
    return Taken(
        name=name,
        connector=connector,
        secrets=secrets,
        needs=tuple(needs),
        notes=tuple(notes),
        is_on=entry.get("disabled") is not True,
    )


def _others(entry: Mapping[str, Any]) -> Sequence[str]:
    return [key for key in entry if key not in _KNOWN]


def _closed(what: str, texts: Sequence[Any]) -> None:
    """Raises `ValueError` for what is filled in, or for a secret, where it can be read by others."""
    for text in map(str, texts):
        if opened := _LEFT_OPEN.search(text):
            raise ValueError(
                f"There is {opened[0]} in {what}: write there what it stands for; a secret goes into env."
            )
    if confiding.is_shown_in([*map(str, texts)]):
        raise ValueError(f"There is a secret in {what}, where others can read it. Give it in env or headers.")


def _resolved(command: list[str], program: Program) -> tuple[str, ...]:
    """With the absolute path of the program; what a runner would fetch has to be installed instead."""
    named, *arguments = command
    base = re.split(r"[\\/]", named)[-1].lower()
    if base in _SHELLS:
        raise ValueError(f"It is run by a shell ({named}). Give the program itself, with its arguments.")
    if base.removesuffix(".cmd") in _RUNNERS:
        return _installed(base.removesuffix(".cmd"), arguments, program)
    if found := program(named):
        return (found, *arguments)
    raise ValueError(f"There is no program {named} here. Install it, or write its absolute path.")


def _installed(runner: str, arguments: list[str], program: Program) -> tuple[str, ...]:
    """`npx -y @scope/server-files@1 /tmp` → the program `server-files` or `mcp-server-files`, if it is there."""
    plain = [at for at, one in enumerate(arguments) if not one.startswith("-")]
    if not plain:
        raise ValueError(f"{runner} names no package.")
    package = arguments[plain[0]]
    own = _VERSION.sub("", package).rpartition("/")[2]
    for called in (own, f"mcp-{own}", own.removesuffix("-mcp"), own.removesuffix("-mcp-server")):
        if found := program(called):
            return (found, *arguments[plain[0] + 1 :])
    raise ValueError(
        f"{runner} would fetch and run {package} anew at each start, whatever that is by then. Install one version "
        f"(`{_RUNNERS[runner]} {_VERSION.sub('', package)}@VERSION`), and write its program as command."
    )


def _kept(slug: str, given: object) -> tuple[dict[str, str], dict[str, str]]:
    """With `${NAME}` in the place of each secret that is written out, and those by their names."""
    texts: dict[str, str] = {}
    secrets: dict[str, str] = {}
    for key, value in given.items() if isinstance(given, Mapping) else ():
        text = _OF_ENVIRONMENT.sub(r"${\1}", _INPUT.sub(_as_name, str(value)))
        if confiding.is_secret(str(key), text):
            called = re.sub(r"\W+", "_", f"{slug}_{key}").upper()
            scheme = re.match(r"(?:Bearer|Basic|Token)\s+", text, re.I)
            secrets[called] = text[scheme.end() :] if scheme else text
            text = f"{scheme[0] if scheme else ''}${{{called}}}"
        texts[str(key)] = text
    return texts, secrets


def _as_name(found: re.Match[str]) -> str:
    return "${" + re.sub(r"\W+", "_", found[1]).upper() + "}"
