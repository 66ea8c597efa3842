"""Security alerts, read: of dependencies, of code, and of secrets that should not be where they are."""

from __future__ import annotations

from itertools import islice
from typing import Literal

from github.CodeScanAlert import CodeScanAlert
from github.DependabotAlert import DependabotAlert
from github.SecretScanAlert import SecretScanAlert

from bot.sdk import Context, Cursor, Effect, Result, action, line, listed, page_of
from plugins.github.client import MOST_LOOKED_AT, page_from
from plugins.github.issues import Repo
from plugins.github.names import in_repository
from plugins.github.words import day


@action(
    effect=Effect.READ,
    items=in_repository,
    preview=lambda _, repo, **__: f"List the dependency alerts of {repo}",
    example={"repo": "octocat/hello-world"},
)
def list_dependency_alerts(
    context: Context,
    repo: Repo,
    state: Literal["open", "fixed", "dismissed", "auto_dismissed"] = "open",
    cursor: Cursor = "",
) -> Result:
    """List Dependabot's alerts of a repository, newest first, 20 a page: package, severity, versions, what mends it.

    At most 300 are looked at."""
    found = context.client.repository(repo).get_dependabot_alerts(state=state)
    alerts = list(islice(found, MOST_LOOKED_AT))
    return listed(page_of(alerts, cursor), _dependency_line, what="dependency alerts")


@action(
    effect=Effect.READ,
    items=in_repository,
    preview=lambda _, repo, **__: f"List the code scanning alerts of {repo}",
    example={"repo": "octocat/hello-world"},
)
def list_code_alerts(
    context: Context, repo: Repo, state: Literal["open", "fixed", "dismissed"] = "open", cursor: Cursor = ""
) -> Result:
    """List code scanning's alerts of a repository, newest first, 20 a page: rule, severity, file and line."""
    found = context.client.repository(repo).get_codescan_alerts(state=state)
    return listed(page_from(found, cursor), _code_line, what="code scanning alerts")


@action(
    effect=Effect.READ,
    items=in_repository,
    preview=lambda _, repo, **__: f"List the secret scanning alerts of {repo}",
    example={"repo": "octocat/hello-world"},
)
def list_secret_alerts(
    context: Context, repo: Repo, state: Literal["open", "resolved"] = "open", cursor: Cursor = ""
) -> Result:
    """List secret scanning's alerts of a repository, newest first, 20 a page: what kind, and whether it still works.

    The secrets themselves are not fetched."""
    found = context.client.repository(repo).get_secret_scanning_alerts(state=state, hide_secret=True)
    return listed(page_from(found, cursor), _secret_line, what="secret scanning alerts")


def _dependency_line(one: DependabotAlert) -> str:
    advisory, weak = one.security_advisory, one.security_vulnerability
    patched = (weak.first_patched_version or {}).get("identifier")
    return line(
        f"#{one.number} {one.dependency.package.name} ({one.dependency.package.ecosystem})",
        weak.severity,
        advisory.summary,
        advisory.cve_id or advisory.ghsa_id,
        f"affected {weak.vulnerable_version_range}",
        f"mended in {patched}" if patched else "not mended yet",
        one.dependency.manifest_path,
        one.html_url,
    )


def _code_line(one: CodeScanAlert) -> str:
    rule, place = one.rule, one.most_recent_instance.location
    return line(
        f"#{one.number} {rule.description or rule.id}",
        rule.security_severity_level or rule.severity,
        f"{place.path}:{place.start_line}" if place else "",
        one.most_recent_instance.ref,
        one.html_url,
    )


def _secret_line(one: SecretScanAlert) -> str:
    return line(
        f"#{one.number} {one.secret_type_display_name}",
        f"{one.state} {one.resolution or ''}".strip(),
        f"validity {one.validity}" if one.validity else "",
        day(one.created_at),
        one.html_url,
    )
