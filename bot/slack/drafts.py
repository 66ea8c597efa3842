"""What was typed into the form for a connector: checked field by field, and made the connector that it is."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from bot.domain.connector import SLUG, Connector, Transport, origin
from bot.domain.grant import FolderGrant
from bot.domain.veil import Veil
from bot.errors import NotAllowed
from bot.policy import confiding, variables

NAME: Final = "connector_name"
KIND: Final = "connector_kind"
COMMAND: Final = "connector_command"
ARGUMENTS: Final = "connector_arguments"
URL: Final = "connector_url"
SECRETS: Final = "connector_secrets"
APP: Final = "connector_app"
FOLDERS: Final = "connector_folders"
MAY: Final = "connector_may"

NETWORK, PERSONAL, SAMPLING = "network", "personal", "sampling"

_OF_AN_APP: Final = ("client_id", "client_secret", "issuer")
_LONGEST_TITLE, _LONGEST_SLUG = 80, 24
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_REFERENCE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_TELLING = re.compile(
    r"passw|secret|token|api.?key|access.?key|private.?key|credential|^authorization$|cookie", re.I
)
_PASSWORD_IN_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@$]+@", re.I)
_KEEP = "Keep it with cowork secrets set {name}, and write {name}=${{{name}}} here."


class Misfilled(NotAllowed):
    """The person can act: `errors` says by field what cannot be, in plain words."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The form as it stands. `folders` are as `offered_folders` names them, `may` what is ticked."""

    name: str = ""
    kind: Transport = Transport.STDIO
    command: str = ""
    arguments: str = ""
    url: str = ""
    secrets: str = ""
    app: str = ""
    folders: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()

    @property
    def is_local(self) -> bool:
        return self.kind is Transport.STDIO


def draft(values: Mapping[str, str], before: Draft | None = None) -> Draft:
    """`values` by block; what the form does not show now is as it was `before`."""
    was = before or Draft()
    values = {block.partition(":")[0]: value for block, value in values.items()}
    kind = values.get(KIND) or was.kind
    return Draft(
        name=values.get(NAME, was.name),
        kind=Transport(kind) if kind in list(Transport) else was.kind,
        command=values.get(COMMAND, was.command),
        arguments=values.get(ARGUMENTS, was.arguments),
        url=values.get(URL, was.url),
        secrets=values.get(SECRETS, was.secrets),
        app=values.get(APP, was.app),
        folders=_ticked(values[FOLDERS]) if FOLDERS in values else was.folders,
        may=_ticked(values[MAY]) if MAY in values else was.may,
    )


def slug_of(name: str) -> str:
    """What a name makes the beginning of its tools' names: "Production Database" is `production-database`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return slug[:_LONGEST_SLUG].strip("-")


def offered_folders(granted: Sequence[FolderGrant]) -> Mapping[str, FolderGrant]:
    """What can be chosen of the operator's folders: each to read, and where that is granted to write, too."""
    found = {}
    for number, grant in enumerate(granted):
        found[f"{number}-ro"] = FolderGrant(path=grant.path, writable=False)
        if grant.writable:
            found[f"{number}-rw"] = grant
    return found


def connector(given: Draft, granted: Sequence[FolderGrant], veil: Veil) -> Connector:
    """Raises `Misfilled` with all that cannot be."""
    errors: dict[str, str] = {}
    title, slug = given.name.strip(), slug_of(given.name)
    if not SLUG.fullmatch(slug) or len(title) > _LONGEST_TITLE:
        errors[NAME] = f"Begin with a letter from a to z, and use at most {_LONGEST_TITLE} characters."
    command = _command(given, veil, errors) if given.is_local else ()
    url = "" if given.is_local else _url(given.url.strip(), veil, errors)
    named = _named(given, veil, errors)
    folders = _folders(given, granted, errors) if given.is_local else ()
    app = {} if given.is_local else _app(given.app, veil, errors)
    if errors:
        raise Misfilled(errors)
    return Connector(
        slug=slug,
        title=title,
        transport=given.kind,
        command=command,
        url=url,
        environment=named if given.is_local else {},
        headers={} if given.is_local else named,
        folders=folders,
        network=given.is_local and NETWORK in given.may,
        is_personal=not given.is_local and PERSONAL in given.may,
        sampling=SAMPLING in given.may,
        client_id=app.get("client_id", ""),
        client_secret=app.get("client_secret", ""),
        issuer=app.get("issuer", ""),
    )


def spoken_command(command: Sequence[str]) -> str:
    """A command exactly as it is run, as a shell would have to be given it."""
    return shlex.join(command)


