"""A fact about a code base and the file it came from; and which files are worth reading for facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from bot.rehearsal.goals.results import Entry

Section = Literal["about", "setup", "run", "entry", "test", "convention", "debug"]

_WORTH = re.compile(
    r"readme.*|contributing.*|development.*|hacking.*|pyproject\.toml|setup\.(?:py|cfg)|requirements.*\.txt|pipfile"
    r"|package\.json|tsconfig\.json|(?:gnu)?makefile|justfile|taskfile\.ya?ml|dockerfile|(?:docker-)?compose.*\.ya?ml"
    r"|go\.mod|cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|gemfile|procfile|tox\.ini|pytest\.ini|mypy\.ini|ruff\.toml"
    r"|noxfile\.py|jenkinsfile|azure-pipelines\.ya?ml|log(?:ging|ger|s)?(?:[_-]?config)?\.(?:py|ya?ml|ini|conf|json|[jt]s)"
    r"|__main__\.py|main\.(?:py|go|rs|[jt]s)|app\.(?:py|[jt]s)|manage\.py|wsgi\.py|asgi\.py|cli\.py"
    r"|server\.(?:py|[jt]s|go)|index\.[jt]s",
    re.I,
)
_README = re.compile(r"(?i)readme")
_MANIFEST = re.compile(r"(?i)readme|pyproject|package\.json|makefile|docker|requirements|contributing")
_MOST = 30
_COMMANDS: tuple[tuple[Section, re.Pattern[str]], ...] = (
    ("test", re.compile(r"\b(?:py)?tests?\b|\b(?:spec|tox|nox|coverage|jest|vitest)\b", re.I)),
    (
        "convention",
        re.compile(r"\b(?:lint|format|fmt|type-?check|mypy|ruff|black|eslint|prettier|check)\b", re.I),
    ),
    (
        "setup",
        re.compile(
            r"\b(?:install|set-?up|bootstrap|init|clone|sync|venv|deps|build|migrate|npm ci|mod download)\b"
            r"|^(?:cp|export|source|cd)\b",
            re.I,
        ),
    ),
    ("debug", re.compile(r"\b(?:debug|logs?|shell|clean|reset|doctor|profile|console)\b", re.I)),
    ("run", re.compile(r"\b(?:run|start|serve|dev|up|watch|uvicorn|flask|runserver)\b", re.I)),
)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that a newcomer should know; `code` is set as a command."""

    section: Section
    words: str
    source: str
    code: str = ""


def worth_reading(files: Sequence[Entry]) -> list[Entry]:
    """The files that tell how a code base is set up and run: manifests first, then the least deep."""
    found = [f for f in files if _WORTH.fullmatch(PurePosixPath(f.inside).name) and f.inside.count("/") <= 3]
    found.sort(
        key=lambda f: (f.inside.count("/"), not _README.match(f.inside), not _MANIFEST.search(f.inside))
    )
    return found[:_MOST]


def section_of(command: str, otherwise: Section) -> Section:
    """What a command or target is for, by its words."""
    return next((section for section, words in _COMMANDS if words.search(command)), otherwise)
