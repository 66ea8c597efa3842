"""The form that adds a connector: a program of this machine or an address, its secrets by reference, and the test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Final

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.domain.connector import Catalogue, Connector, Transport
from bot.domain.grant import FolderGrant
from bot.slack import drafts, escape, fit
from bot.slack.drafts import Draft
from bot.slack.views import pieces, words
from bot.slack.views.connectors import modal

FORM: Final = "connector_form"
TEST: Final = "connector_test"

KINDS: Final[Mapping[Transport, tuple[str, str]]] = {
    Transport.STDIO: ("stdio", "A program of this machine"),
    Transport.AUTO: ("auto", "An address; HTTP is tried first, then SSE"),
    Transport.HTTP: ("HTTP", "An address that speaks streamable HTTP"),
    Transport.SSE: ("SSE", "An address of the older kind, with server-sent events"),
}
_TRY: Final = {
    True: (
        "Try exactly this in a shell of that machine: it has to start, wait for input, and write nothing but MCP. "
        "Here it sees only the folders and the network that are chosen above."
    ),
    False: "Is the address whole, with its path? Whoever runs the server knows it. What you typed is kept above.",
}
_NAMES_SHOWN = 30
_LONGEST_LINE = 20_000
"""Longer than the form lets anybody type, however much of it is to be quoted."""
_LONGEST = 3000


def form(
    given: Draft, granted: Sequence[FolderGrant], outcome: Sequence[Block] = (), *, is_busy: bool = False
) -> View:
    """`outcome` is what the test found, or why it cannot be; `is_busy`: it is being tried now."""
    where = _program(given) if given.is_local else _address(given)
    rest = [*_folders(given, granted), _may(given)] if given.is_local else [_may(given)]
    blocks = [
        _text(
            drafts.NAME, "Name", given.name, hint="Such as Production Database. Its tools are named after it."
        ),
        _kind(given.kind),
        *where,
        *rest,
        *([] if is_busy else pieces.buttons([pieces.button("Test connection", TEST, "test")], TEST)),
        *outcome,
    ]
    return modal("Add connector", blocks, callback_id=FORM, submit="Save")


def testing(shown: Connector) -> list[Block]:
    return [pieces.section(f"⏳ Testing… {_exactly(shown)}"), pieces.verbatim(exact(shown))]


def tested(shown: Connector, catalogue: Catalogue) -> list[Block]:
    """What it offers, and who it says that it is; all names are the server's own."""
    counts = [
        words.count(len(catalogue.tools), "tool"),
        words.count(len(catalogue.resources) + len(catalogue.templates), "resource"),
        words.count(len(catalogue.prompts), "prompt"),
    ]
    who = " ".join(filter(None, [catalogue.server, catalogue.version]))
    asides = [f"{escape.mrkdwn_line(fit.clip(who, 120))} answered."] if who else []
    asides += [f"Its tools will be called `{shown.slug}__…`."]
    if catalogue.dropped:
        asides += [f"{words.count(len(catalogue.dropped), 'tool')} cannot be used: {_dropped(catalogue)}"]
    return [
        pieces.section(f"✅ *Connected.* Found {', '.join(counts)}."),
        *_names("Tools", [tool.name for tool in catalogue.tools]),
        *_names("Resources", [one.name for one in (*catalogue.resources, *catalogue.templates)]),
        *_names("Prompts", [one.name for one in catalogue.prompts]),
        pieces.aside(*asides),
        pieces.verbatim(exact(shown)),
    ]


def failed(why: str, shown: Connector, *, is_its_own: bool = True) -> list[Block]:
    """Nothing is lost: the form stays as it is filled in. `is_its_own`: it is the server's trouble, or the way's."""
    said = fit.clip(escape.mrkdwn(why.rstrip(".")), 1500, is_mrkdwn=True)
    hint = _TRY[shown.transport is Transport.STDIO] if is_its_own else ""
    blocks: list[Block] = [
        pieces.section(f"⚠️ *Not connected, and not saved*: {said}."),
        pieces.verbatim(exact(shown)),
    ]
    return [*blocks, *([pieces.aside(hint)] if hint else [])]


def wants_sign_in(shown: Connector) -> list[Block]:
    """It is there, and what it offers is seen by who signs in."""
    said = (
        "🔑 *It answers, and wants people to sign in.* Save it; then press *Sign in* beside it, and choose what it "
        "may do."
    )
    return [pieces.section(said), pieces.verbatim(exact(shown))]


def unapproved(shown: Connector) -> list[Block]:
    """The exact line for the operator, who alone can allow a program to be started or a server to be reached."""
    said = (
        "🔒 *The operator has not approved this server.* Nothing was started or reached. Somebody with a shell on "
        "the machine where I run types this line there, and then you press *Test connection* again:"
    )
    return [pieces.section(said), pieces.verbatim(fit.clip(approval(shown), _LONGEST_LINE))]


def misfilled(errors: Mapping[str, str]) -> list[Block]:
    """Below the test, which can say nothing at a field."""
    names = {drafts.NAME: "Name", drafts.COMMAND: "Command", drafts.ARGUMENTS: "Arguments", drafts.URL: "URL"}
    rows = [f"• {names.get(field, 'Secrets')}: {escape.mrkdwn(why)}" for field, why in errors.items()]
    return [pieces.section("⚠️ *Not tested yet.*\n" + "\n".join(rows))]


def approval(shown: Connector) -> str:
    """What the operator types to approve exactly this server."""
    if shown.transport is Transport.STDIO:
        network = "--network " if shown.network else ""
        return f"cowork connectors approve {network}-- {drafts.spoken_command(shown.command)}"
    return f"cowork connectors approve {shown.server}"


