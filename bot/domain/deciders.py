"""Whose yes lets held calls run: the operator's rules, and what is known of a person at their click."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.effect import Effect
from bot.domain.person import Person

ADMINS = "admins"
REQUESTER = "requester"


@dataclass(frozen=True, kw_only=True)
class Deciders:
    """Whose yes counts, and of how many of them it takes. `users` are ids, `groups` ids or "@handle".

    Without `by_self` the yes of whoever steers the task, or has steered it, does not count; nor of those who made
    the call what it is (`editors`, user ids). Only with `by_token` counts that of a person's API token for a task
    for which a token of theirs has spoken.
    """

    requester: bool = False
    admins: bool = False
    users: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    by_self: bool = True
    editors: frozenset[str] = frozenset()
    people: int = 1
    by_token: bool = False


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Whom it takes for these effects, in these places, for tasks of these channels; what is empty is any."""

    deciders: Deciders
    effects: frozenset[Effect] = frozenset()
    where: tuple[str, ...] = ()
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Authority:
    """What the operator laid down. Where no rule fits: the requester, or one of the `approvers` (user ids)."""

    rules: tuple[Rule, ...] = ()
    approvers: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What Slack said of a person a moment ago. `groups` are those of the ones asked about that they are in.

    `unknown` are the groups about which Slack did not answer, each with the reason in words. `asked_by_token`: they
    speak through an API token, and one of theirs has spoken for the task before.
    """

    is_guest: bool = False
    is_admin: bool = False
    groups: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    asked_by_token: bool = False


@dataclass(frozen=True, kw_only=True)
class Yes:
    """One person's yes, and what was known of them as they said it. `left_out` are the actions it is not to."""

    person: Person
    facts: Facts
    left_out: tuple[int, ...] = ()
