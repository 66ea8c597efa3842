"""GitHub: repositories, issues, pull requests, checks and workflows."""

from __future__ import annotations

from bot.sdk import Plugin, actions_in
from plugins.github import issue_marks, issue_writes, issues, pulls, repositories, runs, security
from plugins.github.client import Client
from plugins.github.connecting import ENDPOINTS, WAYS, check, discover

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
    actions=actions_in(repositories, issues, pulls, runs, security, issue_writes, issue_marks),
)
