"""The MCP connectors as everybody sees them: what each offers, how it fares, and for admins the way to set it up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, DividerBlock
from slack_sdk.models.views import View

from bot.domain.connector import Catalogue, Condition
from bot.domain.tooling import Shown
from bot.slack import escape, fit
from bot.slack.views import pieces, words
from bot.slack.views.accounts import confirm

ADD: Final = "connector_add"
SETTINGS: Final = "connector_settings"
RECONNECT: Final = "connector_reconnect"
REVIEW: Final = "connector_review"
SIGN_IN: Final = "connector_sign_in"
SIGN_OUT: Final = "connector_sign_out"
ROW: Final = "connector"

MOST_ON_HOME = 5
MOST_LISTED = 40

_CONDITIONS: Final = {
    Condition.NEW: "starts with its next call",
    Condition.CONNECTING: "connecting…",
    Condition.READY: "ready",
    Condition.RESTING: "resting, starts with its next call",
    Condition.BACKOFF: "not connected",
    Condition.SIGN_IN: "needs sign-in",
    Condition.BLOCKED: "blocked by policy",
}
_UNSEEN: Final = "starts with its first call"
_OUT: Final = {
    True: "Your sign-in is ended and forgotten. Tasks of yours that need it wait until you sign in again.",
    False: "Everybody's sign-in is ended and forgotten. Tasks that need it wait until an admin signs in again.",
}
_WELL: Final = (Condition.NEW, Condition.CONNECTING, Condition.READY, Condition.RESTING)


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """The one by which a person's calls go: their own, or everybody's. `others` have one of their own, too."""

    is_there: bool = False
    is_well: bool = False
    others: int = 0


@dataclass(frozen=True, kw_only=True)
class Rack:
    """The connectors of a workspace, as one person has them. `admins` are who can do what they cannot, in mrkdwn.

    `sign_ins` are by slug, of those that people can sign in to. `trouble` is why the operator's file as it stands
    now is not in force.
    """

    connectors: Sequence[Shown] = ()
    is_admin: bool = False
    admins: str = "an admin of this workspace"
    sign_ins: Mapping[str, SignIn] = field(default_factory=dict)
    trouble: str = ""


def home_rows(rack: Rack) -> list[Block]:
    """On the Home tab; the rest in `/cowork connectors`."""
    if not rack.connectors and not rack.is_admin:
        return []
    shown = rack.connectors[:MOST_ON_HOME]
    more = len(rack.connectors) - len(shown)
    note = [pieces.aside(f"and {more:,} more in `/cowork connectors`")] if more > 0 else []
    rows = [block for one in shown for block in _row(one, rack)]
    return [_head(rack), *_trouble(rack), *rows, *note, DividerBlock()]


def connectors(rack: Rack) -> View:
    """The answer to `/cowork connectors`."""
    shown = rack.connectors[:MOST_LISTED]
    more = len(rack.connectors) - len(shown)
    note = [f"and {more:,} more in `cowork connectors list`"] if more > 0 else []
    note += [] if rack.is_admin else [f"{rack.admins} can add one and change what it may do."]
    head = _head(rack, "What tasks can use beside plugins, as far as an admin allowed it.")
    blocks = [head, *_trouble(rack), *(block for one in shown for block in _row(one, rack))]
    return modal("MCP connectors", [*blocks, *([pieces.aside(*note)] if note else [])])


def title(one: Shown) -> str:
    """In mrkdwn."""
    return f"*{fit.clip(escape.bold_line(one.connector.title), 80, is_mrkdwn=True)}*"


def found(one: Shown) -> str:
    """ "3 tools, 5 resources, 2 prompts"; "" where it was never asked."""
    catalogue = one.catalogue
    if catalogue == Catalogue():
        return ""
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


def condition(one: Shown, sign_in: SignIn | None = None) -> str:
    """How it fares, in mrkdwn and in words; for this person, where it takes everyone's own sign-in."""
    return " · ".join(_condition(one, sign_in))


def is_well(one: Shown, sign_in: SignIn | None = None) -> bool:
    if not one.is_on or not one.is_approved:
        return False
    if (own := _own(one, sign_in)) is not None and (
        not own.is_well or one.health.condition is Condition.SIGN_IN
    ):
        return own.is_well
    is_trying_again = one.health.condition is Condition.CONNECTING and one.health.trouble
    return one.health.condition in _WELL and not is_trying_again


