"""The onboarding guide: what a newcomer needs to know of a code folder, each fact with the file it came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from bot.rehearsal.goals import manifests, prose, structure
from bot.rehearsal.goals.facts import Fact, Section
from bot.rehearsal.goals.folderscan import Tree
from bot.rehearsal.goals.results import Entry
from bot.rehearsal.goals.words import counted

_READERS: tuple[tuple[str, Callable[[str, str], Iterator[Fact]]], ...] = (
    (r"readme.*|development.*|hacking.*", prose.from_readme),
    (r"contributing.*", prose.from_contributing),
    (r"pyproject\.toml", manifests.from_pyproject),
    (r"package\.json", manifests.from_package_json),
    (r"(?:gnu)?makefile", manifests.from_makefile),
    (r"dockerfile", manifests.from_dockerfile),
    (r"(?:docker-)?compose.*\.ya?ml", manifests.from_compose),
    (r"requirements.*\.txt", manifests.from_requirements),
    (r"go\.mod", manifests.from_go_mod),
    (r"cargo\.toml", manifests.from_cargo),
    (r"procfile", manifests.from_procfile),
    (r"\.pre-commit-config\.ya?ml", prose.from_hooks),
    (r"\.env\.(?:example|sample)", prose.from_env),
    (r"setup\.cfg|tox\.ini|pytest\.ini|mypy\.ini", prose.from_ini),
    (r".*\.(?:py|go|rs|[jt]s)", prose.from_code),
    (r".*\.ya?ml", prose.from_ci),
)
_LOCKS = {
    "uv.lock": "uv sync",
    "poetry.lock": "poetry install",
    "package-lock.json": "npm ci",
    "yarn.lock": "yarn install",
    "pnpm-lock.yaml": "pnpm install",
    "Gemfile.lock": "bundle install",
}
_SECTIONS: tuple[tuple[Section, str, str], ...] = (
    ("setup", "Set-up", "No set-up instructions were found."),
    ("run", "Running it", "No command that starts it was found."),
    ("entry", "Entry points", "No entry point was found by my rules."),
    ("test", "Tests", "No test command was found."),
    ("convention", "Patterns and conventions found", "No linter, formatter or style rule was found."),
    ("debug", "Debugging tips", "Nothing was found: no logging set-up, no scripts, no CI."),
)


def guide(tree: Tree, texts: Mapping[str, str], problems: Mapping[str, str]) -> str:
    """The whole guide in Markdown."""
    name = PurePosixPath(tree.root).name
    facts = [*_read(texts), *_seen(tree.files)]
    lines = [
        f"# Onboarding guide: {name}",
        "",
        *_about(facts),
        *_languages(tree.files),
        "## Structure",
        "",
        "```",
    ]
    lines += [*structure.tree_lines(name, tree.files, tree.folders), "```", ""]
    for section, heading, nothing in _SECTIONS:
        members = _unique(fact for fact in facts if fact.section == section)
        lines += [f"## {heading}", "", *(map(_line, members) if members else [nothing]), ""]
    lines += [
        f"*Written by fixed rules from {counted(len(texts), 'file')}; every line names the file it came from.*"
    ]
    lines += [f"*Not read: `{path}` ({why})*" for path, why in problems.items()]
    return "\n".join(lines) + "\n"


def found_in(tree: Tree, texts: Mapping[str, str]) -> dict[Section, int]:
    """How many facts of each section there are."""
    facts = [*_read(texts), *_seen(tree.files)]
    return {section: len(_unique(f for f in facts if f.section == section)) for section, _, _ in _SECTIONS}


def _read(texts: Mapping[str, str]) -> Iterator[Fact]:
    for source, text in texts.items():
        name = PurePosixPath(source).name
        reader = next((read for pattern, read in _READERS if re.fullmatch(pattern, name, re.I)), None)
        if reader is not None:
            yield from reader(source, text)


def _seen(files: Sequence[Entry]) -> Iterator[Fact]:
    """Facts that the listing alone tells."""
    names = {entry.inside for entry in files}
    for lock, command in _LOCKS.items():
        if lock in names:
            yield Fact(
                section="setup", words="installs exactly the locked versions", code=command, source=lock
            )
    where, example = structure.test_layout(files)
    if where:
        yield Fact(section="test", words=where, source=example)
    style, example = structure.naming(files)
    if style:
        yield Fact(section="convention", words=style, source=example)
    for entry in files:
        folder = PurePosixPath(entry.inside).parts[0]
        if entry.inside.count("/") == 1 and folder in ("scripts", "script", "bin", "tools"):
            yield Fact(section="debug", words=f"the script `{entry.inside}`", source=entry.inside)


def _about(facts: Iterable[Fact]) -> list[str]:
    first = next((fact for fact in facts if fact.section == "about"), None)
    return [f"{first.words} ({_from(first)})", ""] if first else []


def _languages(files: Sequence[Entry]) -> list[str]:
    counts = structure.languages(files)
    if not counts:
        return []
    said = ", ".join(f"{name} ({counted(count, 'file')})" for name, count in counts[:8])
    return ["## Languages", "", f"{said}, of {counted(len(files), 'file')} in all.", ""]


def _unique(facts: Iterable[Fact]) -> list[Fact]:
    """Facts without repetition; a command is named once, where it was found first."""
    kept: dict[str, Fact] = {}
    for fact in facts:
        kept.setdefault(fact.code or fact.words, fact)
    return list(kept.values())[:25]


def _line(fact: Fact) -> str:
    code = f"`{fact.code}`: " if fact.code else ""
    return f"- {code}{fact.words} ({_from(fact)})"


def _from(fact: Fact) -> str:
    return f"from `{fact.source}`"
