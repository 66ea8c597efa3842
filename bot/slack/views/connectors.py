"""The MCP connectors as everybody sees them: what each offers, how it fares, and for admins the way to set it up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, DividerBlock
from slack_sdk.models.views import View

from bot.domain.connector import Condition
from bot.domain.tooling import Shown
from bot.slack import escape, fit
from bot.slack.views import pieces, words

ADD: Final = "connector_add"
SETTINGS: Final = "connector_settings"
RECONNECT: Final = "connector_reconnect"
REVIEW: Final = "connector_review"
SIGN_IN: Final = "connector_sign_in"
ROW: Final = "connector"

MOST_ON_HOME = 5
MOST_LISTED = 40

_CONDITIONS: Final = {
    Condition.NEW: "starts with its first call",
    Condition.CONNECTING: "connecting…",
    Condition.READY: "ready",
    Condition.RESTING: "resting, starts with its next call",
    Condition.BACKOFF: "not connected",
    Condition.SIGN_IN: "needs sign-in",
    Condition.BLOCKED: "blocked by policy",
}
_WELL: Final = (Condition.NEW, Condition.CONNECTING, Condition.READY, Condition.RESTING)


@dataclass(frozen=True, kw_only=True)
class Rack:
    """The connectors of a workspace, as one person has them. `admins` are who can do what they cannot, in mrkdwn."""

    connectors: Sequence[Shown] = ()
    is_admin: bool = False
    admins: str = "an admin of this workspace"


def home_rows(rack: Rack) -> list[Block]:
    """On the Home tab; the rest in `/cowork connectors`."""
    if not rack.connectors and not rack.is_admin:
        return []
    shown = rack.connectors[:MOST_ON_HOME]
    more = len(rack.connectors) - len(shown)
    note = [pieces.aside(f"and {more:,} more in `/cowork connectors`")] if more > 0 else []
    return [_head(rack), *(block for one in shown for block in _row(one, rack)), *note, DividerBlock()]


def connectors(rack: Rack) -> View:
    """The answer to `/cowork connectors`."""
    shown = rack.connectors[:MOST_LISTED]
    more = len(rack.connectors) - len(shown)
    note = [f"and {more:,} more in `cowork connectors list`"] if more > 0 else []
    note += [] if rack.is_admin else [f"{rack.admins} can add one and change what it may do."]
    blocks = [_head(rack), *(block for one in shown for block in _row(one, rack))]
    return modal("MCP connectors", [*blocks, *([pieces.aside(*note)] if note else [])])


def title(one: Shown) -> str:
    """In mrkdwn."""
    return f"*{fit.clip(escape.mrkdwn_line(one.connector.title), 80, is_mrkdwn=True)}*"


def found(one: Shown) -> str:
    """ "3 tools, 5 resources, 2 prompts"; "" where it was never asked."""
    catalogue = one.catalogue
    counts = [
        (len(one.tools), "tool"),
        (len(catalogue.resources) + len(catalogue.templates), "resource"),
        (len(catalogue.prompts), "prompt"),
    ]
    return ", ".join(words.count(number, thing) for number, thing in counts if number or thing == "tool")


def unseen(one: Shown) -> str:
    """ "1 tool changed, 2 new"."""
    changed = sum(tool.is_changed for tool in one.tools)
    new = len(one.unseen) - changed
    parts = [f"{words.count(changed, 'tool')} changed"] if changed else []
    parts += [f"{new} new" if parts else f"{words.count(new, 'tool')} new"] if new else []
    return ", ".join(parts)


def condition(one: Shown) -> str:
    """How it fares, in mrkdwn and in words."""
    return " · ".join(_condition(one))


def is_well(one: Shown) -> bool:
    if not one.is_on or not one.is_approved:
        return False
    is_trying_again = one.health.condition is Condition.CONNECTING and one.health.trouble
    return one.health.condition in _WELL and not is_trying_again


def named_button(
    label: str, action_id: str, one: Shown, *, value: str = "", style: str | None = None
) -> ButtonElement:
    """With the connector's name for those who hear it: there is one of these beside every connector."""
    made = pieces.button(label, action_id, value or one.connector.slug, style=style)
    made.accessibility_label = fit.clip(escape.line(f"{label}: {one.connector.title}"), 75)
    return made


def modal(
    name: str,
    blocks: Sequence[Block],
    *,
    callback_id: str = "connectors",
    carried: str = "",
    submit: str = "",
    close: str = "",
) -> View:
    return fit.fit_view(
        View(
            type="modal",
            callback_id=callback_id,
            private_metadata=carried or None,
            title=pieces.plain(fit.clip(escape.line(name), 24)),
            submit=pieces.plain(submit) if submit else None,
            close=pieces.plain(close or ("Cancel" if submit else "Close")),
            blocks=list(blocks),
        )
    )


def _head(rack: Rack) -> Block:
    said = "*MCP connectors*" + ("" if rack.connectors else "\nNone is set up yet.")
    add = pieces.button("Add connector…", ADD, "new") if rack.is_admin else None
    return pieces.section(said, accessory=add, block_id=ADD)


def _row(one: Shown, rack: Rack) -> Iterator[Block]:
    mark, offers = "✓" if is_well(one) else "✗", found(one)
    lines = [f"{mark} {title(one)}" + (f" ({offers})" if offers else ""), condition(one)]
    block_id = f"{ROW}:{one.connector.slug}"
    yield pieces.section("\n".join(lines), block_id=None if rack.is_admin else block_id)
    if rack.is_admin:
        yield from pieces.buttons(_buttons(one), block_id)


def _buttons(one: Shown) -> Iterator[ButtonElement]:
    if one.health.condition is Condition.SIGN_IN:
        yield named_button("Sign in", SIGN_IN, one, style="primary")
    if one.unseen:
        yield named_button("Review", REVIEW, one, style="primary")
    yield named_button("Settings", SETTINGS, one)
    if one.is_on and one.is_approved:
        yield named_button("Reconnect", RECONNECT, one)


def _condition(one: Shown) -> Iterator[str]:
    health = one.health
    if not one.is_approved:
        yield "blocked by policy: the operator has not approved this server"
    elif not one.is_on:
        yield "switched off"
    else:
        yield _CONDITIONS[health.condition]
    if one.is_on and health.condition is Condition.BACKOFF and health.next_try is not None:
        yield f"next try {words.moment(health.next_try)}"
    if one.unseen:
        yield f"pending review: {unseen(one)}, off until reviewed"
    if health.trouble and health.condition not in (Condition.READY, Condition.RESTING):
        yield f"last error: {fit.clip(escape.mrkdwn_line(health.trouble), 200, is_mrkdwn=True)}"