def _command(given: Draft, veil: Veil, errors: dict[str, str]) -> tuple[str, ...]:
    program = given.command.strip()
    if not PurePath(program).is_absolute() or program != given.command.strip("\n\r\t "):
        errors[COMMAND] = (
            "The whole path of the program, such as /usr/local/bin/mcp-server-git. Arguments go below."
        )
    elif "\n" in program or _has_arguments(program):
        errors[COMMAND] = "Only the path of the program here, please: its arguments go in the field below."
    arguments = _arguments(given.arguments, errors)
    is_shown = confiding.is_shown_in((program, *arguments))
    if is_shown or any(_is_secret("", one, veil) for one in (program, *arguments)):
        errors[ARGUMENTS] = (
            "This holds a secret, and arguments can be read by every program of the machine. Hand it over as a "
            "variable below, by reference."
        )
    elif any(_REFERENCE.search(one) for one in arguments):
        errors[ARGUMENTS] = "References like ${NAME} work in variables only: arguments are run as they stand."
    return (program, *arguments)


def _has_arguments(program: str) -> bool:
    """A path may hold blanks; " -" and " --flag" in one are arguments that were typed behind it."""
    return bool(re.search(r"\s-{1,2}\w", program))


def _arguments(text: str, errors: dict[str, str]) -> tuple[str, ...]:
    """One a line; or all on one line, divided as a shell does."""
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if len(lines) != 1:
        return tuple(lines)
    try:
        return tuple(shlex.split(lines[0]))
    except ValueError:
        errors[ARGUMENTS] = "A quotation mark is not closed. Put each argument on a line of its own."
        return ()


def _url(url: str, veil: Veil, errors: dict[str, str]) -> str:
    try:
        origin(url)
    except ValueError:
        errors[URL] = "The whole address, such as https://mcp.example.com/mcp, and no name or password in it."
        return ""
    if confiding.is_shown(url) or _is_secret("", url, veil):
        errors[URL] = "This address holds a secret. Hand it over as a header below, by reference."
    return url


def _named(given: Draft, veil: Veil, errors: dict[str, str]) -> dict[str, str]:
    """The lines `NAME=value`, of variables or headers."""
    shape, what = (_VARIABLE, "variable") if given.is_local else (_HEADER, "header")
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, given.secrets.splitlines())):
        name, equals, value = (part.strip() for part in line.partition("="))
        if why := _line_trouble(name, equals, value, shape, what, veil):
            errors[SECRETS] = why
            return {}
        if name in found:
            errors[SECRETS] = f"{name} is there twice."
        found[name] = value
    return found


def _app(text: str, veil: Veil, errors: dict[str, str]) -> dict[str, str]:
    """The lines `name=value` of what the operator registered at its authorization server."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, value = (part.strip() for part in line.partition("="))
        if name not in _OF_AN_APP or not value:
            errors[APP] = f"Each line is one of {', '.join(_OF_AN_APP)}, then = and its value."
        elif (name == "client_secret" and not _REFERENCE.fullmatch(value)) or _is_secret("", value, veil):
            errors[APP] = f"{name} holds a secret itself, which Slack would keep. " + _KEEP.format(name=name)
        found[name] = value
    return found


def _line_trouble(name: str, equals: str, value: str, shape: re.Pattern[str], what: str, veil: Veil) -> str:
    if not equals or not shape.fullmatch(name):
        return f"Each line is the name of a {what}, = and its value, such as API_TOKEN=${{API_TOKEN}}."
    if shape is _VARIABLE and (why := variables.refusal([name])):
        return why
    if "${" in _REFERENCE.sub("", value):
        return f"The reference in {name} is written ${{NAME}}, with letters, digits and _ in the name."
    if _is_secret(name, value, veil):
        kept = re.sub(r"\W", "_", name).upper()
        return f"{name} holds a secret itself, which Slack would keep. " + _KEEP.format(name=kept)
    return ""


def _is_secret(name: str, value: str, veil: Veil) -> bool:
    """By its shape, or as the name says so and it is no reference."""
    if _PASSWORD_IN_ADDRESS.search(value) or veil.found(f"{name}={value}" if name else value):
        return True
    is_told = _TELLING.search(name) and value and not _REFERENCE.search(value)
    return bool(is_told or confiding.is_secret(name, value))


def _folders(given: Draft, granted: Sequence[FolderGrant], errors: dict[str, str]) -> tuple[FolderGrant, ...]:
    """Of one that was chosen to read and to write, the latter."""
    offered = offered_folders(granted)
    if not given.folders <= offered.keys():
        errors[FOLDERS] = "A folder is not granted any more. Choose again."
        return ()
    chosen = {offered[one].path: offered[one] for one in sorted(given.folders)}
    return tuple(chosen.values())


def _ticked(value: str) -> frozenset[str]:
    return frozenset(filter(None, value.split(",")))
