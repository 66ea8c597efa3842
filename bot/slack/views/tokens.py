"""`/cowork tokens`: the tokens there are, the form to make one, and its secret, which is shown this once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    CheckboxesElement,
    DividerBlock,
    InputBlock,
    PlainTextInputElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.domain.token import Token, TokenScope
from bot.slack import escape, fit
from bot.slack.views import pieces, words
from bot.slack.views.accounts import confirm
from bot.slack.views.connectors import modal

NEW: Final = "token_new"
REVOKE: Final = "token_revoke"
PAGE: Final = "token_page"
FORM: Final = "token_form"
NAME: Final = "token_name"
SCOPES: Final = "token_scopes"
DAYS: Final = "token_days"

A_PAGE: Final = 20
LONGEST_NAME: Final = 60

_MEANINGS: Final = {
    TokenScope.READ: ("See my tasks", "What they do, what they made, and what they ask."),
    TokenScope.WRITE: ("Give and steer tasks", "Begin one, follow up, stop it."),
    TokenScope.APPROVE: ("Decide checkpoints", "But none of a task that one of my tokens asked for."),
    TokenScope.AUDIT: ("Read the audit log", "Of the tasks that I may see."),
    TokenScope.CONNECTORS: ("Set up connectors", "As I can, being an admin."),
}
_USUAL: Final = (TokenScope.READ, TokenScope.WRITE)
_LASTING: Final = {7: "7 days", 30: "30 days", 90: "90 days", 365: "1 year"}
_USUALLY: Final = 90


@dataclass(frozen=True, kw_only=True)
class Ring:
    """The tokens that one person may see, theirs first. `may_make`: they are no guest."""

    tokens: Sequence[Token]
    person: str
    may_make: bool
    is_admin: bool
    now: datetime


def listed(ring: Ring, page: int = 1) -> View:
    pages = max(1, -(-len(ring.tokens) // A_PAGE))
    page = min(max(page, 1), pages)
    shown = ring.tokens[(page - 1) * A_PAGE : page * A_PAGE]
    blocks: list[Block] = [
        _head(ring),
        *(block for token in shown for block in _row(token, ring)),
        *pieces.pager(PAGE, "tokens", page, pages),
        *_notes(ring),
    ]
    return modal("API tokens", blocks)


def form(scopes: Sequence[TokenScope]) -> View:
    """To make one for oneself, with some of these scopes."""
    blocks: list[Block] = [
        InputBlock(
            block_id=NAME,
            label=pieces.plain("Name"),
            hint=pieces.plain(
                "What it is for, such as ci. The audit log says by which token something was done."
            ),
            element=PlainTextInputElement(action_id=NAME, max_length=LONGEST_NAME),
        ),
        _may(scopes),
        _lasts(),
        pieces.aside(
            "A program that has it acts as you, within this, until you revoke it. Its secret is shown once, next."
        ),
    ]
    return modal("New token", blocks, callback_id=FORM, submit="Make token")


def made(token: Token, secret: str, public_url: str) -> View:
    """For the answer to the form alone: whatever else is sent to Slack would have the secret hidden in it."""
    url = public_url.rstrip("/")
    where = [f"The API is at `{url}/api/v1`, the MCP server at `{url}/mcp`."] if url else []
    blocks: list[Block] = [
        pieces.section(f"✅ *{_name(token)}* is made. Copy its secret now: *it is not shown again*."),
        pieces.verbatim(secret),
        pieces.aside(
            f"It may: {_can(token)}. It ends {words.moment(token.expires_at)}.",
            "Keep it where your program reads it, as you would a password. I keep only what recognises it. "
            "Lost it? Revoke it under `/cowork tokens`, and make another.",
            *where,
        ),
    ]
    return modal("Token made", blocks, close="Done")


def _head(ring: Ring) -> Block:
    said = "Each lets one program give me tasks as you: a script, a CI job, an MCP client."
    said += "" if ring.tokens else "\nThere is none yet."
    new = pieces.button("New token…", NEW, "new", style="primary") if ring.may_make else None
    return pieces.section(said, accessory=new, block_id=NEW)


def _row(token: Token, ring: Ring) -> Iterator[Block]:
    is_good = token.is_good(ring.now)
    whose = "" if token.person.user == ring.person else f" · {words.person(token.person)}"
    used = f"last used {words.moment(token.used_at)}" if token.used_at else "never used"
    about = f"{_until(token, is_good=is_good)} · {used}"
    said = f"{'✓' if is_good else '✗'} *{_name(token)}*{whose} · {about}\n{_can(token)}"
    yield pieces.section(said, accessory=_revoke(token) if is_good else None, block_id=f"token:{token.id}")


def _until(token: Token, *, is_good: bool) -> str:
    if token.revoked_at is not None:
        return f"revoked {words.moment(token.revoked_at)}"
    return f"{'ends' if is_good else 'ran out'} {words.moment(token.expires_at)}"


def _revoke(token: Token) -> ButtonElement:
    made = pieces.button("Revoke", REVOKE, token.id, style="danger")
    made.accessibility_label = fit.clip(escape.line(f"Revoke: {token.name}"), 75)
    what = "What uses it is refused from now on. This cannot be taken back; a new token can be made."
    made.confirm = confirm(f"Revoke {token.name}?", what, "Revoke")
    return made


def _notes(ring: Ring) -> list[Block]:
    notes = [] if ring.may_make else ["Guests of this workspace cannot make tokens."]
    notes += (
        ["As an admin you see everybody's, and can revoke them. Nobody sees a secret again."]
        if ring.is_admin
        else []
    )
    return [DividerBlock(), pieces.aside(*notes)] if notes else []


def _may(scopes: Sequence[TokenScope]) -> Block:
    choices = [pieces.option(scope.value, *_MEANINGS[scope]) for scope in scopes]
    usual = [choice for choice in choices if choice.value in _USUAL]
    boxes = CheckboxesElement(action_id=SCOPES, options=choices, initial_options=usual or None)
    return InputBlock(block_id=SCOPES, label=pieces.plain("It may"), element=boxes)


def _lasts() -> Block:
    choices = {days: pieces.option(str(days), said) for days, said in _LASTING.items()}
    select = StaticSelectElement(
        action_id=DAYS, options=list(choices.values()), initial_option=choices[_USUALLY]
    )
    return InputBlock(block_id=DAYS, label=pieces.plain("It ends after"), element=select)


def _name(token: Token) -> str:
    return fit.clip(escape.bold_line(token.name), 80, is_mrkdwn=True)


def _can(token: Token) -> str:
    return " ".join(f"`{scope.value}`" for scope in TokenScope if scope in token.scopes)
