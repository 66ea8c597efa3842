"""Facts from a project's prose, its settings and its code: README, CONTRIBUTING, CI, hooks, entry files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.rehearsal.goals.facts import Fact, section_of

_COMMAND = re.compile(
    r"^(?:\$\s+|>\s+)?(?P<command>(?:pip3?|pipx|uv|uvx|poetry|python3?|npm|npx|yarn|pnpm|node|make|just|docker(?:-compose)?|go"
    r"|cargo|bundle|rails|rake|mvn|\./\S+|gradle|git\s+clone|cp|export|source|cd|flask|uvicorn|pytest|tox|nox|createdb|brew"
    r"|alembic|django-admin)\b.*)$"
)
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_INDENT = ("    ", "\t")
_HEADING = re.compile(r"^#{1,6}\s+(?P<text>.+?)\s*#*$")
_TROUBLE = re.compile(
    r"troubleshoot|debug|faq|common\s+(?:issues|problems|errors)|known\s+issues|gotchas", re.I
)
_RULES = re.compile(
    r"style|convention|commit|branch|pull\s+request|code\s+review|standards|guidelines|contribut", re.I
)
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(?P<text>.+)$")
_MOST = 12


def from_readme(source: str, text: str) -> Iterator[Fact]:
    """What the project is, the commands it shows, its advice for trouble and its rules."""
    if about := _about(text):
        yield Fact(section="about", words=about, source=source)
    for heading, command in _commands(text):
        section = section_of(f"{command} {heading}", "run")
        yield Fact(
            section=section,
            words=f"under “{heading}”" if heading else "as shown",
            code=command,
            source=source,
        )
    for heading, words in _points(text):
        if _TROUBLE.search(heading):
            yield Fact(section="debug", words=words, source=source)
        elif _RULES.search(heading):
            yield Fact(section="convention", words=words, source=source)


def from_contributing(source: str, text: str) -> Iterator[Fact]:
    """The rules it lists, and its commands."""
    for _, words in list(_points(text))[:_MOST]:
        yield Fact(section="convention", words=words, source=source)
    for heading, command in _commands(text):
        words = f"under “{heading}”" if heading else "as shown"
        yield Fact(section=section_of(command, "convention"), words=words, code=command, source=source)


def from_hooks(source: str, text: str) -> Iterator[Fact]:
    """The checks that run before a commit."""
    if names := re.findall(r"^\s*-\s*id:\s*(\S+)", text, re.M):
        words = f"hooks before each commit: {', '.join(names[:_MOST])}"
        yield Fact(section="convention", words=words, code="pre-commit install", source=source)


def from_ci(source: str, text: str) -> Iterator[Fact]:
    """The commands that CI runs: what must pass."""
    commands = re.findall(r"^\s*(?:-\s*)?(?:run|script):\s*(?!\|)(\S.*)$", text, re.M)
    for block in re.findall(r"^(\s*)(?:-\s*)?run:\s*\|\s*\n((?:\1\s+.*\n?)+)", text, re.M):
        commands += [line.strip() for line in block[1].splitlines() if line.strip()]
    for command in commands[:_MOST]:
        yield Fact(
            section="debug", words="CI runs this: run it yourself when CI fails", code=command, source=source
        )


def from_env(source: str, text: str) -> Iterator[Fact]:
    """The variables that the project reads from its environment."""
    names = re.findall(r"^(?:export\s+)?([A-Z][A-Z0-9_]+)=", text, re.M)
    if names:
        words = f"set these in the environment: {', '.join(f'`{name}`' for name in names[:20])}"
        yield Fact(section="setup", words=words, source=source)


def from_ini(source: str, text: str) -> Iterator[Fact]:
    """Settings of checkers and test runners."""
    kinds = {"flake8": "Flake8 checks the code", "mypy": "mypy checks types", "isort": "isort sorts imports"}
    for name in re.findall(r"^\[(?:tool:)?([\w:]+)\]", text, re.M):
        if name == "pytest":
            yield Fact(section="test", words="pytest", code="pytest", source=source)
        elif name == "tox":
            yield Fact(
                section="test", words="tox runs the tests in its environments", code="tox", source=source
            )
        elif name in kinds:
            yield Fact(section="convention", words=kinds[name], source=source)


def from_code(source: str, text: str) -> Iterator[Fact]:
    """What an entry file starts, and how it logs."""
    starts = (
        (r"if\s+__name__\s*==\s*['\"]__main__['\"]", "runs as a script", f"python {source}"),
        (r"\bFastAPI\(", "makes the FastAPI application", ""),
        (r"\bFlask\(", "makes the Flask application", ""),
        (r"\bTyper\(|@click\.(?:command|group)|ArgumentParser\(", "reads the command line", ""),
        (r"\bexpress\(\)|createServer\(", "makes the web server", ""),
        (r"^func\s+main\(\)", "holds `main`", ""),
        (r"^fn\s+main\(\)", "holds `main`", ""),
        (
            r"DJANGO_SETTINGS_MODULE",
            "is Django's entry",
            f"python {source} runserver" if "manage" in source else "",
        ),
    )
    for pattern, words, code in starts:
        if re.search(pattern, text, re.M):
            yield Fact(section="entry", words=f"`{source}` {words}", code=code, source=source)
    if re.search(
        r"logging\.(?:basicConfig|config|getLogger)|dictConfig|structlog|loguru|winston|pino\(|zap\.|slog\.",
        text,
    ):
        yield Fact(section="debug", words=f"logging is set up or used in `{source}`", source=source)
    for name in dict.fromkeys(re.findall(r"['\"]((?:LOG_LEVEL|LOGLEVEL|DEBUG)\w*)['\"]", text)):
        yield Fact(
            section="debug",
            words=f"the environment variable `{name}` changes how much is logged",
            source=source,
        )


def _about(text: str) -> str:
    """The first paragraph of prose."""
    for part in re.split(r"\n\s*\n", text):
        plain = " ".join(
            line.strip() for line in part.splitlines() if not re.match(r"\s*(?:#|\[?!\[|<|=+\s*$)", line)
        )
        is_prose = not part.startswith(_INDENT) and not plain.startswith(("```", "|", "- ", "* "))
        if is_prose and (len(plain.split()) >= 4 or re.search(r"\w\s\w.*[.!]$", plain)):
            return plain[:400]
    return ""


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """Commands in blocks of code, with the heading they stand under."""
    count = 0
    for heading, line in _code(text):
        if count < _MOST and (command := _COMMAND.match(line)):
            count += 1
            yield heading, command["command"].split("  #")[0].strip()


def _code(text: str) -> Iterator[tuple[str, str]]:
    """The lines of fenced and of indented blocks; an indented one begins after an empty line."""
    heading, fenced, may_indent = "", False, True
    for line in text.splitlines():
        indented = may_indent and line.startswith(_INDENT)
        if _FENCE.match(line):
            fenced = not fenced
        elif fenced or indented:
            yield heading, line.strip()
        elif found := _HEADING.match(line):
            heading = found["text"]
        may_indent = indented or not line.strip()


def _points(text: str) -> Iterator[tuple[str, str]]:
    """Bullets outside fenced blocks, with the heading they stand under."""
    heading, fenced = "", False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (found := _HEADING.match(line)):
            heading = found["text"]
        elif not fenced and (point := _BULLET.match(line)):
            yield heading, point["text"].strip()