def account_buttons(one: Shown, sign_in: SignIn | None, *, is_admin: bool) -> Iterator[ButtonElement]:
    """To sign in, and out: for oneself, or for everybody by an admin."""
    is_own = _own(one, sign_in) is not None
    if not one.is_on or not one.is_approved or not (is_own or is_admin):
        return
    is_well = sign_in is not None and sign_in.is_well
    if (is_own and not is_well) or (not is_own and one.health.condition is Condition.SIGN_IN):
        yield named_button("Sign in", SIGN_IN, one, style="primary")
    if sign_in is not None and sign_in.is_there:
        out = named_button("Sign out", SIGN_OUT, one)
        out.confirm = confirm(f"Sign out of {one.connector.title}?", _OUT[is_own], "Sign out")
        yield out


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


def _head(rack: Rack, said: str = "*MCP connectors*") -> Block:
    said += "" if rack.connectors else "\nNone is set up yet."
    add = pieces.button("Add connector…", ADD, "new") if rack.is_admin else None
    return pieces.section(said, accessory=add, block_id=ADD)


def _trouble(rack: Rack) -> list[Block]:
    if not rack.trouble or not rack.is_admin:
        return []
    why = fit.clip(escape.mrkdwn(rack.trouble), 1500, is_mrkdwn=True)
    return [pieces.section(f"⚠️ {why}\nWhat stood there before stays in force.")]


def _row(one: Shown, rack: Rack) -> Iterator[Block]:
    sign_in = rack.sign_ins.get(one.connector.slug)
    mark, offers = "✓" if is_well(one, sign_in) else "✗", found(one)
    lines = [f"{mark} {title(one)}" + (f" ({offers})" if offers else ""), condition(one, sign_in)]
    buttons = list(account_buttons(one, sign_in, is_admin=rack.is_admin))
    buttons += _buttons(one) if rack.is_admin else []
    block_id = f"{ROW}:{one.connector.slug}"
    yield pieces.section("\n".join(lines), block_id=None if buttons else block_id)
    yield from pieces.buttons(buttons, block_id)


def _buttons(one: Shown) -> Iterator[ButtonElement]:
    if one.unseen:
        yield named_button("Review", REVIEW, one, style="primary")
    yield named_button("Settings", SETTINGS, one)
    if one.is_on and one.is_approved:
        yield named_button("Reconnect", RECONNECT, one)


def _condition(one: Shown, sign_in: SignIn | None) -> Iterator[str]:
    health, own = one.health, _own(one, sign_in)
    if not one.is_approved:
        yield "blocked by policy: the operator has not approved this server"
    elif not one.is_on:
        yield "switched off"
    else:
        yield from _fares(one, own)
    if one.is_on and health.condition is Condition.BACKOFF and health.next_try is not None:
        yield f"next try {words.moment(health.next_try)}"
    if one.unseen:
        yield f"pending review: {unseen(one)}, off until reviewed"
    is_anothers = own is not None and health.condition is Condition.SIGN_IN
    if health.trouble and not is_anothers and health.condition not in (Condition.READY, Condition.RESTING):
        yield f"last error: {fit.clip(escape.mrkdwn_line(health.trouble), 200, is_mrkdwn=True)}"


def _fares(one: Shown, own: SignIn | None) -> Iterator[str]:
    """What is known of it: of one that was not begun in this process yet, when it was tested."""
    fares = one.health.condition
    if own is not None:
        yield _signed_in(own)
        if own.others:
            yield f"{words.count(own.others, 'other')} signed in"
    if own is not None and fares is Condition.SIGN_IN:
        return
    if fares is not Condition.NEW:
        yield _CONDITIONS[fares]
    elif one.tested_at is not None:
        yield f"tested {words.moment(one.tested_at)}"
    elif own is None:
        yield _CONDITIONS[fares] if one.catalogue != Catalogue() else _UNSEEN


def _signed_in(own: SignIn) -> str:
    if own.is_well:
        return "you are signed in"
    return "needs your sign-in again" if own.is_there else "needs your sign-in"


def _own(one: Shown, sign_in: SignIn | None) -> SignIn | None:
    """The person's own, where everyone signs in for themselves, and can."""
    return sign_in if one.connector.is_personal else None
