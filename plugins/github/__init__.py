"""GitHub: repositories, issues, pull requests, checks and workflows."""

from __future__ import annotations

from bot.sdk import Plugin, actions_in
from plugins.github import (
    commits,
    files,
    issue_marks,
    issue_writes,
    issues,
    pull_writes,
    pulls,
    repositories,
    reviews,
    run_writes,
    runs,
    security,
)
from plugins.github.client import Client
from plugins.github.connecting import ENDPOINTS, WAYS, check, discover

_READS = (repositories, commits, issues, pulls, runs, security)
_WRITES = (issue_writes, issue_marks, files, pull_writes, reviews, run_writes)

plugin = Plugin(
    name="github",
    title="GitHub",
    version="1.0.0",
    description="Reads and writes issues, pull requests, files and reviews, and looks after checks and workflows.",
    icon=":octopus:",
    scope_kind="repositories",
    ways=WAYS,
    endpoints=ENDPOINTS,
    client=Client,
    check=check,
    discover=discover,
    actions=actions_in(*_READS, *_WRITES),
)
