"""The shape of a code folder: its languages, its tree with what each folder is for, how files are named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from bot.rehearsal.goals.results import Entry
from bot.rehearsal.goals.words import counted

SKIPPED = frozenset(
    {
        "node_modules",
        "venv",
        "env",
        "__pycache__",
        "dist",
        "build",
        "target",
        "vendor",
        "site-packages",
        "coverage",
    }
)
_LANGUAGES = {
    ".py": "Python", ".js": "JavaScript", ".jsx": "JavaScript", ".mjs": "JavaScript", ".ts": "TypeScript",
    ".tsx": "TypeScript", ".go": "Go", ".rs": "Rust", ".java": "Java", ".kt": "Kotlin", ".rb": "Ruby", ".php": "PHP",
    ".cs": "C#", ".c": "C", ".h": "C", ".cpp": "C++", ".hpp": "C++", ".swift": "Swift", ".scala": "Scala",
    ".sh": "Shell", ".sql": "SQL", ".html": "HTML", ".css": "CSS", ".scss": "CSS", ".vue": "Vue", ".ex": "Elixir",
    ".tf": "Terraform", ".proto": "Protocol Buffers",
}  # fmt: skip
_MARKUP = {"HTML", "CSS", "SQL", "Shell"}
_PURPOSES = (
    (r"tests?|specs?|__tests__|testing", "tests"),
    (r"e2e|integration", "tests of the whole system"),
    (r"docs?|documentation", "documentation"),
    (r"scripts?|bin|tools", "scripts for daily work"),
    (r"src|lib|source", "source code"),
    (r"apps?", "the application"),
    (r"cmd", "entry points (commands)"),
    (r"pkg|packages|internal", "packages of the code base"),
    (r"api|routes?|routers?|endpoints?|controllers?|handlers?|views?", "where requests come in"),
    (r"models?|entities|schemas?|domain", "the data and its rules"),
    (r"services?|usecases?|use_cases|core", "the core logic"),
    (r"repositor(?:y|ies)|store|stores|db|database|dao|persistence", "access to stored data"),
    (r"migrations?|alembic|versions", "database migrations"),
    (r"components?|pages?|screens?|widgets?|ui|web|frontend|client", "the user interface"),
    (r"static|public|assets?|images?|styles?|css", "static files"),
    (r"templates?", "templates"),
    (r"config|configs|settings|conf", "configuration"),
    (r"utils?|helpers?|common|shared", "code shared by the rest"),
    (r"middlewares?", "code around each request"),
    (r"jobs?|workers?|tasks?|queues?", "background work"),
    (r"fixtures?|testdata|mocks?", "data for tests"),
    (r"examples?|samples?|demo", "examples"),
    (r"deploy(?:ment)?|infra(?:structure)?|k8s|kubernetes|helm|terraform|ansible|docker|ops", "deployment"),
    (r"plugins?|extensions?|addons?", "plug-ins"),
    (r"locales?|i18n|translations?", "translations"),
    (r"cli", "the command line"),
)
_TEST_FILE = re.compile(
    r"(?:^test_.*\.py|_test\.(?:py|go)|\.(?:test|spec)\.[jt]sx?|Tests?\.(?:java|kt|cs)|_spec\.rb)$"
)
_STYLES = (
    ("snake_case", re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")),
    ("kebab-case", re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")),
    ("PascalCase", re.compile(r"(?:[A-Z][a-z0-9]+){2,}")),
    ("camelCase", re.compile(r"[a-z0-9]+(?:[A-Z][a-z0-9]+)+")),
)
_SHOWN = 60


def languages(files: Sequence[Entry]) -> list[tuple[str, int]]:
    """How many files of each language, most first; markup after code."""
    found = Counter(
        name for each in files if (name := _LANGUAGES.get(PurePosixPath(each.inside).suffix.casefold()))
    )
    return sorted(found.items(), key=lambda pair: (pair[0] in _MARKUP, -pair[1], pair[0]))


def tree_lines(name: str, files: Sequence[Entry], folders: Sequence[Entry]) -> list[str]:
    """The folder's tree two levels deep, with counts and what each part is for."""
    lines = [f"{name}/"]
    shown = [folder for folder in folders if folder.inside.count("/") <= 1]
    for entry in sorted(
        [*shown, *(f for f in files if "/" not in f.inside)], key=lambda each: each.inside.casefold()
    ):
        depth, last = entry.inside.count("/"), PurePosixPath(entry.inside).name
        if entry.folder:
            inside = sum(each.inside.startswith(entry.inside + "/") for each in files)
            lines.append(f"{'│   ' * depth}├── {last}/  # {_said(purpose(last), counted(inside, 'file'))}")
        else:
            lines.append(f"├── {last}")
    return lines if len(lines) <= _SHOWN else [*lines[:_SHOWN], f"… {len(lines) - _SHOWN} more"]


def purpose(folder: str) -> str:
    """What a folder of this name is usually for, or nothing."""
    return next((words for names, words in _PURPOSES if re.fullmatch(names, folder, re.I)), "")


def test_layout(files: Sequence[Entry]) -> tuple[str, str]:
    """Where tests lie, with an example of one; both empty when there are none."""
    tests = [each.inside for each in files if _TEST_FILE.search(PurePosixPath(each.inside).name)]
    if not tests:
        return "", ""
    where = Counter(path.split("/")[0] + "/" if "/" in path else "the top folder" for path in tests)
    places = ", ".join(f"{name} ({count})" for name, count in where.most_common(3))
    return f"{counted(len(tests), 'test file')} in {places}", tests[0]


def naming(files: Sequence[Entry]) -> tuple[str, str]:
    """How files of the main language are named where names have several words, with an example."""
    main = next(iter(languages(files)), ("", 0))[0]
    stems = [
        PurePosixPath(f.inside)
        for f in files
        if _LANGUAGES.get(PurePosixPath(f.inside).suffix.casefold()) == main
    ]
    styled = [(style, path) for path in stems for style, pattern in _STYLES if pattern.fullmatch(path.stem)]
    most = Counter(style for style, _ in styled).most_common(1)
    if not main or not most or most[0][1] < 3:
        return "", ""
    style, count = most[0]
    example = next(str(path) for each, path in styled if each == style)
    return f"{main} files are named in {style} ({count} of {len(styled)} names of several words)", example


def _said(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
