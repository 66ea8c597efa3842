"""Who decides: the operator's rules can be read, and every user group in them is there."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

from bot.app.authority import authority
from bot.cli.checks import slack
from bot.cli.checks.finding import Finding, failed, fine, warning
from bot.domain.deciders import Authority
from bot.errors import NotConfigured
from bot.settings import Settings

NAME = "Approvals"


def approvals(settings: Settings) -> Iterator[Finding]:
    """One finding on the file, and one for each user group that nobody would ever be found in."""
    if settings.approvals is None:
        return
    try:
        known = authority(settings)
    except NotConfigured as error:
        yield failed(NAME, str(error), "Mend the file; .env.example shows how one is written.")
        return
    count = len(known.rules)
    yield fine(NAME, f"{count} rule{'' if count == 1 else 's'} in {settings.approvals}")
    yield from _groups(settings, known)


def _groups(settings: Settings, known: Authority) -> Iterator[Finding]:
    named = {group for rule in known.rules for group in rule.deciders.groups}
    if not named or settings.uses_local_slack:
        return
    try:
        listed = slack.client(settings).usergroups_list()["usergroups"]
    except (SlackApiError, URLError, OSError):
        found = f"Slack does not tell who is in {', '.join(sorted(named))}, so nobody in it could decide."
        yield warning(NAME, found, "Give the app the scope usergroups:read, and install it again.")
        return
    there = {name for one in listed for name in (str(one["id"]), f"@{one['handle']}")}
    for group in sorted(named - there):
        yield failed(NAME, f"There is no user group {group} in Slack.", f"Mend it in {settings.approvals}.")