def exact(shown: Connector) -> str:
    """The command as it is run, or the address as it is reached; what cannot be seen in it is spelled out."""
    said = drafts.spoken_command(shown.command) if shown.transport is Transport.STDIO else shown.url
    return fit.clip(escape.exact(said), 2500)


def tail(stderr: Sequence[str]) -> str:
    """The last lines that it wrote, as many as can be shown."""
    return "\n".join(fit.clip(line, 300) for line in stderr[-20:])[-2500:]


def _exactly(shown: Connector) -> str:
    return "This is run:" if shown.transport is Transport.STDIO else "This is asked:"


def _names(label: str, names: Sequence[str]) -> list[Block]:
    if not names:
        return []
    more = len(names) - _NAMES_SHOWN
    listed = ", ".join(
        fit.clip(escape.mrkdwn_line(name), 64, is_mrkdwn=True) for name in names[:_NAMES_SHOWN]
    )
    return [pieces.section(f"*{label}*: {listed}" + (f" and {more:,} more" if more > 0 else ""))]


def _dropped(catalogue: Catalogue) -> str:
    rows = (f"{name} ({why})" for name, why in catalogue.dropped)
    return fit.clip(escape.mrkdwn_line("; ".join(rows)), 500, is_mrkdwn=True)


def _program(given: Draft) -> Iterator[Block]:
    yield _text(drafts.COMMAND, "Command", given.command, hint="The whole path of the program.")
    lines = (
        "One a line; or all on one line, divided as in a shell. It is run exactly so, and without a shell."
    )
    yield _text(drafts.ARGUMENTS, "Arguments", given.arguments, hint=lines, is_long=True, is_optional=True)
    secret = (
        "One a line, by reference: PGPASSWORD=${PGPASSWORD}. The operator keeps it with cowork secrets set."
    )
    yield _text(
        drafts.SECRETS, "Secrets and variables", given.secrets, hint=secret, is_long=True, is_optional=True
    )


def _address(given: Draft) -> Iterator[Block]:
    yield _text(drafts.URL, "URL", given.url, hint="Such as https://mcp.example.com/mcp.")
    secret = "One a line, by reference: Authorization=Bearer ${API_TOKEN}. Leave it out where people sign in."
    yield _text(drafts.SECRETS, "Secret headers", given.secrets, hint=secret, is_long=True, is_optional=True)
    app = (
        "If one was registered for its sign-in: client_id=… and client_secret=${NAME}, one a line. With "
        "issuer=https://… nobody signs in: I am let in as myself."
    )
    yield _text(drafts.APP, "Registered app", given.app, hint=app, is_long=True, is_optional=True)


def _text(
    field: str, label: str, value: str, *, hint: str, is_long: bool = False, is_optional: bool = False
) -> InputBlock:
    typed = PlainTextInputElement(
        action_id=field,
        multiline=is_long,
        max_length=_LONGEST if is_long else 500,
        initial_value=escape.visible(value) or None,
        focus_on_load=True if field == drafts.NAME and not value else None,
    )
    return InputBlock(
        block_id=field,
        label=pieces.plain(label),
        hint=pieces.plain(hint),
        element=typed,
        optional=is_optional,
    )


def _kind(chosen: Transport) -> InputBlock:
    choices = [pieces.option(kind.value, label, about) for kind, (label, about) in KINDS.items()]
    initial = next(choice for choice in choices if choice.value == chosen.value)
    select = StaticSelectElement(action_id=drafts.KIND, options=choices, initial_option=initial)
    return InputBlock(
        block_id=drafts.KIND,
        label=pieces.plain("Type"),
        hint=pieces.plain(f"{KINDS[chosen][1]}."),
        element=select,
        dispatch_action=True,
    )


def _folders(given: Draft, granted: Sequence[FolderGrant]) -> Iterator[Block]:
    choices = [pieces.option(key, *_folder(grant)) for key, grant in drafts.offered_folders(granted).items()][
        :100
    ]
    if not choices:
        return
    picked = [choice for choice in choices if choice.value in given.folders]
    select = StaticMultiSelectElement(
        action_id=drafts.FOLDERS,
        options=choices,
        initial_options=picked or None,
        placeholder=pieces.plain("None"),
    )
    hint = "Of those that the operator granted me. In a sandbox it sees no other."
    yield InputBlock(
        block_id=drafts.FOLDERS,
        label=pieces.plain("Folders that it may see"),
        hint=pieces.plain(hint),
        element=select,
        optional=True,
    )


def _folder(grant: FolderGrant) -> tuple[str, str]:
    """Its name with what may be done there, and the whole path under it."""
    name = fit.clip(escape.line(PurePath(grant.path).name or grant.path), 50)
    return f"{name} ({'read and write' if grant.writable else 'read only'})", escape.line(grant.path)


def _may(given: Draft) -> InputBlock:
    choices = [pieces.option(*one) for one in _grants(given)]
    picked = [choice for choice in choices if choice.value in given.may]
    boxes = CheckboxesElement(action_id=drafts.MAY, options=choices, initial_options=picked or None)
    return InputBlock(
        block_id=f"{drafts.MAY}:{'local' if given.is_local else 'remote'}",
        label=pieces.plain("It may"),
        element=boxes,
        optional=True,
    )


def _grants(given: Draft) -> Iterator[tuple[str, str, str]]:
    if given.is_local:
        yield drafts.NETWORK, "Reach the network", "Otherwise a sandbox has none; without one it may anyhow."
    else:
        yield (
            drafts.PERSONAL,
            "Be used as oneself",
            "Everyone signs in for themselves; nobody else sees what it gives.",
        )
    yield drafts.SAMPLING, "Ask my model", "Within the budget of the task that uses it."
