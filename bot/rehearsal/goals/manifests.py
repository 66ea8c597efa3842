"""Facts from the files that declare how a project is built: pyproject, package.json, Makefile, Dockerfile …"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from bot.rehearsal.goals.facts import Fact, section_of

_TOOLS = {
    "ruff": "Ruff checks the code", "black": "Black formats the code", "isort": "isort sorts imports",
    "mypy": "mypy checks types", "pyright": "Pyright checks types", "flake8": "Flake8 checks the code",
    "pylint": "Pylint checks the code", "importlinter": "import-linter keeps layers apart",
    "commitizen": "Commitizen fixes the form of commit messages",
}  # fmt: skip
_NODE_TOOLS = {
    "eslint": "ESLint checks the code", "prettier": "Prettier formats the code",
    "typescript": "TypeScript checks types", "husky": "Husky runs checks before commits",
    "@commitlint/cli": "commitlint fixes the form of commit messages",
    "@biomejs/biome": "Biome checks and formats the code",
    "jest": "Jest runs the tests", "vitest": "Vitest runs the tests",
}  # fmt: skip
_TARGET = re.compile(r"^(?P<name>[A-Za-z][\w.-]*)\s*:(?!=)(?:[^#\n]*)(?:##\s*(?P<doc>.+))?$", re.M)


def from_pyproject(source: str, text: str) -> Iterator[Fact]:
    """Python version, scripts, tools and their settings."""
    said = _toml(text)
    project, tools = _table(said, "project"), _table(said, "tool")
    if python := project.get("requires-python") or _table(_table(tools, "poetry"), "dependencies").get(
        "python"
    ):
        yield Fact(section="setup", words=f"Python {python}", source=source)
    if words := project.get("description"):
        yield Fact(section="about", words=str(words), source=source)
    if "poetry" in tools:
        yield Fact(section="setup", words="Install the dependencies", code="poetry install", source=source)
    scripts = _table(project, "scripts") | _table(_table(tools, "poetry"), "scripts")
    for name, target in scripts.items():
        yield Fact(section="entry", words=f"the command `{name}` calls `{target}`", source=source)
    for name, words in _TOOLS.items():
        if name in tools:
            yield Fact(section="convention", words=f"{words}{_line_length(tools[name])}", source=source)
    if options := _table(_table(tools, "pytest"), "ini_options"):
        where = ", ".join(options.get("testpaths", []))
        yield Fact(
            section="test",
            words=f"pytest{f', tests in {where}' if where else ''}",
            code="pytest",
            source=source,
        )


def from_package_json(source: str, text: str) -> Iterator[Fact]:
    """Node version, scripts, entry files and tools."""
    said = _json(text)
    if words := said.get("description"):
        yield Fact(section="about", words=str(words), source=source)
    if node := _table(said, "engines").get("node"):
        yield Fact(section="setup", words=f"Node {node}", source=source)
    for key in ("main", "module"):
        if isinstance(said.get(key), str):
            yield Fact(section="entry", words=f"`{said[key]}` (`{key}`)", source=source)
    for name, target in _table(said, "bin").items():
        yield Fact(section="entry", words=f"the command `{name}` runs `{target}`", source=source)
    yield from _node_scripts(source, _table(said, "scripts"))
    used = _table(said, "devDependencies") | _table(said, "dependencies")
    for name, words in _NODE_TOOLS.items():
        if name in used:
            yield Fact(section="test" if "tests" in words else "convention", words=words, source=source)


def from_makefile(source: str, text: str) -> Iterator[Fact]:
    """Every target, sorted by what its name says it is for."""
    for found in _TARGET.finditer(text):
        words = found["doc"] or f"the target `{found['name']}`"
        section = section_of(found["name"].replace("-", " ").replace("_", " "), "debug")
        yield Fact(section=section, words=words.strip(), code=f"make {found['name']}", source=source)


def from_dockerfile(source: str, text: str) -> Iterator[Fact]:
    """Base image, port and what the container starts."""
    images = re.findall(r"^FROM\s+(\S+)", text, re.M | re.I)
    if images:
        yield Fact(
            section="setup", words=f"a container on `{images[-1]}`", code="docker build .", source=source
        )
    for kind, command in re.findall(r"^(CMD|ENTRYPOINT)\s+(.+)$", text, re.M | re.I):
        yield Fact(
            section="entry", words=f"the container's {kind.upper()} is `{command.strip()}`", source=source
        )
    for port in re.findall(r"^EXPOSE\s+(\d+)", text, re.M | re.I):
        yield Fact(section="debug", words=f"the container listens on port {port}", source=source)


def from_compose(source: str, text: str) -> Iterator[Fact]:
    """The services that start together."""
    body = re.search(r"^services:\s*\n(?P<body>(?:[ \t]+.*\n?|\s*\n)+)", text, re.M)
    names = re.findall(r"^(?: {2}|\t)([\w.-]+):\s*(?:#.*)?$", body["body"] if body else "", re.M)
    if names:
        words = f"starts {', '.join(f'`{name}`' for name in names)}"
        yield Fact(section="run", words=words, code="docker compose up", source=source)
        yield Fact(
            section="debug",
            words="shows what a service says",
            code=f"docker compose logs {names[0]}",
            source=source,
        )


def from_requirements(source: str, text: str) -> Iterator[Fact]:
    """How to install what is listed."""
    names = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "-"))]
    yield Fact(
        section="setup",
        words=f"installs {len(names)} listed packages",
        code=f"pip install -r {source}",
        source=source,
    )


def from_go_mod(source: str, text: str) -> Iterator[Fact]:
    """Module and Go version, with the commands every Go module has."""
    version = re.search(r"^go\s+(\S+)", text, re.M)
    yield Fact(
        section="setup",
        words=f"Go {version[1] if version else ''}".strip(),
        code="go mod download",
        source=source,
    )
    yield Fact(section="test", words="Go's own test runner", code="go test ./...", source=source)
    yield Fact(section="convention", words="Go's own formatter", code="gofmt -l .", source=source)


def from_cargo(source: str, text: str) -> Iterator[Fact]:
    """Edition and binaries, with the commands every crate has."""
    said = _toml(text)
    edition = _table(said, "package").get("edition", "")
    yield Fact(
        section="setup",
        words=f"Rust, edition {edition}" if edition else "Rust",
        code="cargo build",
        source=source,
    )
    yield Fact(section="test", words="Cargo's own test runner", code="cargo test", source=source)
    for name in (each.get("name") for each in said.get("bin", []) if isinstance(each, dict)):
        yield Fact(section="entry", words=f"the binary `{name}`", source=source)


def from_procfile(source: str, text: str) -> Iterator[Fact]:
    """The processes it names."""
    for name, command in re.findall(r"^([\w-]+):\s*(.+)$", text, re.M):
        yield Fact(section="entry", words=f"the process `{name}` runs `{command.strip()}`", source=source)


def _node_scripts(source: str, scripts: Mapping[str, Any]) -> Iterator[Fact]:
    for name, command in scripts.items():
        code = f"npm {name}" if name in ("test", "start") else f"npm run {name}"
        section = section_of(f"{name} {command}", "run")
        yield Fact(section=section, words=f"runs `{command}`", code=code, source=source)


def _line_length(settings: Any) -> str:
    length = (
        settings.get("line-length") or settings.get("line_length") if isinstance(settings, dict) else None
    )
    strict = ", strict" if isinstance(settings, dict) and settings.get("strict") is True else ""
    return f"{f', lines up to {length}' if length else ''}{strict}"


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _json(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _table(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}
